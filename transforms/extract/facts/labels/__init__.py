"""What a page is filed under: its keywords and its section, free of what templates leave there."""
