"""One request and its answer: the client, the address guard, and limits of size and time."""
