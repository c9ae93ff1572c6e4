"""Blocks that read like the article and are not: captions, dated lists, pointers to others. Taken out by their form."""
