"""Which articles are copies of one another, from fingerprints of their texts."""
