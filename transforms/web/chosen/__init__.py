"""What the user chose for single feeds and hosts, found by their addresses."""
