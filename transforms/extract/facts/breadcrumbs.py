"""Breadcrumbs: the path from a site's front page to an article, as pages show it ("Home › News › Harbour")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from transforms.extract.json_ld.structured import is_a, text_of
from transforms.extract.names.people import compact
from transforms.extract.page.page_marks import text_of_element
from transforms.web.urls import BadUrl, parse_url, resolve

_MAX_CRUMBS = 12
_MAX_NAME_CHARS = 60
_MIN_CUT_CHARS = 16
_MAX_POSITION_CHARS = 4
_FRONT_PAGE = re.compile(r"(?:[a-z]{2}(?:[-_][a-z]{2})?)?", re.IGNORECASE)
"""Paths of front pages: empty, or a language."""


class Crumb(NamedTuple):
    """One step of a breadcrumb: its text, and the address it links to ("" if none)."""

    name: str
    url: str


def stated_crumbs(objects: Iterable[Mapping[str, Any]]) -> tuple[Crumb, ...]:
    """The steps of the first BreadcrumbList in a page's JSON-LD, by their stated positions."""
    for one in objects:
        for value in (one, one.get("breadcrumb")):
            if isinstance(value, Mapping) and is_a(value, ("breadcrumblist",)):
                items = value.get("itemListElement")
                steps = [item for item in (items if isinstance(items, list) else ()) if isinstance(item, Mapping)]
                return tuple(filter(None, map(_crumb, sorted(steps[:_MAX_CRUMBS], key=_position))))
    return ()


def _position(item: Mapping[str, Any]) -> int:
    stated = item.get("position")
    digits = str(stated) if isinstance(stated, int | str) else ""
    return int(digits) if digits.isdecimal() and len(digits) <= _MAX_POSITION_CHARS else _MAX_CRUMBS


def _crumb(item: Mapping[str, Any]) -> Crumb | None:
    target = item.get("item")
    inner = target if isinstance(target, Mapping) else {}
    name = text_of(item.get("name")) or text_of(inner.get("name"))
    url = inner.get("@id") or inner.get("url") or target
    return Crumb(name, url if isinstance(url, str) else "") if name else None


def marked_crumbs(elements: Iterable[HtmlElement]) -> tuple[Crumb, ...]:
    """The steps of the page's first breadcrumb element: its links. An element with more than 12 links is none."""
    for element in elements:
        links = list(islice(element.iter("a"), _MAX_CRUMBS + 1))
        if 1 <= len(links) <= _MAX_CRUMBS:
            steps = (Crumb(text_of_element(link, _MAX_NAME_CHARS + 1), link.get("href") or "") for link in links)
            return tuple(step for step in steps if step.name)
    return ()


def section_of(crumbs: Sequence[Crumb], page_url: str, titles: Collection[str]) -> str | None:
    """The last step before the article that is no front page, or None. `titles` are the article's, in compact form.

    A step is the article itself if it links nowhere, links to this page, or is called like the article. A front page is
    known by its address, so its name may be in any language. A name that begins with an arrow is a button.
    """
    kept = None
    own = _path(page_url, page_url)
    for name, url in crumbs:
        path = _path(page_url, url) if url else None
        called = compact(name)
        if path is None or path == own or _FRONT_PAGE.fullmatch(path) is not None:
            continue
        if called in titles or _is_cut_off(called, titles) or not name[0].isalnum() or len(name) > _MAX_NAME_CHARS:
            continue
        kept = name
    return kept


def _is_cut_off(called: str, titles: Collection[str]) -> bool:
    return len(called) >= _MIN_CUT_CHARS and any(title.startswith(called) for title in titles)


def _path(page_url: str, url: str) -> str | None:
    """The path of an address without the slashes at its ends, "" for a front page; None if it is no address."""
    try:
        return parse_url(resolve(page_url, url)).pathname.strip("/")
    except BadUrl:
        return None
