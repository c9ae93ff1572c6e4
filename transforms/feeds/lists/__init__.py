"""Lists of feeds: read, written, checked, and found on pages."""
