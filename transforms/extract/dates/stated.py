"""What a page tells machines of its dates, in JSON-LD and meta elements: texts that are read as dates elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of

_FIRST_METAS = ("article:published_time", "og:published_time", "datepublished", "pubdate", "parsely-pub-date")
_LAST_METAS = ("date", "dc.date.issued", "dc.date", "dcterms.issued", "dcterms.created", "datecreated", "sailthru.date")
_LETTERS = re.compile(r"[^a-z]+")
_PUBLISHED_NAME = re.compile(r"publi(?:sh(?:ed|ing|time|date)|cat)|pub(?:date|time)|datepubl")
_CREATED_NAME = re.compile(
    r"(?:release|creat(?:ion|ed?)|display|online|citation)(?:date|time|at|on)?$|"
    r"^(?:dc|dcterms|eprints)date|issued$|dateoriginal$|^p(?:date|time)$"
)
_OTHER_NAME = re.compile(
    r"modif|updat|expir|until|last|first|unpubl|republ|publisher|end|copyright|valid|available|revis"
)


def structured_date(facts: PageFacts, name: str) -> str | None:
    """A date in the page's JSON-LD as text. It may be a number (seconds or milliseconds since 1970) or a PHP date
    object."""
    value = facts.structured.get(name)
    if isinstance(value, Mapping) and isinstance(value.get("date"), str):
        zone = value.get("timezone")
        return f"{value['date']} {zone}" if isinstance(zone, str) else value["date"]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return text_of(value)


def published_metas(facts: PageFacts) -> Iterator[str]:
    """Values of meta elements that state a publication, the plainest names first; then those that state a creation."""
    for name in _FIRST_METAS:
        yield from facts.meta.get(name, ())[:1]
    others = [(told, values[:1]) for name, values in facts.meta.items() if (told := _told_by(name)) is not _NOTHING]
    named = [(told, values) for told, values in others if told.is_publication]
    for _, values in sorted(named, key=lambda one: not one[0].is_date):  # a "time" may be that of a new release
        yield from values
    for name in _LAST_METAS:
        yield from facts.meta.get(name, ())[:1]
    for told, values in others:
        if told.is_creation:
            yield from values


class _Told(NamedTuple):
    """What a meta element tells by its name, which may be that of both."""

    is_publication: bool
    is_creation: bool
    is_date: bool


_NOTHING = _Told(False, False, False)


@lru_cache(maxsize=4096)
def _told_by(name: str) -> _Told:
    """What a meta element of a name other than the plainest tells; pages share most of their names."""
    letters = _LETTERS.sub("", name)
    if name in _FIRST_METAS or _OTHER_NAME.search(letters) is not None:
        return _NOTHING
    is_publication, is_creation = _PUBLISHED_NAME.search(letters), _CREATED_NAME.search(letters)
    if is_publication is None and is_creation is None:
        return _NOTHING
    return _Told(is_publication is not None, is_creation is not None, "date" in letters)


def modified_text(facts: PageFacts) -> str | None:
    """When the page says that it was last edited; None where it does not say."""
    return structured_date(facts, "dateModified") or facts.first_meta(
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"
    )
