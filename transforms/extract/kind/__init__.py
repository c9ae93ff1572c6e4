"""What kind of page it is: an article, a wall, or one of the others."""
