"""The agencies to which a text is credited. An agency that is only quoted ("told Reuters") is not among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from schemas.article import Article
from transforms.enrich.agencies.bylines import agencies_of_byline, agencies_signing_line
from transforms.enrich.agencies.closing import (
    agencies_after_story,
    agencies_of_closing_line,
    agencies_of_removed_credit,
)
from transforms.enrich.datelines.opening import parse_opening
from transforms.enrich.datelines.shape import Mark, Opening
from transforms.text.agency_names import Agencies

# The reason that `clean` gives to a removed credit. Repeated here, because the packages do not import each other.
CREDITS = "credits"
_OPENING_BLOCKS = 5
_LINE_BLOCKS = 3
_CLOSING_BLOCKS = 4


class WireSources(NamedTuple):
    """Canonical names of the credited agencies, each once, and where they are credited, each place once: `byline`,
    `opening`, `closing`, `removed`, `structured`, `domain`."""

    names: tuple[str, ...]
    places: tuple[str, ...]


def find_wire_sources(article: Article, blocks: list[str], agencies: Agencies) -> WireSources:
    """The agencies credited in the byline, the opening, the closing lines, the removed credits, by the publisher that
    the page states, and by the site's own domain."""
    found = {
        "byline": _of_byline(article, agencies),
        "opening": _of_openings(blocks[:_OPENING_BLOCKS], agencies),
        "closing": _of_closing(blocks[-_CLOSING_BLOCKS:], agencies),
        "removed": _of_removed([removed.text for removed in article.removed if removed.reason == CREDITS], agencies),
        "structured": agencies.unmistakable(article.publisher_name or ""),
        "domain": [own] if (own := agencies.of_domain(article.publisher_domain)) else [],
    }
    names = dict.fromkeys(name for group in found.values() for name in group)
    return WireSources(tuple(names), tuple(place for place, group in found.items() if group))


def _of_byline(article: Article, agencies: Agencies) -> list[str]:
    names = agencies_of_byline(article.byline or "", article.authors, agencies)
    for author in (*article.authors, *article.author_organizations):
        names += agencies.unmistakable(author)
    return names


def _of_openings(blocks: Iterable[str], agencies: Agencies) -> list[str]:
    names: list[str] = []
    for number, block in enumerate(blocks):
        opening = parse_opening(block)
        if opening is not None and opening.sources and _credits(opening, number, agencies):
            names += opening.agencies
        elif number < _LINE_BLOCKS:
            names += agencies_signing_line(block, agencies)
    return names


def _credits(opening: Opening, number: int, agencies: Agencies) -> bool:
    """Whether an opening credits the agencies among its sources, rather than merely naming one in a sentence."""
    printed = (*opening.places, *opening.sources)
    if any(agencies.is_picture(one) for one in printed):
        return False
    if opening.mark is Mark.TELEGRAM:
        return True
    if opening.mark is Mark.LINE:
        return number < _LINE_BLOCKS and (opening.is_bracketed or opening.is_dated or not opening.places)
    if opening.goes_on_small:
        return opening.is_bracketed and opening.mark is not Mark.BRACKET
    if opening.is_bracketed or opening.is_dated or opening.mark is Mark.PIPE:
        return True
    place = opening.places[0] if opening.places else ""
    if not place:
        return opening.mark is Mark.DASH
    return place.upper() == place


def _of_removed(texts: list[str], agencies: Agencies) -> list[str]:
    """Agencies in removed credits, but for one that stands several times, as below each picture of a series."""
    return [name for text in texts if texts.count(text) == 1 for name in agencies_of_removed_credit(text, agencies)]


def _of_closing(blocks: list[str], agencies: Agencies) -> list[str]:
    return [
        name
        for block in blocks
        for name in (*agencies_of_closing_line(block, agencies), *agencies_after_story(block, agencies))
    ]
