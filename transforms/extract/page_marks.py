"""What stands around a page's headline: bylines and dates, as the page marks them or as a reader would see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.structured import one_line

MAX_PIECES = 24
MAX_TEXT_CHARS = 300
MAX_LABEL_CHARS = 40
_MAX_CLASS_CHARS = 200
_MAX_CLIMB = 40
_MAX_STEPS = 160
_MAX_CHILDREN = 4
_MAX_NAME_CHARS = 80
_INLINE = frozenset("a abbr b bdi em font i mark q rb ruby small span strong sub sup u h1 h2 title".split())
_UNSEEN = frozenset({"script", "style", "noscript", "svg", "template", "select"})

_SIDE_TAGS = frozenset({"aside", "footer", "nav", "form", "figure", "figcaption", "blockquote", "table"})
_OTHER_CLASS = re.compile(
    r"comment|respond|related|recommend|popular|trending|teaser|testimonial|quote|carousel|slider|swiper|latest|recent|"
    r"read-next|read-more|more-(?:posts|stories|articles|from)|sponsored|advert|disqus|breadcrumb|menu|popup|modal|cookie|"
    r"(?:^|\s)(?:upcoming[-_]?)?events?(?:[-_](?:list|item|card|box|widget|teaser)s?)?(?=\s|$)|countdown",
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

_AUTHOR_WORDS = (
    "author byline by-line by_line autor auteur verfasser skribent redacteur journalist reporter contributor writer "
    "forfatter toimittaja kirjoittaja firma signature"
).split()
_NO_AUTHOR = re.compile(
    r"review|edit(?:or|ed)|photo|check|bio\b|description|avatar|image|social|count|authority|signup"
)
_DATE_WORDS = "date time publish posted fecha datum stamp".split()
_CRUMBS_WORD = "breadcrumb"
_MARKS = re.compile("|".join([*_AUTHOR_WORDS, *_DATE_WORDS, _CRUMBS_WORD]))

WITHIN, BESIDE, OTHER = 0, 1, 2
AUTHOR, DATE, CRUMBS = 1, 2, 4


class Piece(NamedTuple):
    """One run of text in an element, and the signature of the element that holds it."""

    text: str
    signature: str


class Byline(NamedTuple):
    """An element that may name the article's authors.

    `kind` is "itemprop", "rel", "link", "class" or "text", by what marks it. `away` counts elements from the headline,
    negative before it, or from the first paragraph where there is none; `near` says whether it stands by the headline
    and before the story; `aside` is WITHIN or BESIDE, as in `aside_level`; `label` is what stands right before it.
    `is_person` says whether the page marks it as a person (itemtype) or leads to a page that is called like the name.
    """

    kind: str
    away: int
    near: bool
    aside: int
    label: str
    signature: str
    pieces: tuple[Piece, ...]
    is_person: bool = False


class Stamp(NamedTuple):
    """A text with a date as the page prints or marks it, as in Byline; `names` is its class and id.

    `kind` is "time", "text" or the name of its itemprop. `line` are the words around it, "" where it opens them and is
    marked as a date; `masthead` says whether it stands in the head of the page; `held` is "caption", "heading"
    or "aside" where it is part of one.
    """

    kind: str
    away: int
    near: bool
    aside: int
    label: str
    names: str
    text: str
    line: str = ""
    masthead: bool = False
    held: str = ""

    @property
    def is_date(self) -> bool:
        """Whether its class says that it is a date."""
        return bool(kinds_of(self.names) & DATE)


@lru_cache(maxsize=16_384)
def kinds_of(names: str) -> int:
    """What class names say that an element holds: AUTHOR, DATE, CRUMBS (the way to the page), added up, or 0."""
    lower = names.lower()
    if _MARKS.search(lower) is None:
        return 0
    is_author = any(map(lower.__contains__, _AUTHOR_WORDS)) and _NO_AUTHOR.search(lower) is None
    is_date = any(map(lower.__contains__, _DATE_WORDS))
    return is_author * AUTHOR + is_date * DATE + (_CRUMBS_WORD in lower) * CRUMBS


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
    return BESIDE if tag in _SIDE_TAGS else WITHIN


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
    for text, holder, _ in _runs(element, MAX_TEXT_CHARS):
        line = " ".join(text.split())
        if line:
            found.append(Piece(line, signature(holder)))
            chars += len(line)
            if chars > MAX_TEXT_CHARS or len(found) >= MAX_PIECES:
                break
    return tuple(found)


def text_of_element(element: HtmlElement, max_chars: int) -> str:
    """The element's text on one line, as far as `max_chars` and the first elements in it go; lines stay apart."""
    texts: list[str] = []
    chars = 0
    for text, _, is_apart in _runs(element, max_chars):
        texts.append(f" {text}" if is_apart else text)
        chars += len(text)
        if chars > max_chars:
            break
    return one_line("".join(texts)[:max_chars])


def _runs(element: HtmlElement, max_chars: int) -> Iterator[tuple[str, HtmlElement, bool]]:
    """The runs of text within an element, what holds each, and whether a block or a break stands before it; of the
    element's first _MAX_STEPS tags, each cut to `max_chars`."""
    if not len(element):
        if element.text:
            yield element.text[: max_chars + 1], element, False
        return
    is_apart = False
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, one in islice(walk, _MAX_STEPS):
        is_apart = is_apart or (event in ("start", "end") and one.tag not in _INLINE)
        if event == "start":
            if one.tag in _UNSEEN:
                walk.skip_subtree()
            elif one.text:
                yield one.text[: max_chars + 1], one, is_apart
                is_apart = False
        elif one is not element and one.tail:
            yield one.tail[: max_chars + 1], one.getparent(), is_apart
            is_apart = False


def is_author_link(href: str) -> bool:
    """Whether an address is that of one person's page, as in ``/author/ada-lind``."""
    if href.count("/") < 2:
        return False
    path = href[:MAX_TEXT_CHARS].partition("?")[0].partition("#")[0].rstrip("/")
    end = path.rfind("/")
    return path[path.rfind("/", 0, max(end, 0)) + 1 : end].lower() in _PEOPLE_PATHS


def names_person(element: HtmlElement) -> bool:
    """Whether an element's markup says that it names a person: schema.org's Person, or a link to an address that ends
    in the name, as ``/people/ada-lind`` under "Ada Lind"."""
    for one in (
        element,
        *islice(element.iterchildren(etree.Element), _MAX_CHILDREN),
        *islice(element.iterancestors(), 2),
    ):
        kind = (one.get("itemtype") or one.get("typeof") or "")[:MAX_TEXT_CHARS].rstrip("/ ").lower()
        if kind.endswith("person"):
            return True
    name = _letters(text_of_element(element, _MAX_NAME_CHARS))
    path = (element.get("href") or "")[:MAX_TEXT_CHARS].partition("?")[0].partition("#")[0].rstrip("/")
    return bool(name) and _letters(path.rpartition("/")[2].partition(".")[0]) == name


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())


def text_before(element: HtmlElement) -> str:
    """What stands right before an element, of the last MAX_LABEL_CHARS + 1 characters: its label if it is no longer."""
    for _ in range(3):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            text = previous.tail or ""
            if not text.strip() and previous.tag == "h1":  # the headline is no label of what follows it
                return ""
            if not text.strip() and isinstance(previous.tag, str) and previous.tag not in _UNSEEN:
                text = text_of_element(previous, MAX_TEXT_CHARS)
        else:
            text = (parent.text or "") if parent is not None else ""
        if text.strip():
            return " ".join(text[-MAX_TEXT_CHARS:].split())[-MAX_LABEL_CHARS - 1 :]
        if parent is None or (previous is not None and len(previous)):
            return ""
        element = parent
    return ""
