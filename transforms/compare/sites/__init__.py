"""Finds the lines of an article that are its site's furniture, and the publisher's name, by the site's other pages."""
