"""What the user gave: points and lengths of time, and the lake."""
