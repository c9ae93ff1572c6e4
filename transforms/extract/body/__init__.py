"""The article's text among the blocks of its page."""
