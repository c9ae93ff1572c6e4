"""How Beam runs the pipeline of a run."""
