"""Finds articles that report the same event, by sketches of their words."""
