"""The 17 top terms of IPTC Media Topics (https://iptc.org/standards/media-topics/), by their English names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

TERMS: Final = (
    "arts, culture, entertainment and media",
    "conflict, war and peace",
    "crime, law and justice",
    "disaster, accident and emergency incident",
    "economy, business and finance",
    "education",
    "environment",
    "health",
    "human interest",
    "labour",
    "lifestyle and leisure",
    "politics and government",
    "religion",
    "science and technology",
    "society",
    "sport",
    "weather",
)


def shares(topics: Sequence[int]) -> dict[int, float]:
    """An equal share of 1 for each of the topics, which are given by their place among the terms."""
    return {topic: 1 / len(topics) for topic in topics}
