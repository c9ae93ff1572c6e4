"""Makes the articles of stored pages anew, as an edition of the lake."""
