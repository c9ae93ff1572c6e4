"""Which feeds are asked when, what they answer, and which of their entries are new."""
