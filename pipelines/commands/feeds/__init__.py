"""`newsbeam feeds`: looks after the list of feeds."""
