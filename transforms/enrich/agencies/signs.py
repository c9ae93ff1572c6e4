"""Credits in which agencies stand beside the signs of those who wrote or edited: "jb, Reuters, PAP", "PTI KLM ND"."""

from __future__ import annotations

import re

from transforms.text.agency_names import Agencies

_PARTED = re.compile(r"[,;/|+&]")
_SMALL_SIGN = re.compile(r"[^\W\d_]{1,6}\.?")
_SHOUTED_SIGNS = re.compile(r"(.{2,20}?)((?:\s[A-ZÀ-ÞА-Я]{2,4}){1,4})")
_FEWEST_PARTS = 2


def agencies_beside_signs(line: str, agencies: Agencies) -> list[str]:
    """The agencies of a line in which, but for them, only signs stand: in small letters between commas or strokes, or
    in capitals behind the agency. [] where anything else does."""
    if (shouted := _SHOUTED_SIGNS.fullmatch(line)) and (names := agencies.unmistakable(shouted[1])):
        return names
    parts = [part.strip() for part in _PARTED.split(line)]
    if len(parts) < _FEWEST_PARTS:
        return []
    names = []
    for part in parts:
        if found := agencies.fill(part):
            names += found
        elif not (part.islower() and _SMALL_SIGN.fullmatch(part)):
            return []
    return list(dict.fromkeys(names))
