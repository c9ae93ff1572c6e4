"""Finds the lines of an article that are its site's furniture, by the site's other pages."""
