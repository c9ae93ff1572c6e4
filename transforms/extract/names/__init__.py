"""Who wrote an article, by what its page states."""
