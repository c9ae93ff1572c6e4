"""What a page states about itself and its article."""
