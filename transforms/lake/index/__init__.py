"""Indexes of merged parts of the state, by which rows are found without reading the part."""
