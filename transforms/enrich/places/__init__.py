"""Names of places, and the countries of a story."""
