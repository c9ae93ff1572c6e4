"""From a page's bytes to an article: its own text, and what the page states about it."""
