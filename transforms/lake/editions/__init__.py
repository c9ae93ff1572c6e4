"""Editions: files of the lake that take the place of others, switched by one manifest."""
