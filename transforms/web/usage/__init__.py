"""What publishers state, beside their pages, of the use of what they publish; nothing here decides what we fetch."""
