"""`newsbeam check`: what a monitor asks of a lake."""
