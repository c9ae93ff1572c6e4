"""Takes addresses out of the lake for good, and keeps a record of that so that they do not come back."""
