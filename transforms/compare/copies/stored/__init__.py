"""The fingerprints of earlier runs."""
