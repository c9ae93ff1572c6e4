"""Parses the bytes of a feed to entries."""
