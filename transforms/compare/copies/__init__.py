"""Finds articles that are copies of one another, by fingerprints of their texts."""
