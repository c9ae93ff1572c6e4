"""The bytes of a page as the tree that browsers would make of them, within bounds of size and time."""
