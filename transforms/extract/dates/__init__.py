"""When an article was published, by what its page states and prints."""
