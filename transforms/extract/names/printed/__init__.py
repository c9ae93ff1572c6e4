"""The bylines that a page prints, whom they name, and how they read."""
