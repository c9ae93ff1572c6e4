"""The blocks of an article's text as its lines, each with what it is."""
