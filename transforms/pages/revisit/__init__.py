"""Asks again for pages of articles: whether they were edited or withdrawn."""
