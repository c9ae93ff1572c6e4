"""Reads and writes lists of feeds, checks feeds, and finds the feeds of a site."""
