"""Articles of a lake as a dataset of files: which ones, in which columns, and the card that tells of them."""
