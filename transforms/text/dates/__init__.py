"""Dates as people print them, in any language."""
