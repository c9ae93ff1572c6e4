"""The page as a tree: parsed, bounded, its blocks and its structured data."""
