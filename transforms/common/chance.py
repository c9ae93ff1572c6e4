"""Chance that is the same at every try: what varies by it can be repeated."""

from __future__ import annotations

from hashlib import blake2b


def chance_of(text: str) -> float:
    """A number from 0 up to 1 that a text always gives, and other texts as by chance."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=4).digest()) / 2**32
