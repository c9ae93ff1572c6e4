"""What a page says of itself: headline, canonical address, publisher, section, rights."""
