"""Which articles a lake has to revisit, and what it knows of each."""
