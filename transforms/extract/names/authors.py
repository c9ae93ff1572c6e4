"""The authors of an article: only people that the page states. None is better than an invented one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import is_a, one_line
from transforms.extract.names.by_words import is_label, is_strong_label, without_by
from transforms.extract.names.people import Trust, compact, is_person, people_in
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Aside, Byline, MarkedBy
from transforms.web.urls import registrable_domain

_MAX_AUTHORS = 20
_MAX_OWN_WORDS = 3
_ARTICLES = frozenset("the der die das le la les el los il lo de het al o a os".split())
_NEXT = 15
_META_NAMES = ("author", "article:author", "byl", "parsely-author", "dc.creator", "sailthru.author", "citation_author")
_OTHER_LABEL = re.compile(
    r"\b(?:review|fact|check|edit|photo|image|illustrat|translat|medical|video|graphic|design|foto|bild|überset|"
    r"traduc|tradu|redakt|geprüft|relu|revis|verificat|фото|перевод)\w*\b.{0,20}$|\bsponsor",
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(r"\A([A-Z][^\s,.]{2,30}),\s?([A-Z][^\W\d_A-Z]{1,30}(?:\s[A-Z]\.)?)\Z")
"""A name in the form of a library catalogue: "Lind, Ada M."."""

_TAG = re.compile(r"<[^<>]*+>")
_CREDITS = re.compile(r"[:：]|\bby\b|\bvon\b", re.IGNORECASE)
_JOINS = re.compile(r"(?:and|und|et|y|e|en|och|og|i|и|with|&|,|;|\||/|•|·)$", re.IGNORECASE)


def authors(facts: PageFacts, page: Page, publisher: str | None) -> tuple[str, ...]:
    """The article's authors, each once, in the page's order; () if none is stated.

    Sources in order: JSON-LD author; the byline near the headline, marked by itemprop, rel, class or a link to a
    person's page, or opened by a word like "by"; meta elements; the feed entry; the only byline elsewhere in the
    article; else the only byline below the headline in a box or footer whose label says that the author follows
    ("Posted by").

    Names for machines (JSON-LD, meta) are believed if a reader sees them too. If the reader sees other, full names,
    these are taken: accounts of the publishing system are often not the author's. A byline that names all of the stated
    people and more is taken instead.
    """
    others = _no_people(facts, page, publisher)
    near, far = _visible(facts, others)
    structured = tuple(_structured(facts, others))
    told = structured or tuple(_stated_in_meta(facts, others))
    fed = tuple(_each(page.entry_authors, others))
    seen = _keys(near) | _keys(far) | _keys(fed)
    if structured and _is_full(structured):
        best = near if _keys(near) > _keys(structured) else structured
    elif told and (not near or _keys(told) & seen or _surnames(told) & _surnames(near) or not _is_full(near)):
        best = near if _keys(near) > _keys(told) else told
    else:
        best = near or told or fed or far
    return tuple(dict.fromkeys(best))[:_MAX_AUTHORS]


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(compact, names))


def _surnames(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(",")[0].split()[-1].casefold() for name in names)


def _is_full(names: Iterable[str]) -> bool:
    """Whether each name has more than one word: a single word may only look like a name."""
    return all(" " in name or not name.isascii() for name in names)


def _no_people(facts: PageFacts, page: Page, publisher: str | None) -> frozenset[str]:
    """The publisher's names in compact form, and its domain: names that are no people even if the page says so.

    People may publish themselves. A site name that looks like a person's is therefore possible if the page names no
    organisation as publisher and none of the name's words is an ordinary word in the page's text.
    """
    domain = registrable_domain(page.final_url)
    stated = (publisher, page.feed_title, facts.first_meta("og:site_name", "application-name"))
    names = [name for name in stated if name]
    others = {compact(name) for name in names} | {compact(domain), compact(domain.partition(".")[0])}
    own = {compact(name) for name in names if _is_own_publisher(name, facts)}
    return frozenset(others - own - {""} | {domain})


def _is_own_publisher(name: str, facts: PageFacts) -> bool:
    publisher = facts.structured.get("publisher")
    kinds = str(publisher.get("@type", "")) if isinstance(publisher, Mapping) else ""
    if (publisher and "Person" not in kinds) or not is_person(name, (), Trust.FULL):
        return False
    words = name.split()
    if len(words) > _MAX_OWN_WORDS or not all(word[0].isupper() for word in words) or words[0].casefold() in _ARTICLES:
        return False
    return not any(_has_word(text, word.lower()) for word in words for text in facts.prose)


def _has_word(text: str, word: str) -> bool:
    return word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _each(names: Iterable[str], others: Collection[str], *, is_stated: bool = False) -> Iterator[str]:
    for name in islice(names, _MAX_AUTHORS):
        yield from people_in(one_line(name), others, Trust.ANY, is_stated=is_stated)


def _structured(facts: PageFacts, others: Collection[str]) -> Iterator[str]:
    for author in _one_by_one(facts.structured.get("author") or facts.structured.get("creator")):
        if isinstance(author, Mapping) and "organization" in str(author.get("@type", "")).lower():
            continue
        name: Any = _name_of(author) if isinstance(author, Mapping) else author
        is_stated = isinstance(author, Mapping) and is_a(author, ("person",))
        names = [_TAG.sub(" ", one) for one in (name if isinstance(name, list) else [name]) if isinstance(one, str)]
        if is_stated:
            names = [_SURNAME_FIRST.sub(r"\2 \1", one.strip()) for one in names]
        yield from _each(names, others, is_stated=is_stated)


def _one_by_one(value: Any) -> Iterator[Any]:
    """The authors in a JSON-LD value: one author, a list of authors or lists, or an object that numbers its authors."""
    waiting = deque([value])
    for _ in range(_MAX_AUTHORS * 2):
        if not waiting:
            return
        one = waiting.popleft()
        if isinstance(one, list):
            waiting.extend(one[:_MAX_AUTHORS])
        elif isinstance(one, Mapping) and one and all(key.isdigit() for key in one):
            waiting.extend(islice(one.values(), _MAX_AUTHORS))
        else:
            yield one


def _name_of(author: Mapping[str, Any]) -> Any:
    name = author.get("name")
    if isinstance(name, Mapping):
        return name.get("@value")
    parts = author.get("givenName"), author.get("familyName")
    return name if name or not all(isinstance(part, str) for part in parts) else " ".join(map(str, parts))


def _stated_in_meta(facts: PageFacts, others: Collection[str]) -> Iterator[str]:
    stated = [tuple(_each(facts.meta.get(name, ()), others)) for name in _META_NAMES]
    most = max(stated, key=len)  # some meta elements hold only the first author
    if most:
        yield from most
        return
    for n in ("1", "2"):
        if is_label(facts.first_meta(f"twitter:label{n}") or ""):
            yield from _each(facts.meta.get(f"twitter:data{n}", ())[:1], others)


def _visible(facts: PageFacts, others: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people in the best byline near the headline, and those in the only byline elsewhere in the article."""
    near: list[_Named] = []
    far: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
    for byline in facts.bylines:
        if _OTHER_LABEL.search(byline.label) or not _may_follow(byline):
            continue
        people = tuple(_people_of(byline, others))
        if not people:
            continue
        if byline.near:
            near.append(_Named(byline, people))
        elif (byline.kind != MarkedBy.TEXT and byline.aside is Aside.WITHIN) or (
            byline.away > 0 and _has_strong_label(byline)
        ):
            far[byline.aside].append(people)
    return _nearest(near), _only(far[Aside.WITHIN]) or _only(far[Aside.BESIDE])


def _may_follow(byline: Byline) -> bool:
    """Whether a link to a person stands where a byline may: not in a sentence, nor after a label of another kind."""
    return (
        byline.kind != MarkedBy.LINK
        or not byline.label
        or is_label(byline.label)
        or _JOINS.match(byline.label) is not None
    )


def _has_strong_label(byline: Byline) -> bool:
    return any(is_strong_label(piece.text) or is_strong_label(_lead(piece.text)) for piece in byline.pieces[:2])


def _lead(text: str) -> str:
    """The words of a text that introduce the name in it."""
    return text[: len(text) - len(without_by(text))].strip()


class _Named(NamedTuple):
    byline: Byline
    people: tuple[str, ...]

    def rank(self) -> tuple[int, bool, int]:
        """Sort key, the least is the best: not beside the article, marked or labelled, close below the headline."""
        away = self.byline.away
        marked = self.byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL, MarkedBy.TEXT) or is_label(self.byline.label)
        return self.byline.aside, not marked, away if away >= 0 else -2 * away


def _nearest(near: Sequence[_Named]) -> tuple[str, ...]:
    """The people in the best byline, and in the bylines that a template repeats right after it."""
    if not near:
        return ()
    best = min(near, key=_Named.rank)
    found = list(best.people)
    last = best.byline.away
    for byline, people in near:
        away = byline.away
        if byline.signature == best.byline.signature and 0 < away - last <= _NEXT and not _names_other(byline.label):
            found.extend(people)
            last = away
    return tuple(dict.fromkeys(found))


def _names_other(label: str) -> bool:
    return bool(label) and _JOINS.match(label) is None and not is_label(label)


def _only(far: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The people in the bylines away from the headline, if all name the same; else (): they belong to several texts."""
    return far[0] if far and all(_keys(one) == _keys(far[0]) for one in far) else ()


def _people_of(byline: Byline, others: Collection[str]) -> Iterator[str]:
    """The people that the element's runs of text name, up to the first run that is no part of the byline."""
    kind, is_labelled = byline.kind, is_label(byline.label)
    marked = kind in (MarkedBy.ITEMPROP, MarkedBy.REL) or (kind in (MarkedBy.CLASS, MarkedBy.LINK) and is_labelled)
    trust = Trust.ANY if marked else Trust.ALONE if kind == MarkedBy.LINK else Trust.FULL
    linked = kind in (MarkedBy.REL, MarkedBy.LINK) and is_labelled
    is_stated = kind != MarkedBy.TEXT and (byline.is_person or linked)
    opened = kind != MarkedBy.TEXT
    strong = is_strong_label(byline.label)
    found = ""
    joined = False
    for piece in byline.pieces:
        text = one_line(piece.text)
        other = _OTHER_LABEL.search(text) if len(text) <= MAX_LABEL_CHARS else None
        if other is not None:
            if without_by(text[: other.start()]) in ("", text[: other.start()]) or not _CREDITS.search(other[0]):
                return
            text = text[: other.start()].rstrip(" ,;|")  # "Text: Ada Lind, photos: Bo Berg"
        if is_label(text):
            opened, strong = True, is_strong_label(text)
        elif _JOINS.match(text):
            joined = True
        elif not opened and without_by(text) == text:
            continue
        elif found and not joined and piece.signature != found:
            return
        else:
            strong = strong or is_strong_label(_lead(text))
            believed = max(trust, Trust.ALONE) if strong else trust
            people = tuple(people_in(text, others, believed, is_stated=is_stated))
            if found and not people:
                return
            yield from people
            found = piece.signature if people else found
            joined, strong = text.endswith((",", "&", " and")), False
            opened = opened or bool(people)
