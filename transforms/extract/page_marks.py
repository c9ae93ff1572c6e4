"""What stands around a page's headline: bylines and dates, as the page marks them or as a reader would see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

MAX_PIECES = 24
MAX_TEXT_CHARS = 300
MAX_LABEL_CHARS = 40
_MAX_CLASS_CHARS = 200
_MAX_CLIMB = 40
_MAX_STEPS = 120
_UNSEEN = frozenset({"script", "style", "noscript", "svg", "template", "select"})

_SIDE_TAGS = frozenset({"aside", "footer", "nav", "form", "figure", "figcaption", "blockquote", "table"})
_SIDE_CLASS = re.compile(r"sidebar|side-bar|footer|widget-area|newsletter|promo|navigation|navbar|copyright", re.IGNORECASE)
_OTHER_CLASS = re.compile(
    r"comment|respond|related|recommend|popular|trending|teaser|testimonial|quote|carousel|slider|swiper|latest|recent|"
    r"read-next|read-more|more-(?:posts|stories|articles|from)|sponsored|advert|disqus|breadcrumb|menu|popup|modal|cookie",
    re.IGNORECASE,
)
"""Classes of what belongs to other texts: cards of other stories, comments, quotations, notices."""

_COMMENTS = re.compile(r"\bcomments?\b|\bcomments?-|respond|disqus", re.IGNORECASE)
_COMMENTS_CLIMB = 3
_PEOPLE_PATHS = frozenset(
    "author authors auteur auteurs autor autoren autores autori contributor contributors people person staff team "
    "profile profiles user users writer writers columnist columnists reporter reporters journalist journalists "
    "journaliste journalistes redakteur expert experts".split()
)
"""Folders in whose addresses sites keep their people's pages: what stands in such a link is that person's name."""

AUTHOR_CLASS = re.compile(
    r"author|byline|by-line|by_line|autor|auteur|verfasser|skribent|redacteur|journalist|reporter|contributor|writer|"
    r"forfatter|toimittaja|kirjoittaja|firma|signature",
    re.IGNORECASE,
)
NO_AUTHOR_CLASS = re.compile(
    r"review|edit(?:or|ed)|photo|check|bio\b|description|avatar|image|social|count|authority|signup", re.IGNORECASE
)
DATE_CLASS = re.compile(r"date|time|publish|posted|fecha|datum|stamp", re.IGNORECASE)


WITHIN, BESIDE, OTHER = 0, 1, 2


class Piece(NamedTuple):
    """One run of text in an element, and the signature of the element that holds it."""

    text: str
    signature: str
    linked: bool


class Byline(NamedTuple):
    """An element that may name the article's authors. `away` counts elements from the headline, negative before it,
    and from the first paragraph where there is none; `near` says whether it stands by the headline and before the story; `aside` is one of WITHIN, BESIDE and OTHER, as in `aside_level`."""

    kind: str
    away: int
    near: bool
    aside: int
    label: str
    signature: str
    pieces: tuple[Piece, ...]


class Stamp(NamedTuple):
    """A date as the page prints or marks it; as in Byline. `label` is what stands before it, `names` its class and id."""

    kind: str
    away: int
    near: bool
    aside: int
    label: str
    names: str
    text: str

    @property
    def is_date(self) -> bool:
        """Whether its class says that it is a date."""
        return DATE_CLASS.search(self.names) is not None


def signature(element: HtmlElement) -> str:
    """Tag and class: what a template repeats."""
    return f"{element.tag} {(element.get('class') or '')[:_MAX_CLASS_CHARS]}"


def class_of(element: HtmlElement) -> str:
    """Class and id in one string of limited length."""
    return f"{(element.get('class') or '')[:_MAX_CLASS_CHARS]} {(element.get('id') or '')[:_MAX_CLASS_CHARS]}"


def aside_level(element: HtmlElement, around_headline: set[HtmlElement]) -> int:
    """Whether an element, or one between it and what it shares with the headline, stands beside the article.

    OTHER: its class says that it belongs to another text or to none. BESIDE: its tag says so, which templates also
    use for an article's own facts. WITHIN: neither.
    """
    level = WITHIN
    for above in islice(_self_and_above(element), _MAX_CLIMB):
        if above in around_headline:
            break
        found = _level_of(above.tag, class_of(above))
        if found == OTHER:
            return OTHER
        level = max(level, found)
    return level


@lru_cache(maxsize=4096)
def _level_of(tag: str, names: str) -> int:
    if _OTHER_CLASS.search(names):
        return OTHER
    return BESIDE if tag in _SIDE_TAGS or _SIDE_CLASS.search(names) else WITHIN


def is_of_comments(element: HtmlElement) -> bool:
    """Whether a heading stands over the page's comments: "15 replies to …"."""
    return any(_COMMENTS.search(class_of(above)) for above in islice(_self_and_above(element), _COMMENTS_CLIMB))


def _self_and_above(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def pieces_of(element: HtmlElement) -> tuple[Piece, ...]:
    """The runs of text of an element in order; cut off where it is too long to be a byline."""
    found: list[Piece] = []
    chars = 0
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, one in islice(walk, _MAX_STEPS):
        if event == "start":
            text, holder = one.text, one
            if one.tag in _UNSEEN:
                walk.skip_subtree()
                text = None
        elif one is element:
            break
        else:
            text, holder = one.tail, one.getparent()
        if text and (stripped := text[: MAX_TEXT_CHARS + 1].strip()):
            found.append(Piece(" ".join(stripped.split()), signature(holder), _is_linked(holder, element)))
            chars += len(stripped)
            if chars > MAX_TEXT_CHARS or len(found) >= MAX_PIECES:
                break
    return tuple(found)


def _is_linked(holder: HtmlElement, top: HtmlElement) -> bool:
    for one in islice(_self_and_above(holder), 4):
        if one.tag == "a":
            return True
        if one is top:
            break
    return False


def is_author_link(href: str) -> bool:
    """Whether an address is that of one person's page, as in ``/author/ada-lind``."""
    path = href[:MAX_TEXT_CHARS].partition("?")[0].partition("#")[0].rstrip("/")
    folders = path.rsplit("/", 2)
    return len(folders) == 3 and folders[1].lower() in _PEOPLE_PATHS


def text_before(element: HtmlElement) -> str:
    """What stands right before an element, of the last MAX_LABEL_CHARS + 1 characters: its label if it is no longer."""
    for _ in range(3):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            text = previous.tail or ""
            if not text.strip() and isinstance(previous.tag, str) and previous.tag not in _UNSEEN:
                text = " ".join(islice(previous.itertext(), 8))
        else:
            text = (parent.text or "") if parent is not None else ""
        if text.strip():
            return " ".join(text[-MAX_TEXT_CHARS:].split())[-MAX_LABEL_CHARS - 1 :]
        if parent is None or previous is not None and len(previous):
            return ""
        element = parent
    return ""
