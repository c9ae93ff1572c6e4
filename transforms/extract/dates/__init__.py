"""When an article was published and edited, by what its page states and prints."""
