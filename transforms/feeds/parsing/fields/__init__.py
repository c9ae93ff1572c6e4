"""How the text and the dates of a feed's fields are read."""
