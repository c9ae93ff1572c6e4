"""The people and organisations in one byline: which of its runs of text name them, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from transforms.extract.json_ld.structured import one_line
from transforms.extract.names.by_words import (
    JOINTS,
    by_end,
    is_label,
    is_role,
    is_strong_label,
    lead_of,
    names_both,
    names_writer,
    without_by,
)
from transforms.extract.names.byline_words import byline_words
from transforms.extract.names.east_asian import opens_signature
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.organizations import organizations_in
from transforms.extract.names.people import Trust, compact, is_person
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Byline, MarkedBy, Piece

_OF_A_PAGE = 256
"""The size of the cache: templates mark the same byline in several ways."""

_ROLES = byline_words("role") | byline_words("writes")
_MAX_MONOGRAM = 3
_PARTING = " |•·–—-/,"
_OPENS_REST, _ENDS_OPEN = (",", ";", ".", ")", "）"), ("(", "（", ":", "：")
_MAX_NAME_PIECES = 3
OTHER_LABEL = re.compile(
    r"\b(?:review|fact|check|edit|photo|image|illustrat|translat|medical|video|graphic|design|foto|bild|überset|"
    r"traduc|tradu|redakt|geprüft|relu|revis|verificat|kuva|valokuv|zdję|sním|imag[eé][nm]|immagin|"
    r"ljósmynd|nuotr|φωτ|фото|перевод|світлин|צילום|تصوير|عکس|ছবি|फोटो|ფოტო|լուսանկար)\w*\b.{0,20}$|\bsponsor",
    re.IGNORECASE,
)
_EDITOR = re.compile(r"(?:editor|redakteur|redaktor|redact[eo]u?r|edit[oö]r)", re.IGNORECASE)
"""The role of one who writes, where it stands behind a name."""

_CREDITS = re.compile(r"[:：]|\bby\b|\bvon\b|\bkuvat?\b", re.IGNORECASE)
_AND = "|".join((*JOINTS, "ו"))
_TOOK_PICTURES = re.compile(
    rf"(?:[,;]|\s(?:{_AND})\s)(?:(?!\s(?:{_AND})\s)[^,;()]){{2,60}}\((?:foto|photo|bild|kuva|zdję|фото)[^()]{{0,10}}\)",
    re.IGNORECASE,
)
"""One who took the pictures, behind one who wrote: "Ada Lind (Text) und Bo Berg (Fotos)"."""

JOINS = re.compile(rf"(?:{_AND}|&|,|;|\||/|•|·)$", re.IGNORECASE)
_ENDS_JOINED = re.compile(rf"(?:[,&、]|\s(?:{_AND}))$", re.IGNORECASE)


def people_of(byline: Byline, others: frozenset[str]) -> Iterator[str]:
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
        text = _TOOK_PICTURES.sub("", one_line(piece.text))
        if _is_monogram(text, byline.pieces[n + 1 : n + 2]) or (found and _is_role_between(byline.pieces, n, found)):
            continue
        is_marked = opened or opens_signature(text) or names_writer(text) or _has_role(byline.pieces, n)
        own = _without_credits(text, byline, others, trust)
        if own is None:
            return
        text = own
        if is_label(text):
            opened, strong = True, is_strong_label(text) or (kind == MarkedBy.CLASS and byline.near)
        elif JOINS.match(text):
            joined = True
        elif not is_marked and without_by(text) == text:
            continue
        elif found and not joined and piece.signature != found:
            if not found.startswith("a ") or not text.startswith((",", "(")):
                return  # else what follows is a role, and more names may be in links of the same kind
        else:
            strong = strong or is_strong_label(lead_of(text))
            believed = max(trust, Trust.ALONE) if strong else trust
            people = _people_in(text, others, believed, is_stated)
            if found and not people:
                return
            yield from people
            found = piece.signature if people else found
            joined, strong = _ENDS_JOINED.search(text) is not None, False
            opened = opened or bool(people)


def _without_credits(text: str, byline: Byline, others: frozenset[str], trust: Trust) -> str | None:
    """A run of text without those who are no authors in it: "Text: Ada Lind" of "Text: Ada Lind, photos: Bo Berg".
    None if it names only such people, and the byline ends here."""
    other = OTHER_LABEL.search(text) if len(text) <= MAX_LABEL_CHARS else None
    if other is not None and other.start() and byline.kind == MarkedBy.LINK and byline.is_person:
        other = None  # "Ada Check" in a link to /authors/ada-check
    if other is not None and other.start() < by_end(text) < len(text):
        other = None  # "Von unserem Redakteur Bo Berg": one who edits and here writes
    if other is None or names_both(text):
        return text
    head = text[: other.start()]
    is_role = "," in head and _EDITOR.match(other[0]) and _people_in(head, others, trust, False)
    if not is_role and (without_by(head) in ("", head) or not _CREDITS.search(other[0])):
        return None
    return head.rstrip(" ,;|")


def _is_role_between(pieces: Sequence[Piece], n: int, named: str) -> bool:
    """Whether a run of text is the role of the person before it, and another name follows in an element like that of
    the first, whose signature is `named`."""
    words = {word.strip(",.").casefold() for word in pieces[n].text.split()}
    following = [one for one in pieces[n + 1 : n + 3] if not _is_monogram(one.text, pieces[n + 2 : n + 3])]
    return (
        pieces[n].signature != named
        and not _ROLES.isdisjoint(words)
        and bool(following)
        and following[0].signature == named
    )


def _is_monogram(text: str, following: Sequence[Piece]) -> bool:
    """Whether a run of text is the initials of the next, as in the place of a portrait: "AL", "Ada Lind"."""
    return 1 < len(text) <= _MAX_MONOGRAM and any(
        text.casefold() == "".join(word[0] for word in one.text.split()).casefold()[:_MAX_MONOGRAM] for one in following
    )


def _has_role(pieces: Sequence[Piece], n: int) -> bool:
    """Whether the next run of text is the role of one who writes: "Ada Lind", "Senior Reporter"."""
    return (
        n + 1 < len(pieces) and is_role(pieces[n + 1].text) and names_writer(f"{pieces[n].text}, {pieces[n + 1].text}")
    )


def people_beside_date(byline: Byline, others: frozenset[str]) -> Iterator[str]:
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


def organizations_of(byline: Byline, others: frozenset[str]) -> tuple[str, ...]:
    """The organisations in the first run of text of a byline that names any."""
    for piece in byline.pieces:
        text = one_line(piece.text)
        if OTHER_LABEL.search(text) is not None and len(text) <= MAX_LABEL_CHARS and _CREDITS.search(text) is not None:
            break
        if found := organizations_in(text, others):
            return found
    return ()
