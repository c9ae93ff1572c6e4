"""Counts of what a page's tree shows (players, pictures, teasers, times), and texts of walls, captions and entries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

_TYPE = re.compile(r'"@type"\s*+:\s*+\[?+\s*+"([A-Za-z]{1,60})"')
_CLOCK_LINE = re.compile(
    r"^(?:[^\S\n]|[+*•·|–—(\[-])*+(?P<hour>[01]?\d|2[0-3])\s?[:.hH]\s?(?P<minute>[0-5]\d)(?![\d.,:%])", re.MULTILINE
)
_CLOCK_IN_STAMP = re.compile(r"\d[T ](?:[01]\d|2[0-3]):?[0-5]\d")
_PLAYER = re.compile(r"embed|player|/video|youtube|youtu\.be|vimeo|dailymotion", re.IGNORECASE)
_WALL = re.compile(r"pay-?wall|reg-?wall|subscri\w{1,20}-?wall|premium-?wall|meter-?wall", re.IGNORECASE)

_MAX_TYPES = 200
_MAX_WALLS = 20
_PARAGRAPH_CHARS = 160
_MAX_TIMES = 400
_MAX_TEASERS = 100
_ENTRY_LEVELS = 4
_ENTRY_CHARS = 60
_MAX_ENTRY_CHARS = 10_000
_MAX_PIECES = 60
_MAX_BODY_CHARS = 200_000
_PIECE_CHARS = 40
_TEASER_CHARS = 20
"""The least length of a headline in a list, in characters; shorter links name a section or a page number."""


@dataclass(frozen=True, slots=True)
class PageStructure:
    """Counts of one page. `types` are the types named anywhere in its JSON-LD.

    `pictures` counts figures with a caption that stand in no link, nav or aside; `teasers` counts linked headlines with
    different addresses; `times` counts time elements with a time of day.
    """

    types: frozenset[str]
    players: int
    pictures: int
    teasers: int
    times: int


def page_structure(tree: HtmlElement) -> PageStructure:
    """The counts of a page, by one walk over its elements."""
    types: set[str] = set()
    teasers: set[str] = set()
    players = pictures = times = 0
    for element in tree.iter("script", "video", "iframe", "figure", "h2", "h3", "h4", "time"):
        match element.tag:
            case "script":
                if element.text and "ld+json" in (element.get("type") or "").lower():
                    types.update(match[1] for match in islice(_TYPE.finditer(element.text), _MAX_TYPES))
            case "video":
                players += 1
            case "iframe":
                players += _PLAYER.search(element.get("src") or element.get("data-src") or "") is not None
            case "figure":
                pictures += _is_picture(element)
            case "time":
                times += _CLOCK_IN_STAMP.search(element.get("datetime") or "") is not None
            case _:
                if len(teasers) < _MAX_TEASERS and (address := _teaser(element)) is not None:
                    teasers.add(address)
    return PageStructure(frozenset(types), players, pictures, len(teasers), times)


def caption_texts(tree: HtmlElement) -> frozenset[str]:
    """The captions of the page's pictures; for a caption with paragraphs, also each paragraph."""
    texts = (element.text_content() for caption in tree.iter("figcaption") for element in (caption, *caption.iter("p")))
    return frozenset(" ".join(text.split()) for text in texts)


def wall_texts(tree: HtmlElement) -> list[str]:
    """The texts of elements whose class or id names a paywall: a prompt to pay, or the text that is for sale."""
    named = tree.xpath("//body//*[contains(@class, 'wall') or contains(@id, 'wall')]")
    walls = (element for element in named if _WALL.search(f"{element.get('class')} {element.get('id')}"))
    texts = (" ".join(wall.text_content()[:_MAX_ENTRY_CHARS].split()) for wall in islice(walls, _MAX_WALLS))
    return [text for text in texts if text]  # an empty wall waits for readers over their limit


def long_paragraphs(tree: HtmlElement) -> Iterator[str]:
    """The texts of the p elements that are as long as a story's paragraphs (160 characters or more)."""
    for element in tree.iter("p"):
        text = element.text_content()
        if len(text) >= _PARAGRAPH_CHARS:
            yield text


def newest_first(body: str) -> int:
    """The number of lines that begin with a time of day, if the times fall from line to line; else 0.

    Live reports put the newest entry on top. In programmes and chronologies, whose lines also begin with a time, the
    times rise. One rise is allowed, for midnight.
    """
    times = [60 * int(line["hour"]) + int(line["minute"]) for line in _CLOCK_LINE.finditer(body[:_MAX_BODY_CHARS])]
    rises = sum(later > earlier for earlier, later in pairwise(times))
    return len(times) if rises <= 1 and len(set(times)) > len(times) / 2 else 0


def told_by_the_clock(tree: HtmlElement, body: str) -> tuple[int, float]:
    """The number of timed entries that stand one below the other, and the share of `body` that they hold (0 to 1).

    An entry is the nearest element around a time that also holds text of the body. Entries are siblings with the same
    tag and different times. Readers' comments and teasers have times too, but their texts are not the body's.
    """
    body = body[:_MAX_BODY_CHARS]
    groups: dict[tuple[HtmlElement, str], dict[HtmlElement, tuple[str, int]]] = defaultdict(dict)
    for element, stamp in islice(_times(tree), _MAX_TIMES):
        for entry, above in _around(element):
            pieces = [" ".join(text[:_MAX_ENTRY_CHARS].split()) for text in islice(entry.itertext(), _MAX_PIECES)]
            if sum(map(len, pieces)) < _ENTRY_CHARS:
                continue
            chars = sum(len(piece) for piece in pieces if len(piece) >= _PIECE_CHARS and piece[:_PIECE_CHARS] in body)
            if chars:
                groups[above, entry.tag].setdefault(entry, (stamp, chars))
                break
    largest = max(groups.values(), key=len, default={})
    stamps = {stamp for stamp, _ in largest.values()}
    if len(stamps) < len(largest):  # a time that repeats is the page's own
        return len(stamps), 0.0
    return len(largest), sum(chars for _, chars in largest.values()) / max(1, len(body))


def _is_picture(figure: HtmlElement) -> bool:
    if next(figure.iter("img"), None) is None or next(figure.iter("figcaption"), None) is None:
        return False
    return next(figure.iterancestors("a", "nav", "aside"), None) is None


def _teaser(heading: HtmlElement) -> str | None:
    """The address that a headline links to; None if it is no link or too short."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    if link is None or len(" ".join(heading.text_content().split())) < _TEASER_CHARS:
        return None
    return link.get("href") or ""


def _times(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The elements that show a time of day, each with its time as stated."""
    for element in tree.iter("time", "span", "strong", "b", "h2", "h3", "h4", "p", "div"):
        text = (element.text or "").strip()
        stamp = element.get("datetime") or "" if element.tag == "time" else ""
        if _CLOCK_IN_STAMP.search(stamp):
            yield element, stamp
        elif len(text) <= _ENTRY_CHARS and _CLOCK_LINE.match(text):
            yield element, text


def _around(element: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """The element and up to three elements around it, innermost first, each with its parent."""
    entry: HtmlElement | None = element
    for _ in range(_ENTRY_LEVELS):
        above = entry.getparent() if entry is not None else None
        if entry is None or above is None or entry.tag in ("body", "main"):
            return
        yield entry, above
        entry = above
