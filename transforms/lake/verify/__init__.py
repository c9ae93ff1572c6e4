"""Finds what is wrong with a lake: one walk, for `newsbeam verify`, which tells, and `newsbeam repair`, which mends."""
