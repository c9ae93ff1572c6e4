"""What a lake has of archives already."""
