"""Who wrote the article: people that the page states, and none rather than an invented one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from schemas.page import Page
from transforms.extract.page_facts import PageFacts
from transforms.extract.page_marks import OTHER, WITHIN, Byline
from transforms.extract.people import compact, is_label, people_in, without_by
from transforms.extract.structured import one_line
from transforms.web.urls import registrable_domain

_MAX_AUTHORS = 20
_META_NAMES = ("author", "article:author", "byl", "parsely-author", "dc.creator", "sailthru.author", "citation_author")
_OTHER_LABEL = re.compile(
    r"\b(?:review|fact|check|edit|photo|image|illustrat|translat|medical|video|graphic|design|foto|bild|überset|"
    r"traduc|tradu|redakt|geprüft|relu|revis|verificat|сфото|фото|перевод)\w*\b.{0,20}$|\bsponsor",
    re.IGNORECASE,
)
_JOINS = re.compile(r"(?:and|und|et|y|e|en|och|og|i|и|with|&|,|;|\||/|•|·)$", re.IGNORECASE)


def authors(facts: PageFacts, page: Page, publisher: str | None) -> tuple[str, ...]:
    """The article's authors, each once, in the page's order; () where none is stated.

    Sources: JSON-LD author, the byline near the headline (marked by itemprop, rel, class or a link to a person's page,
    or opened by a word like "by"), meta elements, the feed entry, the one byline elsewhere in the article. What a
    machine is told (JSON-LD, meta) is believed where a reader sees it too; where a reader sees whole names instead,
    the reader's are taken: accounts of the publishing system are often not the author's. A byline that names all of
    these people and more completes them.
    """
    others = _no_people(facts, page, publisher)
    near, far = _visible(facts, others)
    told = tuple(_structured(facts, others)) or tuple(_stated_in_meta(facts, others))
    fed = tuple(_each(page.entry_authors, others))
    seen = _keys(near) | _keys(far) | _keys(fed)
    if told and (not near or _keys(told) & seen or not _is_full(near)):
        best = near if _keys(near) > _keys(told) else told
    else:
        best = near or told or fed or far
    return tuple(dict.fromkeys(best))[:_MAX_AUTHORS]


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(compact, names))


def _is_full(names: Iterable[str]) -> bool:
    """Whether the names are of more than one word each: one alone may be a word that only looks like a name."""
    return all(" " in name or not name.isascii() for name in names)


def _no_people(facts: PageFacts, page: Page, publisher: str | None) -> frozenset[str]:
    """The publisher's names in compact form: they are no people even where the page says so."""
    domain = registrable_domain(page.final_url)
    site_names = (publisher, page.feed_title, facts.first_meta("og:site_name", "application-name"))
    names = {compact(name) for name in site_names if name}
    return frozenset(names | {domain, compact(domain), compact(domain.partition(".")[0])}) - {""}


def _each(names: Iterable[str], others: Collection[str]) -> Iterator[str]:
    for name in islice(names, _MAX_AUTHORS):
        yield from people_in(one_line(name), others, alone=True)


def _structured(facts: PageFacts, others: Collection[str]) -> Iterator[str]:
    value = facts.structured.get("author") or facts.structured.get("creator")
    for author in islice(value if isinstance(value, list) else [value], _MAX_AUTHORS):
        if isinstance(author, Mapping) and "organization" in str(author.get("@type", "")).lower():
            continue
        name: Any = author.get("name") if isinstance(author, Mapping) else author
        yield from _each((one for one in (name if isinstance(name, list) else [name]) if isinstance(one, str)), others)


def _stated_in_meta(facts: PageFacts, others: Collection[str]) -> Iterator[str]:
    for name in _META_NAMES:
        people = tuple(_each(facts.meta.get(name, ()), others))
        if people:
            yield from people
            return
    for n in ("1", "2"):
        if is_label(facts.first_meta(f"twitter:label{n}") or ""):
            yield from _each(facts.meta.get(f"twitter:data{n}", ())[:1], others)


def _visible(facts: PageFacts, others: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people of the best byline near the headline, and of the best one elsewhere in the article."""
    near: list[tuple[int, tuple[str, ...], Byline]] = []
    far: list[tuple[str, ...]] = []
    for byline in facts.bylines:
        if byline.aside == OTHER or _OTHER_LABEL.search(byline.label):
            continue
        people = tuple(_people_of(byline, others))
        if not people:
            continue
        if byline.near:
            near.append((_distance(byline), people, byline))
        else:
            far.append(people)
    return _nearest(near), _only(far)


def _distance(byline: Byline) -> int:
    away = byline.away or 0
    return away if away >= 0 else -2 * away


def _nearest(near: list[tuple[int, tuple[str, ...], Byline]]) -> tuple[str, ...]:
    if not near:
        return ()
    _, people, first = min(near, key=lambda one: (one[2].kind == "text" and len(one[1]) < 2, one[0]))
    found = list(people)
    last = first.away or 0
    for _, more, byline in near:
        if byline.signature == first.signature and 0 < (byline.away or 0) - last <= 15:
            found.extend(more)
            last = byline.away or 0
    return tuple(dict.fromkeys(found))


def _only(far: list[tuple[str, ...]]) -> tuple[str, ...]:
    """A byline away from the headline counts where there is only one: several are those of several texts."""
    return far[0] if far and all(_keys(one) == _keys(far[0]) for one in far) else ()


def _people_of(byline: Byline, others: Collection[str]) -> Iterator[str]:
    """The people that the element's runs of text name, up to the first run that is no part of the byline."""
    alone = byline.kind in ("itemprop", "rel")
    labelled = False
    opened = byline.kind != "text"
    found = ""
    joined = False
    for piece in byline.pieces:
        text = one_line(piece.text)
        if _OTHER_LABEL.search(text) and len(text) <= 40:
            return
        if is_label(text):
            opened = labelled = True
            continue
        if _JOINS.match(text):
            joined = True
            continue
        by = without_by(text) != text
        if not (opened or by) or (found and not joined and piece.signature != found):
            if found:
                return
            continue
        people = tuple(people_in(text, others, alone or labelled))
        if not people:
            if found:
                return
            labelled = False
            continue
        yield from people
        found, joined, opened = piece.signature, text.endswith((",", "&", " and")), True
