"""Agencies that a page prints by its headline or below its story, with no word such as "by" before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from transforms.extract.json_ld.structured import one_line
from transforms.extract.names.people import EDGES, compact
from transforms.extract.page.class_names import Aside
from transforms.extract.page.page_marks import MAX_TEXT_CHARS, Byline, MarkedBy
from transforms.text.agency_names import load_agencies

_MAX_CHARS = 60
_ABOVE, _BELOW = 15, 30
"""How many elements before and after the headline a credit may stand."""


def agencies_printed(bylines: Iterable[Byline], others: Collection[str]) -> tuple[str, ...]:
    """The agencies that a reader sees credited beside a reporter or a date by the headline, or in an element that holds
    the source, by its class or in a line of its own, as printed: "Associated Press" below "Ada Lind", "SID" before
    "3 March 2026", "APA/dpa" of "Quelle: APA/dpa".

    None that is the publisher itself (`others` are its names in compact form), none of a line that speaks of pictures.
    Below the story only the source with a word that says so counts, and none where several differ: lists of other
    stories name the sources of these.
    """
    near: list[str] = []
    far: list[str] = []
    for byline in bylines:
        if byline.aside is Aside.WITHIN:
            (near if byline.near and -_ABOVE <= byline.away <= _BELOW else far).extend(_credited(byline, others))
    named = {tuple(load_agencies().names_in(one)) for one in far}
    return tuple(dict.fromkeys(near or (far if len(named) == 1 else ())))


def _credited(byline: Byline, others: Collection[str]) -> Iterator[str]:
    agencies = load_agencies()
    texts = [one_line(piece.text) for piece in byline.pieces]
    is_source = byline.kind is MarkedBy.SOURCE
    if not (is_source or byline.near) or agencies.is_picture(f"{byline.label} {' '.join(texts)}"[:MAX_TEXT_CHARS]):
        return
    for text in (" ".join(texts),) if is_source else texts:
        label, colon, rest = text.replace("：", ":").partition(":")
        is_labelled = bool(colon) and agencies.opens_credit(f"{label.strip()}:")
        name = (rest if is_labelled else text).strip(EDGES)
        if len(name) > _MAX_CHARS or compact(name) in others or not (is_labelled or byline.near):
            continue
        if agencies.unmistakable(name) or (is_source and is_labelled and agencies.credited_in(text)):
            yield name
