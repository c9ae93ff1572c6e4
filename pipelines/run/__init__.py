"""A run: begun, acquired, built, committed."""
