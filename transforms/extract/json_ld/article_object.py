"""The object of a page's JSON-LD that describes the page's own article; pages also describe stories that they link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from transforms.extract.facts.headings import shared, words_of
from transforms.extract.json_ld.structured import is_a, text_of
from transforms.web.urls import BadUrl, normalize_url, parse_url, registrable_domain, resolve

ARTICLE_TYPES = ("article", "posting", "report", "review")
_PAGE_TYPES = ("page", "creativework")
_MAX_TITLE_CHARS = 1_000
_MAX_ADDRESSES = 8
_AGREES, _DIFFERS = 0.5, 0.2
_MIN_WORDS = 3
_MOBILE_ENDS = ("/amp", "/index.html", "/index.php")


def article_object(
    objects: Sequence[Mapping[str, Any]], addresses: Iterable[str] = (), titles: Iterable[str] = ()
) -> Mapping[str, Any]:
    """The page's JSON-LD object that describes its own article, or {} if none does.

    Objects of an article type with the page's address and headline come first, then those with one of the two; then
    those that state a headline, then those with a date. If there is no such object, a dated object of the web page is
    taken.

    `addresses` are the page's own; the first is the final address, and absolute. `titles` are the texts of its title,
    og:title and headings. An object with another address on the same site and a clearly different headline is another
    story's, even if it is the only one. An author or publisher given only by `@id` is replaced by the object with that
    id.
    """
    own = _OwnPage(addresses, titles)
    articles = [one for one in objects if is_a(one, ARTICLE_TYPES) and not own.differs(one)]
    articles = sorted(articles, key=own.rank) or [
        one for one in objects if is_a(one, _PAGE_TYPES) and "datePublished" in one
    ]
    if not articles:
        return {}
    by_id = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and "name" in one}
    return {name: _resolved(value, by_id) for name, value in articles[0].items()}


def _resolved(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, by_id) if isinstance(one, Mapping) else one for one in value]
    if isinstance(value, Mapping) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


class _Place(NamedTuple):
    """An address in the form in which two are compared: without scheme, subdomain, fragment and mobile ending."""

    domain: str
    path: str
    query: str

    def is_same(self, other: _Place) -> bool:
        """Whether two addresses lead to one page. A query in only one of them is ignored, unless the path is empty."""
        if (self.domain, self.path) != (other.domain, other.path):
            return False
        return self.query == other.query or (self.path != "" and not (self.query and other.query))


class _OwnPage:
    """A page's addresses and titles, which tell its own object from those of other stories."""

    def __init__(self, addresses: Iterable[str], titles: Iterable[str]) -> None:
        stated = [address for address in addresses if address]
        self._base = stated[0] if stated else None
        self._known: dict[str, _Place | None] = {}
        self._places = list(filter(None, map(self._place, stated)))
        self._titles = [words for title in titles if (words := words_of(title[:_MAX_TITLE_CHARS]))]

    def rank(self, one: Mapping[str, Any]) -> tuple[int, bool, bool, float]:
        """Sort key of an object: the least is the page's best match."""
        share = self._share(one)
        known = self._is_here(one) + (share >= _AGREES)
        return -known, "headline" not in one, "datePublished" not in one, -share

    def differs(self, one: Mapping[str, Any]) -> bool:
        """Whether both the address and the headline of an object are those of another page."""
        domains = {place.domain for place in self._places}
        elsewhere = any(place.domain in domains for place in self._places_of(one)) and not self._is_here(one)
        titled = any(len(title) >= _MIN_WORDS for title in self._titles)
        return elsewhere and titled and len(_headline(one)) >= _MIN_WORDS and self._share(one) < _DIFFERS

    def _is_here(self, one: Mapping[str, Any]) -> bool:
        return any(stated.is_same(own) for stated in self._places_of(one) for own in self._places)

    def _share(self, one: Mapping[str, Any]) -> float:
        words = _headline(one)
        return max((shared(words, title) for title in self._titles), default=0.0) if words else 0.0

    def _places_of(self, one: Mapping[str, Any]) -> Iterator[_Place]:
        stated = (text for name in ("url", "mainEntityOfPage", "@id") for text in _addresses(one.get(name)))
        for address in islice(stated, _MAX_ADDRESSES):
            if address not in self._known:
                self._known[address] = self._place(address)
            if (place := self._known[address]) is not None:
                yield place

    def _place(self, address: str) -> _Place | None:
        if self._base is None or address.startswith(("#", "_:")):
            return None
        try:
            url = parse_url(normalize_url(resolve(self._base, address)))
            path = url.pathname.rstrip("/").lower()
            for end in _MOBILE_ENDS:
                path = path.removesuffix(end)
            return _Place(registrable_domain(str(url.href)), path, url.search)
        except BadUrl:
            return None


def _headline(one: Mapping[str, Any]) -> frozenset[str]:
    return words_of((text_of(one.get("headline")) or text_of(one.get("name")) or "")[:_MAX_TITLE_CHARS])


def _addresses(value: Any) -> Iterator[str]:
    """The addresses in a JSON-LD value: a string, an object's `@id` and `url`, or either in a list."""
    for one in islice(value if isinstance(value, list) else [value], _MAX_ADDRESSES):
        stated = (one.get("@id"), one.get("url")) if isinstance(one, Mapping) else (one,)
        yield from (text for text in stated if isinstance(text, str) and text)
