"""Which lines of an article are its site's furniture, from the site's other pages."""
