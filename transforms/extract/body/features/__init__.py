"""What is measured of each block of a page, for the models."""
