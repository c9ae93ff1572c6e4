"""Texts as paragraphs, and what desks do to them: cut, edit, bring up to date, turn, put paragraphs in.

All changes are decided by a `random.Random`, so the same seed makes the same texts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.copies_perturbed import Words, words_of
from transforms.text.sentences import ends_sentence

Paragraphs = tuple[str, ...]

_NUMBER: Final = re.compile(r"\d+")
_PARAGRAPH_WORDS: Final = 15
"""Lines are joined to the next until they have so many words: a subheading is no paragraph."""


class Pool(NamedTuple):
    """What editors write of their own: `words` of the language, and `paragraphs` of texts that are not in the set.

    Paragraphs are used in turn, again from the first when all were used, so that some are in two copies.
    """

    words: Sequence[str]
    paragraphs: Iterator[str]


def paragraphs_of(text: str) -> Paragraphs:
    """A text's paragraphs, none very short but the last."""
    done: list[str] = []
    open_lines: list[str] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        open_lines.append(line)
        if count(open_lines) >= _PARAGRAPH_WORDS:
            done.append(" ".join(open_lines))
            open_lines = []
    return (*done, " ".join(open_lines)) if open_lines else tuple(done)


def count(paragraphs: Sequence[str]) -> int:
    """The number of words, two characters of a script without spaces counting as one."""
    return sum(len(words.items) // words.a_word for words in map(words_of, paragraphs))


def _each(paragraphs: Sequence[str], change: Callable[[Words], list[str]]) -> Paragraphs:
    several = [words_of(one) for one in paragraphs]
    return tuple(words.between.join(change(words)) for words in several)


def cut(text: Paragraphs, share: float) -> Paragraphs:
    """The first paragraphs, about `share` of the words."""
    wanted = share * count(text)
    kept: list[str] = []
    for paragraph in text:
        if kept and count(kept) + count([paragraph]) / 2 > wanted:
            break
        kept.append(paragraph)
    return tuple(kept)


def thin(chance: random.Random, text: Paragraphs, share: float) -> Paragraphs:
    """The lead, and of the other paragraphs so many that about `share` of all remain, in order."""
    others = range(1, len(text))
    kept = sorted(chance.sample(others, min(max(round(share * len(text)) - 1, 1), len(others))))
    return (text[0], *(text[place] for place in kept))


def abridged(chance: random.Random, text: Paragraphs, share: float) -> Paragraphs:
    """A cut from the end, or paragraphs left out here and there."""
    return cut(text, share) if chance.random() < 0.5 else thin(chance, text, share)


def own(pool: Pool, words: int) -> Paragraphs:
    """Paragraphs of an editor's own, at least so many `words`."""
    some: list[str] = []
    while count(some) < words:
        some.append(next(pool.paragraphs))
    return tuple(some)


def insert(chance: random.Random, text: Paragraphs, inserted: Paragraphs, first: int = 1) -> Paragraphs:
    """The inserted paragraphs in one place, not before paragraph number `first`."""
    place = chance.randrange(min(first, len(text)), len(text) + 1)
    return (*text[:place], *inserted, *text[place:])


def interleaved(chance: random.Random, text: Paragraphs, inserted: Paragraphs) -> Paragraphs:
    """The inserted paragraphs one by one in different places, none before the lead."""
    result = list(text)
    for paragraph in inserted:
        result.insert(chance.randrange(1, len(result) + 1), paragraph)
    return tuple(result)


def edited(chance: random.Random, text: Paragraphs, pool: Pool, rate: float) -> Paragraphs:
    """Words changed throughout: replaced by another word, or, half of them, given another ending."""

    def change(words: Words) -> list[str]:
        return [_changed(chance, item, pool) if chance.random() < rate / words.a_word else item for item in words.items]

    return _each(text, change)


def rewritten_places(chance: random.Random, text: Paragraphs, pool: Pool, rate: float) -> Paragraphs:
    """As many words changed, but close together: half of the paragraphs are heavily edited, the rest not at all."""
    heavy = set(chance.sample(range(len(text)), max(len(text) // 2, 1)))
    return tuple(
        edited(chance, (one,), pool, min(2 * rate, 0.6))[0] if place in heavy else one for place, one in enumerate(text)
    )


def _changed(chance: random.Random, word: str, pool: Pool) -> str:
    if len(word) > 4 and chance.random() < 0.5:
        return word[:-2] + chance.choice("aeinrstu")
    return chance.choice(pool.words)


def new_figures(chance: random.Random, text: Paragraphs, share: float) -> Paragraphs:
    """The text with so many of its numbers changed."""

    def other(match: re.Match[str]) -> str:
        if chance.random() >= share:
            return match.group()
        return str(int(match.group()[:9]) + chance.randrange(1, 9))

    return tuple(_NUMBER.sub(other, paragraph) for paragraph in text)


def without_quotes(chance: random.Random, text: Paragraphs, share: float) -> Paragraphs:
    """The text without its quoted sentences, or without so many of those of a paragraph that has no quotes."""
    result = []
    for paragraph in text:
        kept = [one for one in sentences_of(paragraph) if not set(one) & set('"“”„«»') and chance.random() >= share]
        if kept:
            result.append(" ".join(kept))
    return tuple(result)


def sentences_of(paragraph: str) -> list[str]:
    """A paragraph's sentences, as far as a full stop before a blank tells them."""
    done: list[str] = []
    open_words: list[str] = []
    for word in paragraph.split(" "):
        open_words.append(word)
        if ends_sentence(word):
            done.append(" ".join(open_words))
            open_words = []
    return [*done, " ".join(open_words)] if open_words else done


def turned(chance: random.Random, text: Paragraphs) -> Paragraphs:
    """All paragraphs in another order."""
    order = list(text)
    chance.shuffle(order)
    return tuple(order)


def spliced(one: Paragraphs, other: Paragraphs) -> Paragraphs:
    """The paragraphs of both in turn."""
    longest = max(len(one), len(other))
    return tuple(text[place] for place in range(longest) for text in (one, other) if place < len(text))
