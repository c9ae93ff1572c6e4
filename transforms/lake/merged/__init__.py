"""Merged parts of the state: which parts are merged, and the indexes by which rows are found in them."""
