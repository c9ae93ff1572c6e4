"""The bylines that a reader sees: by the headline, or elsewhere in the article."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.extract.names.by_words import is_label, is_strong_label, lead_of, names_both, without_by
from transforms.extract.names.east_asian import opens_signature
from transforms.extract.names.name_lines import is_month
from transforms.extract.names.organizations import PARTS, pen_name_in
from transforms.extract.names.page_text import PageText
from transforms.extract.names.people import compact, without_title
from transforms.extract.names.printed.byline_names import (
    JOINS,
    OTHER_LABEL,
    organizations_of,
    people_beside_date,
    people_of,
)
from transforms.extract.names.printed.credited import agencies_printed
from transforms.extract.page.class_names import Aside
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Byline, MarkedBy, Piece
from transforms.text.agency_names import load_agencies

_NEXT = 15
_BELOW = 30
_SENTENCE_CHARS = 80
_MAX_SENTENCE_CHARS, _MAX_SENTENCE_PIECES = 120, 4
_CITED = re.compile(r"(?<![^\W\d_])([^\W\d_]++),\s(?:1[4-9]|20)\d\d\W*$")
"""A year alone behind a name, as books are cited: "The Tides, by Ada Lind, 1921"."""


class Seen(NamedTuple):
    """A byline with the people that it names, or with the organisations; `has_agency`: an agency is named."""

    byline: Byline
    people: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    has_agency: bool = False

    def rank(self) -> tuple[int, bool, bool, int]:
        """Sort key, the least is the best: not beside the article, marked or labelled, introduced by words like "by"
        below the headline, close below it."""
        away = self.byline.away
        marked = self.byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL, MarkedBy.TEXT) or is_label(self.byline.label)
        is_own_page = self.byline.kind == MarkedBy.LINK and self.byline.is_person
        is_said = _is_said(self.byline)
        return self.byline.aside, not (marked or is_own_page), not is_said, away if away >= 0 else -2 * away


class Visible(NamedTuple):
    """What the bylines of a page say. `near` are the people in the best byline by the headline, `far` those in the only
    one elsewhere in the article; `is_said`: words like "by" introduce those in `near`. `signing` are the bylines by the
    headline that name no people but an organisation or an agency, the best first, and `signing_far` those elsewhere;
    `all` are the bylines that name people, and `dated` the lines with a date that do; `credited` are agencies
    beside these, as printed."""

    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    is_said: bool = False
    signing: tuple[Seen, ...] = ()
    signing_far: tuple[Seen, ...] = ()
    all: tuple[Seen, ...] = ()
    dated: tuple[Seen, ...] = ()
    credited: tuple[str, ...] = ()


def visible(bylines: Iterable[Byline], others: frozenset[str], text: PageText) -> Visible:
    """Who is named in the bylines of a page. `others` are the publisher's names, which are no people; `text` tells what
    the page's text speaks against."""
    is_no_name, own_by = text.contradicts, text.own_by
    near: list[Seen] = []
    aligned: list[Seen] = []
    signing: tuple[list[Seen], list[Seen]] = ([], [])
    far: tuple[list[Seen], list[Seen]] = ([], [])
    dated: list[Seen] = []
    printed = {_in_english(one, own_by): one for one in bylines}
    for byline in printed:
        if byline.kind == MarkedBy.SOURCE:
            continue
        if byline.kind == MarkedBy.DATE:
            if people := tuple(one for one in people_beside_date(byline, others) if not text.holds_any(one)):
                dated.append(Seen(byline, people))
            continue
        if _is_other(byline) or not _may_follow(byline) or _is_sentence(byline):
            continue
        people = tuple(one for one in dict.fromkeys(people_of(byline, others)) if not is_no_name(one))
        if byline.kind == MarkedBy.ALIGN:
            if people and byline.aside is Aside.WITHIN and byline.away > 0:
                aligned.append(Seen(byline, people))
        elif not people:
            if (seen := _signed(byline, others)) is not None:
                signing[not byline.near].append(seen)
        elif byline.near:
            near.append(Seen(byline, people))
        elif (
            (byline.kind != MarkedBy.TEXT and byline.aside is Aside.WITHIN)
            or (byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL) and byline.away > 0)
            or (byline.away > 0 and (_has_strong_label(byline) or _is_line(byline)))
        ):
            far[byline.aside].append(Seen(byline, people))
    for found in signing:
        found.sort(key=Seen.rank)
    nearest = _nearest(near)
    names = Visible(
        near=nearest,
        far=_only(far[Aside.WITHIN])
        or _only([one for one in far[Aside.BESIDE] if one.byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL)])
        or _only(far[Aside.BESIDE])
        or _only(aligned),
        is_said=bool(near) and _is_said(min(near, key=Seen.rank).byline),
        signing=tuple(signing[0]),
        signing_far=tuple(one for one in signing[1] if _signs_far(one, others)),
        all=(*near, *far[Aside.WITHIN], *far[Aside.BESIDE], *aligned),
        dated=tuple(dated),
        credited=agencies_printed((*filter(_is_source, printed), *_signed_by(nearest, near)), others),
    )
    return _as_printed(names, printed)


def _is_source(byline: Byline) -> bool:
    """Whether an agency in a run of text of its own is credited: in the line of a date, or as the source."""
    return byline.kind in (MarkedBy.DATE, MarkedBy.SOURCE) and not _is_other(byline)


def _signed_by(people: Collection[str], near: Iterable[Seen]) -> Iterator[Byline]:
    """The bylines, marked by their class, of the people who sign: an agency may stand beside these."""
    return (one.byline for one in near if one.byline.kind == MarkedBy.CLASS and not set(people).isdisjoint(one.people))


def _as_printed(names: Visible, printed: Mapping[Byline, Byline]) -> Visible:
    """The same names, in the bylines as the page prints them."""
    signing, signing_far, found, dated = (
        tuple(one._replace(byline=printed[one.byline]) for one in some)
        for some in (names.signing, names.signing_far, names.all, names.dated)
    )
    return names._replace(signing=signing, signing_far=signing_far, all=found, dated=dated)


def _in_english(byline: Byline, own_by: frozenset[str]) -> Byline:
    """A byline with "By" for a word that means it in the page's language only: "De Ada Lind", in Romanian."""
    first, *rest = byline.pieces or (Piece("", ""),)
    word, _, name = first.text.partition(" ")
    if word.rstrip(":").casefold() not in own_by:
        return byline
    return byline._replace(pieces=(first._replace(text=f"By {name}".strip()), *rest))


def _signs_far(seen: Seen, others: frozenset[str]) -> bool:
    """Whether an organisation away from the headline signs: it is marked as author, or it is the publisher itself below
    a label that says so."""
    byline = seen.byline
    if byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL):
        return True
    is_below = byline.away > 0 and byline.aside is Aside.WITHIN and _has_strong_label(byline)
    return is_below and bool(seen.organizations) and all(compact(name) in others for name in seen.organizations)


def _is_other(byline: Byline) -> bool:
    """Whether the label before a byline says that it names someone else: who checked the text, or took the picture. A
    byline that opens with a label of its own is not the label's."""
    opens = bool(byline.pieces) and is_strong_label(byline.pieces[0].text)
    is_short = len(byline.label) <= MAX_LABEL_CHARS and not byline.label.endswith(".")
    return is_short and not opens and not names_both(byline.label) and OTHER_LABEL.search(byline.label) is not None


def _is_said(byline: Byline) -> bool:
    """Whether a reader sees words that introduce the names, right below the headline."""
    is_below = 0 <= byline.away <= _BELOW and byline.aside is Aside.WITHIN
    return is_below and (is_label(byline.label) or _has_label(byline))


def _may_follow(byline: Byline) -> bool:
    """Whether a link to a person stands where a byline may: not in a sentence, nor after a label of another kind."""
    return (
        byline.kind != MarkedBy.LINK
        or not byline.label
        or is_label(byline.label)
        or JOINS.match(byline.label) is not None
    )


def _is_sentence(byline: Byline) -> bool:
    """Whether a text that opens like a byline is part of a sentence: "Published by Lind Books and sold in …"."""
    first = byline.pieces[0].text if byline.pieces else ""
    if byline.kind != MarkedBy.TEXT or opens_signature(first):
        return False
    if first.startswith((",", ";")) or any(map(_is_cited, byline.pieces[:2])):
        return True
    if len(first) > _SENTENCE_CHARS and first.endswith("."):
        return True
    is_long = sum(len(piece.text) for piece in byline.pieces) > _MAX_SENTENCE_CHARS and not is_label(first)
    return is_long and (len(byline.pieces) < _MAX_SENTENCE_PIECES or without_by(first) == first)


def _is_cited(piece: Piece) -> bool:
    """Whether a run of text ends in a year alone, without day or month."""
    year = _CITED.search(piece.text)
    return year is not None and not is_month(year[1])


def _has_strong_label(byline: Byline) -> bool:
    return any(
        is_strong_label(piece.text) or is_strong_label(lead_of(piece.text)) or opens_signature(piece.text)
        for piece in byline.pieces[:2]
    )


def _is_line(byline: Byline) -> bool:
    """Whether an element in the article holds "by" with a name, and nothing else."""
    return byline.aside is Aside.WITHIN and len(byline.pieces) == 1 and bool(lead_of(byline.pieces[0].text))


def _nearest(near: Sequence[Seen]) -> tuple[str, ...]:
    """The people in the best byline, and in the bylines that a template repeats right after it."""
    if not near:
        return ()
    best = min(near, key=Seen.rank)
    found = list(best.people)
    last = best.byline.away
    for seen in near:
        byline, away = seen.byline, seen.byline.away
        is_next = byline.signature == best.byline.signature and 0 < away - last <= _NEXT
        if is_next and (compact(byline.label) in map(compact, found) or not _names_other(byline.label)):
            found.extend(seen.people)
            last = away
    return tuple(dict.fromkeys(found))


def _names_other(label: str) -> bool:
    return bool(label) and JOINS.match(label) is None and not is_label(label)


def _only(far: Sequence[Seen]) -> tuple[str, ...]:
    """The people in the bylines away from the headline, if one names all that the others do; else (): they belong to
    several texts."""
    called = [frozenset(compact(without_title(name)) for name in seen.people) for seen in far]
    most = max(range(len(far)), key=lambda n: len(called[n]), default=None)
    return far[most].people if most is not None and all(one <= called[most] for one in called) else ()


def _signed(byline: Byline, others: frozenset[str]) -> Seen | None:
    """The organisation or agency that signs in a byline without people; None if none does."""
    is_marked = byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL, MarkedBy.CLASS) or is_label(byline.label)
    if not is_marked and not _has_label(byline):
        return None
    lines = [without_by(piece.text) for piece in byline.pieces[:3]]
    has_agency = any(map(_signs_as_agency, lines))
    organizations = organizations_of(byline, others)
    if not organizations and not has_agency:
        organizations = tuple(filter(None, map(pen_name_in, lines)))[:1]
    return Seen(byline, (), organizations, has_agency) if organizations or has_agency else None


def _signs_as_agency(line: str) -> bool:
    """Whether a line, or a part of it, names an agency and no one else: "Lindmere Echo staff with Reuters"."""
    agencies = load_agencies()
    is_short = len(line) <= _SENTENCE_CHARS and not agencies.is_picture(line)
    parts = (line, *PARTS.split(line)) if is_short else (line,)
    return any(len(part) <= MAX_LABEL_CHARS and agencies.signing(part) for part in parts)


def _has_label(byline: Byline) -> bool:
    return any(is_label(piece.text) or lead_of(piece.text) for piece in byline.pieces[:2])
