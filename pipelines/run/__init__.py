"""A run, from its start over acquiring pages and building articles to its commit."""
