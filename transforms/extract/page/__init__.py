"""The page as a tree: parsing, limits, blocks of text and structured data."""
