"""The authors that a page states for machines: in JSON-LD, and in meta elements."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import is_a, one_line
from transforms.extract.names.by_words import is_label
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.organizations import organizations_in
from transforms.extract.names.people import Trust, compact
from transforms.text.agency_names import load_agencies

MAX_AUTHORS = 20
MAX_AGENCY_CHARS = 60
_META_NAMES = (
    "author", "article:author", "byl", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "citation_author", "citation_authors", "article:byline", "article_author",
)  # fmt: skip
_CATALOGUES = ("citation", "dc")
_CREDITED = ("sourceOrganization", "provider", "copyrightHolder", "creditText")
_META_CREDITED = (
    "dc.source", "dcterms.source", "dc.rightsholder", "source", "article:source", "original-source",
    "syndication-source", "news_source", "provider",
)  # fmt: skip
_SURNAME_FIRST = re.compile(r"\A([A-Z][^\s,.]{2,30}),\s?([A-Z][^\W\d_A-Z]{1,30}(?:\s[A-Z]\.)?)\Z")
"""A name in the form of a library catalogue: "Lind, Ada M."."""

_ADDRESS = re.compile(r"\s*(?:https?://\S*+|[\w-]++(?:\.[\w-]++)++)\s*")
"""The site's own address in the author's place: templates put it on all pages."""

_TAG = re.compile(r"<[^<>]*+>")


class StatedLine(NamedTuple):
    """A text that stands for one author or several, and what the page says that it names."""

    text: str
    is_person: bool = False
    is_organization: bool = False


class StatedNames(NamedTuple):
    """The people and the organisations in some lines, and these lines as stated."""

    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def names_in(lines: Iterable[StatedLine], others: frozenset[str]) -> StatedNames:
    """Who is named in lines stated for machines. `others` are the publisher's names, which are no people."""
    people: list[str] = []
    organizations: list[str] = []
    read: list[str] = []
    for text, is_person, is_organization in islice(lines, MAX_AUTHORS):
        line = one_line(text)
        found = () if is_organization else tuple(people_in(line, others, Trust.ANY, is_stated=is_person))
        people += found
        organizations += organizations_in(line, others, is_stated=is_organization)
        read.append(line)
    return StatedNames(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organizations)), tuple(dict.fromkeys(read)))


def json_ld_lines(facts: PageFacts) -> Iterator[StatedLine]:
    """The names of authors in the article's JSON-LD."""
    for author in _one_by_one(facts.structured.get("author") or facts.structured.get("creator")):
        is_object = isinstance(author, Mapping)
        is_person = is_object and is_a(author, ("person",))
        is_organization = is_object and not is_person and "organization" in str(author.get("@type", "")).lower()
        name: Any = _name_of(author) if is_object else author
        for one in name if isinstance(name, list) else [name]:
            if isinstance(one, str):
                text = _TAG.sub(" ", one)
                yield StatedLine(_turned(text) if is_person else text, is_person, is_organization)


def credited_agencies(facts: PageFacts, others: frozenset[str]) -> tuple[str, ...]:
    """The agencies that a page states as its source or provider, or as the holder of its rights, as stated; none that
    is the publisher itself (`others` are its names), and none whose name may mean something else."""
    stated: list[Any] = [one for key in _CREDITED for one in _one_by_one(facts.structured.get(key))]
    names: list[Any] = [_name_of(one) if isinstance(one, Mapping) else one for one in stated]
    names += [value for key in _META_CREDITED for value in facts.meta.get(key, ())[:1]]
    lines = (one_line(name) for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(line for line in lines if compact(line) not in others and _is_agency(line)))


def _is_agency(line: str) -> bool:
    return len(line) <= MAX_AGENCY_CHARS and bool(load_agencies().unmistakable(line))


def meta_lines(facts: PageFacts, others: frozenset[str]) -> list[StatedLine]:
    """The names of authors in meta elements: those of the element with the most people in it."""
    stated = [
        [StatedLine(_turned(text) if name.startswith(_CATALOGUES) else text) for text in facts.meta[name]]
        for name in _META_NAMES
        if name in facts.meta
    ]
    most = max(stated, key=lambda lines: len(names_in(lines, others).people), default=[])  # some hold only the first
    if names_in(most, others).people:
        return most
    if labelled := labelled_line(facts):
        return labelled
    others_named = ([line for line in lines if _ADDRESS.fullmatch(line.text) is None] for lines in stated)
    return next((lines for lines in others_named if lines), [])


def labelled_line(facts: PageFacts) -> list[StatedLine]:
    """What the page states for previews of links under a label such as "Written by"."""
    for n in ("1", "2"):
        if is_label(facts.first_meta(f"twitter:label{n}") or ""):
            return [StatedLine(text) for text in facts.meta.get(f"twitter:data{n}", ())[:1]]
    return []


def _turned(text: str) -> str:
    """A name of two words as people say it, if it is written as catalogues do."""
    return _SURNAME_FIRST.sub(r"\2 \1", text.strip())


def _one_by_one(value: Any) -> Iterator[Any]:
    """The authors in a JSON-LD value: one author, a list of authors or lists, or an object that numbers its authors."""
    waiting = deque([value])
    for _ in range(MAX_AUTHORS * 2):
        if not waiting:
            return
        one = waiting.popleft()
        if isinstance(one, list):
            waiting.extend(one[:MAX_AUTHORS])
        elif isinstance(one, Mapping) and one and all(key.isdigit() for key in one):
            waiting.extend(islice(one.values(), MAX_AUTHORS))
        else:
            yield one


def _name_of(author: Mapping[str, Any]) -> Any:
    name = author.get("name")
    if isinstance(name, Mapping):
        return name.get("@value")
    parts = author.get("givenName"), author.get("familyName")
    return name if name or not all(isinstance(part, str) for part in parts) else " ".join(map(str, parts))
