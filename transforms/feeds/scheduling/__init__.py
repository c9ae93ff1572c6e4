"""When a feed is polled next, with which request, and what its cursor remembers."""
