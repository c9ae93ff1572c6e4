"""State of a lake that was lost or damaged, made anew from its tables."""
