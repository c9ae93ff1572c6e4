"""Kinds of copies that nobody made before, and kinds of texts that are easily mistaken for copies.

`TUNED` may be looked at while rules are changed. `UNSEEN` may not: their figures are read once, when a change is
finished, and never decide about a rule. No text that one set is made from is used for the other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks.mixed_texts import (
    Paragraphs,
    Pool,
    abridged,
    count,
    cut,
    edited,
    insert,
    interleaved,
    new_figures,
    own,
    rewritten_places,
    spliced,
    thin,
    turned,
    without_quotes,
)

Copy = Callable[[random.Random, Paragraphs, Pool], Paragraphs]
"""Makes a copy of a text."""

Lookalikes = Callable[[random.Random, tuple[Paragraphs, ...], Pool], list[tuple[str, Paragraphs]]]
"""Makes texts, each with its kind, that are copies of nothing, from several texts that are in no other use."""


def _abridged_own(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = abridged(chance, text, chance.uniform(0.35, 0.7))
    return insert(chance, kept, own(pool, int(chance.uniform(0.2, 0.7) * count(kept))))


def _edited(low: float, high: float) -> Copy:
    def copy(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
        change = edited if chance.random() < 0.5 else rewritten_places
        return change(chance, text, pool, chance.uniform(low, high))

    return copy


def _updated(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = cut(text, chance.uniform(0.6, 1.0))
    lead = edited(chance, kept[:1], pool, 0.5)
    return (*lead, *new_figures(chance, kept[1:], 0.7), *own(pool, chance.randrange(10, 60)))


def _new_lead(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = abridged(chance, text[1:], chance.uniform(0.6, 1.0))
    return (*own(pool, chance.randrange(20, 60)), *new_figures(chance, kept, 0.5))


def _interleaved(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = cut(text, chance.uniform(0.6, 1.0))
    return interleaved(chance, kept, own(pool, int(chance.uniform(0.2, 0.6) * count(kept))))


def _abridged_edited(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    return edited(chance, abridged(chance, text, chance.uniform(0.3, 0.7)), pool, chance.uniform(0.04, 0.12))


def _all_at_once(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = edited(chance, abridged(chance, text, chance.uniform(0.4, 0.8)), pool, chance.uniform(0.03, 0.08))
    return (*own(pool, 8)[:1], *insert(chance, kept, own(pool, int(chance.uniform(0.1, 0.4) * count(kept)))))


def _quotes_gone(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = without_quotes(chance, text, 0.2)
    return (*own(pool, 15)[:1], *(kept or text[:1]))


def _turned(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = turned(chance, thin(chance, text, chance.uniform(0.5, 0.9)))
    return insert(chance, kept, own(pool, int(chance.uniform(0.05, 0.25) * count(kept))))


def _release(chance: random.Random, text: Paragraphs, pool: Pool) -> Paragraphs:
    kept = edited(chance, thin(chance, text, chance.uniform(0.5, 1.0)), pool, chance.uniform(0.0, 0.06))
    lead = edited(chance, kept[:1], pool, 0.4)
    return (*lead, *kept[1:], *own(pool, chance.randrange(5, 50)))


def _roundup(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    items = texts[: chance.randrange(2, 6)]
    shares = [chance.uniform(0.2, 0.6) for _ in items]
    whole = tuple(paragraph for text, share in zip(items, shares, strict=True) for paragraph in cut(text, share))
    return [("roundup", whole), *(("roundup part", text) for text in items)]


def _briefs(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Short articles of one or two paragraphs, and the page that prints them all."""
    items = [cut(text, 60 / count(text)) for text in texts]
    whole = tuple(paragraph for item in items for paragraph in cut(item, chance.uniform(0.6, 1.0)))
    return [("briefs", whole), *(("briefs part", item) for item in items)]


def _weather(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Reports that fill in one form with figures and a few names: weather, shares, results."""
    form = [chance.choice(pool.words) for _ in range(chance.randrange(60, 260))]
    gaps = sorted(chance.sample(range(len(form)), len(form) // 9))

    def report() -> Paragraphs:
        filled = list(form)
        for place in gaps:
            is_name = chance.random() < 0.3
            filled[place] = chance.choice(pool.words) if is_name else str(chance.randrange(2, 9_999))
        return (" ".join(filled),)

    return [("form with figures", report()) for _ in range(chance.randrange(3, 8))]


def _background(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Reports, and for each a later one with its own news that ends with background from the former."""
    made = []
    for former, latter in pairwise_apart(texts):
        new = cut(latter, 250 / count(latter))
        background = cut(former[2:], chance.uniform(0.15, 0.45) * count(new) / max(count(former[2:]), 1))
        made += [("report", former), ("follow-up", (*new, *background))]
    return made


def _merged(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Reports of two agencies, and a text that takes about half of its paragraphs from each."""
    made = []
    for one, other in pairwise_apart(texts):
        size = chance.uniform(0.4, 0.7) * min(count(one), count(other))
        merged = spliced(cut(one, size / count(one)), cut(other, size / count(other)))
        made += [("agency report", one), ("agency report", other), ("merged", merged)]
    return made


def _press_review(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Reports, and a review that quotes a paragraph or two of each between words of its own."""
    review = list(own(pool, 20))
    for text in texts:
        start = chance.randrange(len(text) - 1)
        review += [*text[start : start + chance.randrange(1, 3)], *own(pool, 5)]
    return [("reviewed", text) for text in texts] + [("press review", tuple(review))]


def _sequels(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Parts of a series. Each begins with what was told before: the lead of the part before it, and a fixed passage."""
    fixed = own(pool, 30)
    before = texts[-1]
    made = []
    for text in texts:
        part = cut(text, chance.uniform(300, 600) / count(text))
        made.append(("part of a series", (part[0], *fixed, before[0], *part[1:])))
        before = text
    return made


def _quote(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Two interviews or reports of one press conference, with one quotation in common."""
    made = []
    for pair in pairwise_apart(texts):
        quoted = own(pool, chance.randrange(40, 90))
        shortened = [cut(text, chance.uniform(200, 500) / count(text)) for text in pair]
        made += [("shared quote", insert(chance, text, quoted)) for text in shortened]
    return made


def pairwise_apart(texts: tuple[Paragraphs, ...]) -> list[tuple[Paragraphs, Paragraphs]]:
    """The first and second text, the third and fourth, and so on."""
    return list(zip(texts[::2], texts[1::2], strict=False))


def _obituaries(chance: random.Random, texts: tuple[Paragraphs, ...], pool: Pool) -> list[tuple[str, Paragraphs]]:
    """Texts of one form that is filled with names and sentences: obituaries, horoscopes."""
    fixed = [[chance.choice(pool.words) for _ in range(chance.randrange(4, 14))] for _ in range(10)]

    def text() -> Paragraphs:
        filled = [[*piece, *(chance.choice(pool.words) for _ in range(chance.randrange(3, 12)))] for piece in fixed]
        return (" ".join(word for piece in filled for word in piece),)

    return [("obituary", text()) for _ in range(chance.randrange(4, 9))]


TUNED: Final[Mapping[str, Copy]] = {
    "abridged, own paragraphs": _abridged_own,
    "edited 4-10 %": _edited(0.04, 0.10),
    "edited 10-18 %": _edited(0.10, 0.18),
    "edited 18-26 %": _edited(0.18, 0.26),
    "updated": _updated,
    "own lead, new figures": _new_lead,
    "own paragraphs between": _interleaved,
    "abridged, edited": _abridged_edited,
}
TUNED_LOOKALIKES: Final[tuple[Lookalikes, ...]] = (_roundup, _briefs, _weather, _background, _merged)

UNSEEN: Final[Mapping[str, Copy]] = {
    "abridged, edited, own lead and paragraphs": _all_at_once,
    "quotes left out": _quotes_gone,
    "turned, thinned, own paragraphs": _turned,
    "press release": _release,
}
UNSEEN_LOOKALIKES: Final[tuple[Lookalikes, ...]] = (_quote, _obituaries, _press_review, _sequels)
