"""Runs without end on a cluster: the steps of a run as pieces of work, with counted barriers between them."""
