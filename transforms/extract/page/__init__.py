"""What the tree of a page holds: blocks of text, links, marks, and words that templates print and name things by."""
