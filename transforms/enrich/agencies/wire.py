"""The agencies to which a text is credited. An agency that is only quoted ("told Reuters") is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.article import Article, RemovalReason, Removed
from transforms.enrich.agencies.bylines import (
    agencies_of_byline,
    agencies_of_dated_line,
    agencies_signing_line,
)
from transforms.enrich.agencies.closing import (
    agencies_after_story,
    agencies_of_closing_line,
    agencies_of_removed_credit,
)
from transforms.enrich.datelines.opening import parse_opening
from transforms.enrich.datelines.shape import Mark, Opening
from transforms.text.agency_names import Agencies

_OPENING_BLOCKS = 5
_LINE_BLOCKS = 3
_CLOSING_BLOCKS = 4
_BELOW_HEADLINE = 3


class WireSources(NamedTuple):
    """Canonical names of the credited agencies, each once, and where they are credited, each place once: `byline`,
    `opening`, `closing`, `removed`, `structured`, `domain`."""

    names: tuple[str, ...]
    places: tuple[str, ...]


def find_wire_sources(article: Article, blocks: list[str], agencies: Agencies, home: str | None = None) -> WireSources:
    """The agencies credited in the byline, the opening, the closing lines, the removed credits, by the publisher that
    the page states, and by the site's own domain. `home` is the paper's country: it tells which of several agencies
    initials mean ("APS" in Dakar and in Algiers)."""
    found = {
        "byline": _of_byline(article, agencies),
        "opening": _of_openings(blocks[:_OPENING_BLOCKS], agencies, home),
        "closing": _of_closing(blocks[-_CLOSING_BLOCKS:], agencies, home),
        "removed": [*_of_removed(article.removed, agencies), *_below_headline(article.removed, agencies)],
        "structured": agencies.unmistakable(article.publisher_name or ""),
        "domain": [own] if (own := agencies.of_domain(article.publisher_domain)) else [],
    }
    names = dict.fromkeys(agencies.at_home(name, home) for group in found.values() for name in group)
    return WireSources(tuple(names), tuple(place for place, group in found.items() if group))


def _of_byline(article: Article, agencies: Agencies) -> list[str]:
    names = agencies_of_byline(article.byline or "", article.authors, agencies)
    for author in (*article.authors, *article.author_organizations):
        names += agencies.unmistakable(author)
    return names


def _of_openings(blocks: Iterable[str], agencies: Agencies, home: str | None) -> list[str]:
    names: list[str] = []
    for number, block in enumerate(blocks):
        opening = parse_opening(block)
        if opening is not None and opening.sources and _credits(opening, number, block, agencies):
            names += opening.agencies
        elif number < _LINE_BLOCKS:
            names += agencies_signing_line(block, agencies, home)
    return names


def _credits(opening: Opening, number: int, block: str, agencies: Agencies) -> bool:
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
        return opening.mark is Mark.DASH or (opening.mark is Mark.STOP and opening.sources[0].islower())  # "sda. Der …"
    if opening.mark in (Mark.DASH, Mark.SLASH):
        return True
    return place.upper() == place or block.startswith(opening.sources[0])  # "PTI, New Delhi: …", "dpa Berlin. …"


def _of_removed(removed: Sequence[Removed], agencies: Agencies) -> list[str]:
    """Agencies in removed credits, but for one that stands several times, as below each picture of a series."""
    texts = [one.text for one in removed if one.reason == RemovalReason.CREDITS]
    return [name for text in texts if texts.count(text) == 1 for name in agencies_of_removed_credit(text, agencies)]


def _below_headline(removed: Sequence[Removed], agencies: Agencies) -> list[str]:
    """Agencies in a byline that was taken for furniture: a line of agencies with a date, an hour or signs, among the
    first removed below the headline. A bare agency there took a picture, or heads a box."""
    at = next((at for at, one in enumerate(removed) if one.reason == RemovalReason.HEADLINE), None)
    if at is None:
        return []
    below = removed[at + 1 : at + 1 + _BELOW_HEADLINE]
    return [name for one in below for name in agencies_of_dated_line(one.text, agencies)]


def _of_closing(blocks: list[str], agencies: Agencies, home: str | None) -> list[str]:
    return [
        name
        for block in blocks
        for name in (*agencies_of_closing_line(block, agencies, home), *agencies_after_story(block, agencies, home))
    ]
