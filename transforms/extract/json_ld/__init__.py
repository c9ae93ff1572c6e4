"""What a page states of its article in JSON-LD."""
