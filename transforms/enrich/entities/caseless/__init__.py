"""Names in scripts without capitals: by titles, verbs of speech, word ends, lists of names and places."""
