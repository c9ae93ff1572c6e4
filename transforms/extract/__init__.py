"""A page's bytes to an article: its own text, and what the page says about it."""
