"""Agencies that sign: in the byline, and in lines above the text that are one."""

from __future__ import annotations

import re
from collections.abc import Collection

from transforms.text.agency_names import Agencies
from transforms.text.scripts import EAST_ASIAN
from transforms.text.sentences import ends_sentence

_LONGEST_LINE = 80
_PARTS = re.compile(r"[,;/|()·•–—]|\s-\s|\s(?:and|und|et|y|e|en|och|og|i|with|mit|avec|con|com|for|via|met|z)\s")
_START = re.compile(
    r"^(?:by|von|par|por|da|di|de|door|av|af|od|przez|автор:?|from|source:?|quelle:?|fuente:?|fonte:?)\s+",
    re.IGNORECASE,
)


def agencies_of_byline(byline: str, authors: Collection[str], agencies: Agencies) -> list[str]:
    """Agencies that sign: "Reuters Staff", "Jane Doe, AP", "Associated Press writer Jane Doe", "AFP in Paris". None in
    "Petra Doe", nor in "Petra" where she is an author."""
    names: list[str] = []
    for part in (byline, *_PARTS.split(byline)):
        stated = _START.sub("", part.strip())
        if stated and stated not in authors:
            names += agencies.signing(stated) or agencies.with_role(stated)
            names += [mention.name for mention in agencies.mentions(stated)[1] if mention.end - mention.start > 1]
    return names


def agencies_signing_line(block: str, agencies: Agencies) -> list[str]:
    """The agencies of a byline that stands in the text, as a line of its own: "By JANE DOE, Associated Press"."""
    if len(block) > _LONGEST_LINE or ends_sentence(block):
        return []
    if _START.match(block) is not None:
        return agencies_of_byline(block, (), agencies)
    return agencies.fill(block) if EAST_ASIAN.search(block) else agencies.signing(block)
