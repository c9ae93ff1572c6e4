"""Article text without the furniture of its page; what was taken out stays beside it, with the reason."""
