"""Revisits as a part of a run: what is due, and what becomes of articles that were withdrawn."""
