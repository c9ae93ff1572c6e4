"""Writes the rows of a run to files of the tables."""
