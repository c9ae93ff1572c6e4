"""The list of news agencies, ``agencies.json``: bylines leave them out, credits are found by them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def agency_list() -> dict[str, Any]:
    """The list as its file has it, read once in a process; not to be changed."""
    text = resources.files(__package__).joinpath("agencies.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@lru_cache(maxsize=1)
def agency_words() -> frozenset[str]:
    """Words of agencies' names, in lower case, by which a byline is no person's: "reuters", "france-presse"."""
    return frozenset(agency_list()["no_person"])
