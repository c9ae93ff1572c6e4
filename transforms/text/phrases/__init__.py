"""Set phrases of many languages, and how they are looked up in a text."""
