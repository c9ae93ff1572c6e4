"""Edits feed lists in place: what is not added or removed stays as it is, byte for byte."""
