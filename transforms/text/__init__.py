"""Small helpers that every stage may use and that know nothing of Beam, the network or the lake."""
