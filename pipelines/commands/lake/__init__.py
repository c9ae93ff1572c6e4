"""The commands that keep a lake: what they change is an edition."""
