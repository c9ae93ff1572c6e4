"""Names told by spaCy's models, where the extra ``entities`` is installed."""
