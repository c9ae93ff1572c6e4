"""Joins stories that are told in several languages, where a run asks for it."""
