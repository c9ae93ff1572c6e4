"""What an address tells about its page: a name of its own, an id in the query, or only a section."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from transforms.extract.page.page_words import is_word
from transforms.text.scripts import wide_count
from transforms.web.urls import parse_url

_EXTENSION = re.compile(r"\.([a-z]{2,5}\d?)$")
_SCRIPTS = frozenset("php php3 php4 php5 asp aspx jsp jspx jsf cfm cgi pl py rb do axd dll nsf action".split())
_PAGES = frozenset("html htm shtml xhtml phtml amp".split()) | _SCRIPTS
_INDEX = frozenset("index default home main start".split())
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_VARIANTS = frozenset(
    "amp mobile mobi m print printable printer print-version druck drucken druckversion imprimer imprimir stampa "
    "full single all-pages lite".split()
)
"""Path segments that mark another form of the same page."""

_SPLIT = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")
_DATE_PATH = re.compile(r"(?:^|/)(?:19|20)\d\d(?:[/-]\d{1,2}|[/-][a-z]{3}){0,2}$")
_LONG_NUMBER = re.compile(r"\d{4,}")
_MIXED = re.compile(r"[a-z]\d+[a-z]|\d[a-z]+\d")
_SESSION = re.compile(r"[0-9A-Za-z]{20,}")
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")

_JOINERS = frozenset(
    "a an and at by de der des di die du e el en et for i in la le les of och og on the to und y".split()
)
_GENERIC = frozenset(
    "article articles story stories news detail details view viewer show page pages read reader item items post posts "
    "content contents text document node entry artikel beitrag meldung nachricht nachrichten noticia noticias nota "
    "articulo articolo notizia notizie actualite artykul haber node display print list main default index".split()
)
_MIN_WORDS = 3
_MIN_ID_DIGITS = 4
_MIN_VALUE_DIGITS = 3
_MIN_WIDE = 4

_NOISE = frozenset(
    "amp print printable format output outputtype mobile lang language locale hl nocache cache cb ts timestamp _ _r "
    "rand random sort order theme skin device jsessionid phpsessid sessionid session token gift share shared".split()
)
"""Query names that only say how or to whom a page is shown, whatever their value."""

_SOFT = frozenset("ref referrer referer source src from via rss feed wprss cmp icid page pg start s v t q r oc".split())
"""Query names of either kind: part of the identity only if the value looks like an id."""

_ID_NAMES = frozenset(
    "id p a n i k key no nr num pid nid aid artid artnr idno idxno newsid postid guid uuid oid doc docid article "
    "articles artikel articulo articolo art story news post item document noticia nota notizia beitrag meldung "
    "nachricht entry topic".split()
)
_ID_WORDS = _ID_NAMES - frozenset("id p a n i k key no nr num doc".split())
_ID_ENDS = ("id", "idx", "key", "nr", "num")


class Telling(IntEnum):
    """How sure it is that a part of the query tells which article it is."""

    NOT = 0
    PERHAPS = 1
    """The name is not known as an id's. It may tell the article if the path names a program that shows any article."""

    LIKELY = 2
    SURELY = 3


class QueryPart(NamedTuple):
    """One ``name=value`` of a query, decoded, the name in lower case. A part without "=" is all value."""

    name: str
    value: str
    telling: Telling


@dataclass(frozen=True)
class Address:
    """An absolute URL in parts.

    `segments` are the path's segments, decoded and in lower case, without extension, index page and variant (`amp`,
    `print`). `is_script` says whether the last segment has the extension of a program (".php").
    """

    host: str
    segments: tuple[str, ...]
    is_script: bool
    query: tuple[QueryPart, ...]

    @cached_property
    def is_front(self) -> bool:
        """Whether the path leads to a front page, or to a front page in one language ("/en")."""
        return not self.segments or (len(self.segments) == 1 and _LANGUAGE.fullmatch(self.segments[0]) is not None)

    @property
    def is_program(self) -> bool:
        """Whether the path names a program that shows articles, without naming the article."""
        return self.is_script or self.is_front or not _words(self.segments[-1])

    def names_article(self, titles: Collection[str] = ()) -> bool:
        """Whether the path tells which article it is: by a number, a date above the last segment, or three words.

        In scripts without spaces, four characters are enough. `titles` are the words of the page's titles: two words
        are enough if both are among them.
        """
        if not self.segments or _DATE_PATH.search("/".join(self.segments)):
            return False
        *above, last = self.segments
        if has_number(last) or any(_LONG_NUMBER.fullmatch(one) and not _DATE.fullmatch(one) for one in above):
            return True
        words = _words(last)
        if self.is_script or not words:
            return _wide(last) >= _MIN_WIDE
        if _DATE_PATH.search("/".join(above)):
            return True
        return len(words) >= _MIN_WORDS or (len(words) > 1 and words <= set(titles)) or _wide(last) >= _MIN_WIDE


def address_of(url: str) -> Address:
    """The parts of an absolute URL. Raises BadUrl."""
    parsed = parse_url(url)
    segments = [unquote(segment).lower() for segment in parsed.pathname.split("/") if segment]
    is_script = False
    if segments and (extension := _EXTENSION.search(segments[-1])) and extension[1] in _PAGES:
        is_script = extension[1] in _SCRIPTS
        segments[-1] = segments[-1][: extension.start()].removesuffix(".amp")
    if segments and segments[-1] in _INDEX:
        segments.pop()
    if segments:
        segments[-1] = segments[-1].removesuffix("-amp")
    kept = tuple(segment for segment in segments if segment and segment not in _VARIANTS)
    parts = (part for part in parsed.search[1:].split("&") if part)
    return Address(parsed.hostname.removesuffix("."), kept, is_script, tuple(map(_query_part, parts)))


def has_number(segment: str) -> bool:
    """Whether a segment holds a number as articles have: it is one, has a long one, or mixes letters and digits."""
    if segment.isdecimal():
        return not _DATE.fullmatch(segment)
    return any(_is_id(token) for token in _SPLIT.split(segment))


def _is_id(token: str) -> bool:
    digits = sum(map(str.isdecimal, token))
    if digits >= _MIN_ID_DIGITS:
        return not (_DATE.fullmatch(token) if digits == len(token) else _YEAR.search(token))
    return digits > 0 and len(token) > _MIN_ID_DIGITS and _MIXED.search(token) is not None


def lacks_query(asked: Address, stated: Address) -> bool:
    """Whether `stated` lacks the part of `asked`'s query that tells articles apart."""
    kept = {(part.name, part.value) for part in stated.query}
    dropped = [part.telling for part in asked.query if (part.name, part.value) not in kept]
    stays = max((part.telling for part in asked.query if (part.name, part.value) in kept), default=Telling.NOT)
    worst = max(dropped, default=Telling.NOT)
    if worst is Telling.SURELY:
        return True
    if worst is Telling.LIKELY:
        return stays < Telling.SURELY
    return worst is Telling.PERHAPS and stays < Telling.LIKELY and asked.is_program


def is_of_kind(segments: Sequence[str], kind: str) -> bool:
    """Whether one of the segments is a word of the kind (see ``page_words.json``)."""
    return any(is_word(segment.replace("_", "-"), kind) for segment in segments)


def _query_part(part: str) -> QueryPart:
    printed, equals, value = part.partition("=")
    if not equals:
        printed, value = "", printed
    value = unquote_plus(value)
    name = unquote(printed)
    return QueryPart(name.lower(), value, _telling(name, value))


def _telling(printed: str, value: str) -> Telling:
    name, looks = printed.lower(), _looks_like_id(value)
    if name in _NOISE or not value.strip() or (name == "sid" and _SESSION.fullmatch(value)):
        return Telling.NOT
    if name in _SOFT or not name:
        return Telling.LIKELY if looks or (not name and value.isdecimal()) else Telling.NOT
    words = [word.lower() for word in _NAME_PARTS.findall(printed)]
    if name in _ID_NAMES or any(word in _ID_WORDS for word in words):
        return Telling.SURELY
    if looks or name.startswith("id") or name.endswith(_ID_ENDS) or (words and words[-1] in ("no", "code")):
        return Telling.LIKELY
    return Telling.PERHAPS


def _looks_like_id(value: str) -> bool:
    """Whether a value is a number of three digits or more, mixes letters with digits, ends in either after a slash
    ("node/12"), or has the words of a headline."""
    text = value.strip().lower()
    if "/" in text.strip("/"):
        return has_number(text.strip("/").rpartition("/")[2])
    if text.isdecimal():
        return len(text) >= _MIN_VALUE_DIGITS
    return has_number(text) or len(_words(text)) >= _MIN_WORDS


def _words(segment: str) -> set[str]:
    """The distinctive words of a segment: no numbers, no small words, no words that any article's address may have."""
    words = (word for word in _SPLIT.split(segment) if len(word) > 1 and not word.isdecimal())
    return {word for word in words if word not in _JOINERS and word not in _GENERIC}


def _wide(segment: str) -> int:
    return wide_count(segment)
