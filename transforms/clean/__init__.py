"""Article text without the furniture of its page. Removed text is kept beside it, with the reason."""
