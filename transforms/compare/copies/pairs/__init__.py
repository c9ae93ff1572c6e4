"""Whether two texts are copies."""
