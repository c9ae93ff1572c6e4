"""What the classes of elements say: that they hold an author or a date, or belong to another text than the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

_MAX_CLASS_CHARS = 200
_SIDE_TAGS = frozenset({"aside", "footer", "nav", "form", "figure", "figcaption", "blockquote", "table"})
_SIDE_CLASS = re.compile(
    r"sidebar|side-bar|footer|widget-area|newsletter|promo|navigation|navbar|copyright", re.IGNORECASE
)
_OTHER_WORDS = (
    r"respond|related|recommend|popular|trending|testimonial|latest|recent|read-next|read-more|"
    r"more-(?:posts|stories|articles)|sponsored|advert|disqus|countdown"
)
_OTHER_CLASS = re.compile(
    rf"{_OTHER_WORDS}|comment|teaser|quote|carousel|slider|swiper|more-from|breadcrumb|menu|popup|modal|cookie|"
    r"(?:^|\s)(?:upcoming[-_]?)?events?(?:[-_](?:list|item|card|box|widget|teaser)s?)?(?=\s|$)",
    re.IGNORECASE,
)
"""Class names of elements that belong to other texts: cards of other stories, comments, quotations, notices."""

_SURELY_OTHER_CLASS = re.compile(
    rf"{_OTHER_WORDS}|event|comment-?(?:list|body|content|author|text|\d)|^comment\s", re.IGNORECASE
)
"""Those that no template gives to the head of an article."""

_COMMENTS = re.compile(
    r"(?<!\bhas-)(?<!\bno-)(?<!\bwith-)(?<!\bwithout-)(?<!\ballow-)\bcomments?\b"
    r"(?!-(?:on|off|open|opened|closed|enabled|disabled|allowed)\b)|respond|disqus",
    re.IGNORECASE,
)
"""Class names of comments, but not those that say of a story whether it has any."""

_COMMENTS_CLIMB = 3

_AUTHOR_WORDS = (
    "author byline by-line by_line autor auteur verfasser skribent redacteur journalist reporter contributor writer "
    "forfatter toimittaja kirjoittaja firma signature"
).split()
_NO_AUTHOR = re.compile(
    r"review|edit(?:or|ed)|photo|check|bio\b|description|avatar|image|social|count|authority|signup"
)
_DATE_WORDS = "date time publish posted fecha datum stamp".split()
_CRUMBS_WORD = "breadcrumb"
_SOURCE_WORDS = (
    "source agency agence agencia agentur agenzia quelle fuente fonte kaynak zrodlo bron kilde källa publication"
).split()
_SOURCE = re.compile(rf"(?<![a-z])(?:{'|'.join(_SOURCE_WORDS)})s?(?![a-z])")
_MARKS = re.compile("|".join([*_AUTHOR_WORDS, *_DATE_WORDS, _CRUMBS_WORD, *_SOURCE_WORDS]))
_PICTURE = re.compile(
    r"image|img|photo|foto|bild|picture|(?<![a-z])pics?(?![a-z])|media|caption|legend|copyright|credit|figure|gallery|"
    r"galerie|slide|video|thumb|teaser|card|related",
    re.IGNORECASE,
)
_PICTURE_CLIMB = 6
"""So many elements, from the inside, are asked whether a source is that of a picture or of another story."""


class Aside(IntEnum):
    """Whether an element stands beside the article. OTHER: its class says that it belongs to another text or to none;
    BESIDE: its tag says so, which templates also use for an article's own facts; WITHIN: neither."""

    WITHIN = 0
    BESIDE = 1
    OTHER = 2


class Marks(NamedTuple):
    """What class names say that an element holds; `is_crumbs`: the way to the page; `is_source`: whence the text is."""

    is_author: bool
    is_date: bool
    is_crumbs: bool
    is_source: bool = False


NO_MARKS = Marks(False, False, False)
"""The one value for names that say nothing."""


@lru_cache(maxsize=4096)
def marks_of(names: str) -> Marks:
    """What class names say that an element holds."""
    lower = names.lower()
    if _MARKS.search(lower) is None:
        return NO_MARKS
    is_author = any(map(lower.__contains__, _AUTHOR_WORDS)) and _NO_AUTHOR.search(lower) is None
    is_date = any(map(lower.__contains__, _DATE_WORDS))
    return Marks(is_author, is_date, _CRUMBS_WORD in lower, _SOURCE.search(lower) is not None)


def signature(element: HtmlElement) -> str:
    """Tag and class, which a template repeats."""
    return f"{element.tag} {(element.get('class') or '')[:_MAX_CLASS_CHARS]}"


def class_of(element: HtmlElement) -> str:
    """Class and id in one string of limited length."""
    return f"{(element.get('class') or '')[:_MAX_CLASS_CHARS]} {(element.get('id') or '')[:_MAX_CLASS_CHARS]}"


def aside_level(element: HtmlElement, around_headline: set[HtmlElement], known: dict[HtmlElement, Aside]) -> Aside:
    """How far an element, or one between it and what it shares with the headline, stands beside the article.

    `known` keeps the levels found on this page: bylines and dates share most of the elements around them.
    """
    level, path = Aside.WITHIN, []
    for above in self_and_above(element):
        if above in around_headline:
            break
        if above in known:
            level = known[above]
            break
        path.append(above)
    for above in reversed(path):
        level = known[above] = max(level, _level_of(above.tag, class_of(above)))
    return level


@lru_cache(maxsize=4096)
def _level_of(tag: str, names: str) -> Aside:
    if _OTHER_CLASS.search(names):
        return Aside.OTHER
    return Aside.BESIDE if tag in _SIDE_TAGS or _SIDE_CLASS.search(names) else Aside.WITHIN


@lru_cache(maxsize=4096)
def is_surely_other(names: str) -> bool:
    """Whether class names, as from `class_of`, are those of other texts only."""
    return _SURELY_OTHER_CLASS.search(names) is not None


def is_of_comments(element: HtmlElement) -> bool:
    """Whether a heading stands over the page's comments: "15 replies to …"."""
    return any(_COMMENTS.search(class_of(above)) for above in islice(self_and_above(element), _COMMENTS_CLIMB))


def is_of_picture(element: HtmlElement) -> bool:
    """Whether the classes of an element, or of those around it, say that it belongs to a picture or another story."""
    near = islice(self_and_above(element), _PICTURE_CLIMB)
    return any(above.tag in _SIDE_TAGS or _PICTURE.search(class_of(above)) is not None for above in near)


def self_and_above(element: HtmlElement) -> Iterator[HtmlElement]:
    """The element, and those that hold it, from the inside."""
    yield element
    yield from element.iterancestors()
