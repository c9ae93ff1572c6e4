"""Reads the terms of Really Simple Licensing (RSL 1.0, https://rslstandard.org/rsl) that stand in pages and feeds.

Documents that are only linked are named and never fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from transforms.web.politeness.robots_rules import path_of, rule_of
from transforms.web.usage.statements import MAX_URL_CHARS

RSL_TYPE: Final = "application/rsl+xml"
RSL_NAMESPACE: Final = "https://rslstandard.org/rsl"
MAX_RSL_CHARS: Final = 100_000
"""A longer document in a page is not read."""

_MAX_CONTENTS: Final = 50
_MAX_LICENSES: Final = 20
_MAX_TERMS: Final = 50
_MAX_STATEMENTS: Final = 50
_MAX_WORDS: Final = 300
_TYPES: Final = {
    "usage": frozenset("all ai-all ai-train ai-input ai-index search".split()),
    "user": frozenset("commercial non-commercial education government personal".split()),
}
"""What may be permitted or prohibited (RSL 1.0, 3.4.1). The third type, `geo`, has codes of countries."""

_PAYMENTS: Final = frozenset("purchase subscription training crawl use contribution attribution".split())
"""Kinds of payment (3.7); `free` is the default and not repeated."""


def document_terms(text: str, page_url: str) -> tuple[str, ...]:
    """What the RSL document inside a page states of the page. Empty where it is no XML."""
    if len(text) > MAX_RSL_CHARS:
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ()
    contents = list(islice((one for one in root.iter() if _name(one) == "content"), _MAX_CONTENTS))
    return content_terms(contents if len(contents) < 2 else (one for one in contents if covers(one, page_url)))


def covers(content: etree._Element, page_url: str) -> bool:
    """Whether a `content` element speaks of a page: its `url` is empty, or a path or address that matches the page's
    as a rule of robots.txt would (3.3)."""
    url = (content.get("url") or "").strip()
    if not url:
        return True
    if len(url) > MAX_URL_CHARS:
        return False
    try:
        stated = urlsplit(url)
        if stated.netloc and stated.netloc.lower() != urlsplit(page_url).netloc.lower():
            return False
        pattern = url[url.index(stated.netloc) + len(stated.netloc) :] if stated.netloc else url
        rule = rule_of(True, pattern or "/")
        return rule is not None and rule.matches(path_of(page_url))
    except ValueError:
        return False


def content_terms(contents: Iterable[etree._Element]) -> tuple[str, ...]:
    """The statements of `content` elements, sorted, each once, such as ``rsl:prohibits-usage=ai-train``.

    A licence that is not free says so with what it permits: ``rsl:permits-usage=ai-input;payment=crawl``.
    """
    found = {statement for content in islice(contents, _MAX_CONTENTS) for statement in _terms(content)}
    return tuple(sorted(found)[:_MAX_STATEMENTS])


def _terms(content: etree._Element) -> Iterator[str]:
    for part in islice((one for one in content if _name(one) == "license"), _MAX_LICENSES):
        terms = part[:_MAX_TERMS]
        paid = ""
        for payment in (one for one in terms if _name(one) == "payment"):
            kind = (payment.get("type") or "").strip().lower()
            paid = f";payment={kind}" if kind in _PAYMENTS else ""
        for term in terms:
            verb, kind = _name(term), (term.get("type") or "").strip().lower()
            if verb in ("permits", "prohibits"):
                suffix = paid if verb == "permits" else ""
                yield from (f"rsl:{verb}-{kind}={word}{suffix}" for word in _words(kind, term.text or ""))


def _words(kind: str, text: str) -> Iterator[str]:
    """The tokens of a list. Commas, which the draft of 2025 had, count as blanks."""
    words = text[: _MAX_WORDS * 20].replace(",", " ").split()[:_MAX_WORDS]
    if kind == "geo":
        yield from (word.upper() for word in words if len(word) == 2 and word.isascii() and word.isalpha())
    else:
        yield from (word.lower() for word in words if word.lower() in _TYPES.get(kind, ()))


def _name(element: etree._Element) -> str:
    """The local name of an element, whatever its prefix; "" of comments."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
