"""The language of a text, and its length in words."""
