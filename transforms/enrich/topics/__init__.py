"""What an article is about: one of the 17 top terms of IPTC Media Topics."""
