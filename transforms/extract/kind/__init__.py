"""What a page is: an article, something else, or a wall in place of one."""
