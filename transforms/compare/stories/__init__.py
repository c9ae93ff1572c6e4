"""Which articles report the same event, from sketches of their words."""
