"""Polls feeds when they are due, and selects the new entries."""
