"""The bylines that a reader sees: by the headline, or elsewhere in the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.extract.json_ld.structured import one_line
from transforms.extract.names.by_words import is_label, is_role, is_strong_label, names_writer, without_by
from transforms.extract.names.east_asian import opens_signature
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.organizations import organizations_in
from transforms.extract.names.page_text import PageText
from transforms.extract.names.people import Trust, compact, is_person, without_title
from transforms.extract.page.class_names import Aside
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Byline, MarkedBy, Piece
from transforms.text.agency_names import load_agencies

_OF_A_PAGE = 256
"""The size of the cache: templates mark the same byline in several ways."""

_NEXT = 15
_BELOW = 30
_SENTENCE_CHARS = 80
_PARTING = " |•·–—-/,"
_OPENS_REST, _ENDS_OPEN = (",", ";", ".", ")", "）"), ("(", "（", ":", "：")
_MAX_SENTENCE_CHARS, _MAX_SENTENCE_PIECES = 120, 4
_MAX_NAME_PIECES = 3
_OTHER_LABEL = re.compile(
    r"\b(?:review|fact|check|edit|photo|image|illustrat|translat|medical|video|graphic|design|foto|bild|überset|"
    r"traduc|tradu|redakt|geprüft|relu|revis|verificat|фото|перевод)\w*\b.{0,20}$|\bsponsor",
    re.IGNORECASE,
)
_EDITOR = re.compile(r"(?:editor|redakteur|redaktor|redact[eo]u?r|edit[oö]r)", re.IGNORECASE)
"""The role of one who writes, where it stands behind a name."""

_CREDITS = re.compile(r"[:：]|\bby\b|\bvon\b", re.IGNORECASE)
_JOINS = re.compile(r"(?:and|und|et|y|e|en|och|og|i|и|with|&|,|;|\||/|•|·)$", re.IGNORECASE)


class Seen(NamedTuple):
    """A byline with the people that it names, or with the organisations; `has_agency`: an agency is named."""

    byline: Byline
    people: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    has_agency: bool = False

    def rank(self) -> tuple[int, bool, int]:
        """Sort key, the least is the best: not beside the article, marked or labelled, close below the headline."""
        away = self.byline.away
        marked = self.byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL, MarkedBy.TEXT) or is_label(self.byline.label)
        is_own_page = self.byline.kind == MarkedBy.LINK and self.byline.is_person
        return self.byline.aside, not (marked or is_own_page), away if away >= 0 else -2 * away


class Visible(NamedTuple):
    """What the bylines of a page say. `near` are the people in the best byline by the headline, `far` those in the only
    one elsewhere in the article; `is_said`: words like "by" introduce those in `near`. `signing` are the bylines by the
    headline that name no people but an organisation or an agency, the best first, and `signing_far` those elsewhere;
    `all` are the bylines that name people, and `dated` the lines with a date that do."""

    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    is_said: bool = False
    signing: tuple[Seen, ...] = ()
    signing_far: tuple[Seen, ...] = ()
    all: tuple[Seen, ...] = ()
    dated: tuple[Seen, ...] = ()


def visible(bylines: Iterable[Byline], others: frozenset[str], text: PageText) -> Visible:
    """Who is named in the bylines of a page. `others` are the publisher's names, which are no people; `text` tells what
    the page's text speaks against."""
    is_no_name = text.contradicts
    near: list[Seen] = []
    aligned: list[Seen] = []
    signing: tuple[list[Seen], list[Seen]] = ([], [])
    far: tuple[list[Seen], list[Seen]] = ([], [])
    dated: list[Seen] = []
    for byline in bylines:
        if byline.kind == MarkedBy.DATE:
            if people := tuple(one for one in _people_beside_date(byline, others) if not text.holds_any(one)):
                dated.append(Seen(byline, people))
            continue
        if _is_other(byline) or not _may_follow(byline) or _is_sentence(byline):
            continue
        people = tuple(one for one in dict.fromkeys(_people_of(byline, others)) if not is_no_name(one))
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
    return Visible(
        near=_nearest(near),
        far=_only(far[Aside.WITHIN])
        or _only([one for one in far[Aside.BESIDE] if one.byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL)])
        or _only(far[Aside.BESIDE])
        or _only(aligned),
        is_said=bool(near) and _is_said(min(near, key=Seen.rank).byline),
        signing=tuple(signing[0]),
        signing_far=tuple(one for one in signing[1] if _signs_far(one, others)),
        all=(*near, *far[Aside.WITHIN], *far[Aside.BESIDE], *aligned),
        dated=tuple(dated),
    )


def _signs_far(seen: Seen, others: frozenset[str]) -> bool:
    """Whether an organisation away from the headline signs: it is marked as author, or it is the publisher itself below
    a label that says so."""
    byline = seen.byline
    if byline.kind in (MarkedBy.ITEMPROP, MarkedBy.REL):
        return True
    is_below = byline.away > 0 and byline.aside is Aside.WITHIN and _has_strong_label(byline)
    return is_below and bool(seen.organizations) and all(compact(name) in others for name in seen.organizations)


def _people_beside_date(byline: Byline, others: frozenset[str]) -> Iterator[str]:
    """The names in a line with a date, each a run of text of its own: "Ada Lind | 3 March 2026". A link in such a line
    leads to a section, and a line with marks that join its runs is a sentence, or names a place or a source."""
    if any(piece.text.startswith(_OPENS_REST) or piece.text.endswith(_ENDS_OPEN) for piece in byline.pieces):
        return
    for piece in byline.pieces:
        text = one_line(piece.text).strip(_PARTING).removesuffix(" in")
        if " " in text and not piece.signature.startswith("a ") and not any(map(str.isupper, text.split())):
            people = _people_in(text, others, Trust.FULL, False)
            if len(people) == 1 and compact(people[0]) == compact(text):
                yield people[0]


def _is_other(byline: Byline) -> bool:
    """Whether the label before a byline says that it names someone else: who checked the text, or took the picture. A
    byline that opens with a label of its own is not the label's."""
    opens = bool(byline.pieces) and is_strong_label(byline.pieces[0].text)
    is_short = len(byline.label) <= MAX_LABEL_CHARS and not byline.label.endswith(".")
    return is_short and not opens and _OTHER_LABEL.search(byline.label) is not None


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
        or _JOINS.match(byline.label) is not None
    )


def _is_sentence(byline: Byline) -> bool:
    """Whether a text that opens like a byline is part of a sentence: "Published by Lind Books and sold in …"."""
    first = byline.pieces[0].text if byline.pieces else ""
    if byline.kind != MarkedBy.TEXT or opens_signature(first):
        return False
    if first.startswith((",", ";")):
        return True
    if len(first) > _SENTENCE_CHARS and first.endswith("."):
        return True
    is_long = sum(len(piece.text) for piece in byline.pieces) > _MAX_SENTENCE_CHARS and not is_label(first)
    return is_long and (len(byline.pieces) < _MAX_SENTENCE_PIECES or without_by(first) == first)


def _has_strong_label(byline: Byline) -> bool:
    return any(
        is_strong_label(piece.text) or is_strong_label(_lead(piece.text)) or opens_signature(piece.text)
        for piece in byline.pieces[:2]
    )


def _is_line(byline: Byline) -> bool:
    """Whether an element in the article holds "by" with a name, and nothing else."""
    return byline.aside is Aside.WITHIN and len(byline.pieces) == 1 and bool(_lead(byline.pieces[0].text))


def _lead(text: str) -> str:
    """The words of a text that introduce the name in it."""
    return text[: len(text) - len(without_by(text))].strip()


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


def _has_role(pieces: Sequence[Piece], n: int) -> bool:
    """Whether the next run of text is the role of one who writes: "Ada Lind", "Senior Reporter"."""
    return (
        n + 1 < len(pieces) and is_role(pieces[n + 1].text) and names_writer(f"{pieces[n].text}, {pieces[n + 1].text}")
    )


def _names_other(label: str) -> bool:
    return bool(label) and _JOINS.match(label) is None and not is_label(label)


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
    organizations = organizations_of(byline, others)
    lines = [without_by(piece.text) for piece in byline.pieces[:3]]
    has_agency = any(len(line) <= MAX_LABEL_CHARS and load_agencies().signing(line) for line in lines)
    return Seen(byline, (), organizations, has_agency) if organizations or has_agency else None


def _has_label(byline: Byline) -> bool:
    return any(is_label(piece.text) or _lead(piece.text) for piece in byline.pieces[:2])


def organizations_of(byline: Byline, others: frozenset[str]) -> tuple[str, ...]:
    """The organisations in the first run of text of a byline that names any."""
    for piece in byline.pieces:
        text = one_line(piece.text)
        if _OTHER_LABEL.search(text) is not None and len(text) <= MAX_LABEL_CHARS and _CREDITS.search(text) is not None:
            break
        if found := organizations_in(text, others):
            return found
    return ()


def _people_of(byline: Byline, others: frozenset[str]) -> Iterator[str]:
    """The people that the element's runs of text name, up to the first run that is no part of the byline."""
    kind, is_labelled = byline.kind, is_label(byline.label)
    marked = kind in (MarkedBy.ITEMPROP, MarkedBy.REL) or (kind in (MarkedBy.CLASS, MarkedBy.LINK) and is_labelled)
    trust = Trust.ANY if marked else Trust.ALONE if kind == MarkedBy.LINK else Trust.FULL
    linked = kind in (MarkedBy.REL, MarkedBy.LINK) and is_labelled
    is_stated = kind != MarkedBy.TEXT and (byline.is_person or linked)
    if kind in (MarkedBy.REL, MarkedBy.LINK) and (name := _in_pieces(byline, others)):
        yield name
        return
    opened = kind != MarkedBy.TEXT
    strong = is_strong_label(byline.label)
    found = ""
    joined = False
    for n, piece in enumerate(byline.pieces):
        text = one_line(piece.text)
        is_marked = opened or opens_signature(text) or names_writer(text) or _has_role(byline.pieces, n)
        other = _OTHER_LABEL.search(text) if len(text) <= MAX_LABEL_CHARS else None
        if other is not None and other.start() and kind == MarkedBy.LINK and byline.is_person:
            other = None  # "Ada Check" in a link to /authors/ada-check
        if other is not None:
            head = text[: other.start()]
            is_role = "," in head and _EDITOR.match(other[0]) and _people_in(head, others, trust, False)
            if not is_role and (without_by(head) in ("", head) or not _CREDITS.search(other[0])):
                return
            text = head.rstrip(" ,;|")  # "Text: Ada Lind, photos: Bo Berg"
        if is_label(text):
            opened, strong = True, is_strong_label(text) or (kind == MarkedBy.CLASS and byline.near)
        elif _JOINS.match(text):
            joined = True
        elif not is_marked and without_by(text) == text:
            continue
        elif found and not joined and piece.signature != found:
            if not found.startswith("a ") or not text.startswith((",", "(")):
                return  # else what follows is a role, and more names may be in links of the same kind
        else:
            strong = strong or is_strong_label(_lead(text))
            believed = max(trust, Trust.ALONE) if strong else trust
            people = _people_in(text, others, believed, is_stated)
            if found and not people:
                return
            yield from people
            found = piece.signature if people else found
            joined, strong = text.endswith((",", "&", " and")), False
            opened = opened or bool(people)


@lru_cache(maxsize=_OF_A_PAGE)
def _people_in(text: str, others: frozenset[str], trust: Trust, is_stated: bool) -> tuple[str, ...]:
    return tuple(people_in(text, others, trust, is_stated=is_stated))


def _in_pieces(byline: Byline, others: frozenset[str]) -> str:
    """The name in a link to a person that marks given name and surname apart; "" if it does not."""
    texts = [piece.text for piece in byline.pieces]
    if not 2 <= len(texts) <= _MAX_NAME_PIECES or len(texts[-1].split()) != 1 or not all(map(str.isalpha, texts[-1:])):
        return ""
    name = " ".join(texts)
    return name if is_person(name, others, Trust.FULL) and not is_label(texts[0]) else ""
