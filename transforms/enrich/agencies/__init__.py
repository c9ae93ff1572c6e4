"""The agencies that a text is credited to."""
