"""People, organisations and places that a text names."""
