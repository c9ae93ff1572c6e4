"""Small helpers for every stage. They know nothing of Beam, the network or the lake."""
