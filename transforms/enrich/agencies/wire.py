"""The agencies to which a text is credited. An agency that is only quoted ("told Reuters") is not among them."""

from __future__ import annotations

import re
from collections.abc import Collection

from schemas.article import Article
from transforms.enrich.datelines.opening import parse_opening
from transforms.text.agency_names import Agencies
from transforms.text.sentences import CLOSING_QUOTES, SPACED_STOPS, WIDE_STOPS

# The reason that `clean` gives to a removed credit. Repeated here, because the packages do not import each other.
CREDITS = "credits"
_OPENING_BLOCKS = 5
_CLOSING_BLOCKS = 4
_LONGEST_CREDIT = 400
_LAST_WORDS = 80
_SENTENCE_END = f"[{SPACED_STOPS}{WIDE_STOPS}{CLOSING_QUOTES}]"
_CLOSING_BRACKET = re.compile(_SENTENCE_END + r"\s{0,3}[(\[（【]([^()\[\]（）【】]{2,30})[)\]）】]\s*[.。]?$")
_CLOSING_TOKEN = re.compile(_SENTENCE_END + r"\s{0,3}(?:[-–—/©]\s?)?([\w\-]{2,15}(?:[/,]\s?[\w\-]{2,15}){0,3})$")
_AUTHOR_PARTS = re.compile(r"[,;/|()·•–—]|\s-\s|\s(?:and|und|et|y|e|en|och|og|with|mit|avec|con|com|for|via)\s")
_AUTHOR_START = re.compile(r"^(?:by|von|par|por|da|di|de|door|av|af)\s+", re.IGNORECASE)
# "新华社北京5月3日电": an agency opens the text, and a word for telegram or report ends its dateline.
_TELEGRAM = re.compile(r"^.{0,30}?(?:电|電|讯|訊)")


def find_wire_sources(article: Article, blocks: list[str], agencies: Agencies) -> tuple[str, ...]:
    """Canonical names of the credited agencies, each once.

    Looked for in the byline, the opening, the closing lines, the removed credits, and the site's own domain.
    """
    names: list[str] = []
    names += _of_byline(article.byline or "", article.authors, agencies)
    for block in blocks[:_OPENING_BLOCKS]:
        names += _of_opening(block, agencies)
    for block in blocks[-_CLOSING_BLOCKS:]:
        names += _of_closing_line(block, agencies)
    if blocks:
        names += _of_last_words(blocks[-1], agencies)
    for removed in article.removed:
        if removed.reason == CREDITS:
            names += agencies.names_in(removed.text)
    own = agencies.of_domain(article.publisher_domain)
    return tuple(dict.fromkeys([*names, own] if own else names))


def _of_byline(byline: str, authors: Collection[str], agencies: Agencies) -> list[str]:
    """Agencies that sign: "Reuters Staff", "Jane Doe, AP", "Associated Press writer Jane Doe". None in "Petra Doe", nor
    in "Petra" where she is an author."""
    names: list[str] = []
    for part in (byline, *_AUTHOR_PARTS.split(byline)):
        stated = _AUTHOR_START.sub("", part.strip())
        if stated not in authors:
            names += agencies.signing(stated)
            names += [mention.name for mention in agencies.mentions(stated)[1] if mention.end - mention.start > 1]
    return names


def _of_opening(block: str, agencies: Agencies) -> list[str]:
    """Agencies named as the source in a paragraph's opening."""
    opening = parse_opening(block)
    if opening is not None and opening.source is not None:
        return agencies.names_in(opening.source)
    return agencies.names_in(match[0]) if not block.isascii() and (match := _TELEGRAM.match(block)) else []


def _of_closing_line(block: str, agencies: Agencies) -> list[str]:
    """Agencies in a credit line: "The Associated Press contributed to this report.", "© AFP", "dpa/kan"."""
    if len(block) > _LONGEST_CREDIT:
        return []
    lowered = block.casefold()
    if any(sign in lowered for sign in agencies.credit_signs):
        return agencies.names_in(block)
    return agencies.fill(block) if len(block) <= 40 else []


def _of_last_words(block: str, agencies: Agencies) -> list[str]:
    """Agencies after the last sentence: "… sagte er. (dpa)", "… disse. /ANSA"."""
    ending = block[-_LAST_WORDS:]
    if bracket := _CLOSING_BRACKET.search(ending):
        return agencies.fill(bracket[1])
    token = _CLOSING_TOKEN.search(ending)
    return agencies.fill(token[1]) if token else []
