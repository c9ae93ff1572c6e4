"""Features of a text block that come from its own words and from the names of the places that hold it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.signs import Sign, Signs, have, kinds_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import Place, TextBlock, class_words
from transforms.text.scripts import EAST_ASIAN, UNSPACED, letters
from transforms.text.sentences import ends_paragraph

Columns = NDArray[np.float64]
Bits = NDArray[np.int64]

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(f"[{letters(UNSPACED)}]")
_WORD_OR_SIGN = re.compile(rf"[{letters(UNSPACED)}]|(?:(?![{letters(UNSPACED)}])\w)+")
_PROSE_CHARS, _WIDE_PROSE_CHARS = 80, 27
_WORDS_A_SIGN = 0.5
"""A sign of a script without spaces says as much as three letters: half a word."""

HEADINGS = {"h1": 1.0, "h2": 2.0, "h3": 3.0, "h4": 4.0, "h5": 5.0, "h6": 6.0}
"""The level of each heading's tag; other tags have none."""


def reads_as_prose(block: TextBlock) -> bool:
    """Whether a block has the length of a sentence, ends like one, and is at most one third links."""
    text = block.text
    if len(text) < _WIDE_PROSE_CHARS or block.link_chars * 3 >= len(text) or not ends_paragraph(text):
        return False
    return len(text) >= _PROSE_CHARS or len(EAST_ASIAN.findall(text)) >= _WIDE_PROSE_CHARS


def _word_classes(kind: str) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """The names of the word classes of a kind, and for each word the numbers of its classes (block_words.json)."""
    data = json.loads(resources.files(__package__).joinpath("block_words.json").read_text(encoding="utf-8"))[kind]
    classes: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(data.values()):
        for word in words.casefold().split():
            classes[word] = (*classes.get(word, ()), number)
    return tuple(data), classes


TEXT_CLASSES, _IN_TEXT = _word_classes("text")
_CLASS_NAMES, _IN_CLASS = _word_classes("class")
_TEXT_WORDS = frozenset(_IN_TEXT)
_UNSPACED_WORDS = re.compile("|".join(sorted(filter(_UNSPACED.match, _IN_TEXT), key=len, reverse=True)))
"""The longer first: of two that begin alike, a search gives the one that stands first."""

_BLOCK = (
    "repeats", "in_headline", "of_headline", "in_description",
    "words", "word_chars", "ends_stop", "ends_any", "ends_colon", "starts_lower", "starts_digit", "starts_sign",
    "starts_bracket", "capitals", "capital_words", "digits", "commas", "stops", "quotes", "question", "bar", "at",
    "copyright",
    "link_share", "links", "strong_share", "after_break", "is_hidden", "heading", "is_p", "is_li", "is_cell", "is_div",
    "is_caption", "is_quote", "is_pre", "depth",
)  # fmt: skip
_INSIDE = ("article", "main", "aside", "footer", "header", "nav", "form", "figure", "li", "table")
OWN_NAMES = (
    *_BLOCK,
    *(f"text_{name}" for name in TEXT_CLASSES),
    *(f"class_{name}" for name in _CLASS_NAMES),
    *(f"above_{name}" for name in _CLASS_NAMES),
    *(f"in_{tag}" for tag in _INSIDE),
)
_SAMPLE_CHARS = 400
_COUNTED = (
    Sign.UPPER, Sign.DIGIT, Sign.COMMA, Sign.DOT, Sign.QUOTE, Sign.UNSPACED, Sign.QUESTION, Sign.BAR, Sign.AT,
    Sign.COPYRIGHT,
)  # fmt: skip
_QUOTE = 1 << len(_CLASS_NAMES) + len(_INSIDE)
"""The bit of a blockquote, behind those of the classes of names and of the tags."""


def _numbered_bits() -> dict[str, int]:
    """For each word of a class of names, and for each tag that matters, the bits of these: classes first, then tags."""
    bits = {word: sum({1 << number for number in numbers}) for word, numbers in _IN_CLASS.items()}
    for number, tag in enumerate((*_INSIDE, "blockquote"), start=len(_CLASS_NAMES)):
        bits[tag] = bits.get(tag, 0) | 1 << number
    return bits


_BITS = _numbered_bits()
_BIT_WORDS = frozenset(_BITS)


@lru_cache(maxsize=2048)
def _bits_of(names: str) -> int:
    """The bits of the words in the names of a place."""
    bits = 0
    for word in class_words(names) & _BIT_WORDS:
        bits |= _BITS[word]
    return bits


def own_columns(blocks: Sequence[TextBlock], judged: Sequence[TextBlock], facts: PageFacts) -> Columns:
    """The features of the judged ones of a page's blocks, at least one (features × blocks), named `OWN_NAMES`."""
    samples = [block.text[:_SAMPLE_CHARS] for block in judged]
    words = [_words_of(sample) for sample in samples]
    overlaps, classes = _word_columns(judged, words, facts)
    near, above, inside = _bits_of_places([block.place for block in judged])
    repeats = Counter([block.text for block in blocks])
    columns = (
        np.array([[repeats[block.text] for block in judged]]),
        overlaps,
        _text_columns(judged, samples, np.array(list(map(len, words)), dtype=np.float64)),
        _place_columns(judged, inside),
        classes,
        _name_columns(near, above, inside),
    )
    return np.concatenate(columns)


def _words_of(text: str) -> list[str]:
    """The lower-case words of a text; each sign of a script without spaces is one, and each word of the lists in it."""
    text = text.casefold()
    if text.isascii() or _UNSPACED.search(text) is None:
        return _WORD.findall(text)
    return _WORD_OR_SIGN.findall(text) + _UNSPACED_WORDS.findall(text)


def _word_columns(
    judged: Sequence[TextBlock], words: Sequence[Sequence[str]], facts: PageFacts
) -> tuple[Columns, Columns]:
    """The shares of a block's words that the headline and the description have, and of the headline's that it has; and
    the number of its words in each class of words."""
    headline = facts.first_meta("og:title", "twitter:title") or facts.title or ""
    description = facts.first_meta("og:description", "description") or ""
    head = frozenset(_words_of(headline))
    described = frozenset(_words_of(description))
    telling = _TEXT_WORDS | head | described
    counts = np.zeros((len(TEXT_CLASSES), len(judged)))
    shares = []
    for number, (block, found) in enumerate(zip(judged, words, strict=True)):
        known = telling.intersection(found)
        size = len(frozenset(found)) if known else 1
        shared = len(known & head)
        shares.append((shared / size, shared / len(head) if shared else 0.0, len(known & described) / size))
        if "©" in block.text:
            known |= {"©"}
        for word in known:
            for kind in _IN_TEXT.get(word, ()):
                counts[kind, number] += 1
    return np.array(shares).T, counts


def _text_columns(judged: Sequence[TextBlock], samples: Sequence[str], sampled_words: Columns) -> Columns:
    signs = Signs(samples)
    length = np.array([len(block.text) for block in judged])
    sampled = np.array(list(map(len, samples)))
    upper, digits, commas, dots, quotes, unspaced, *signed = signs.counts(*_COUNTED)
    sampled_words = sampled_words - (1 - _WORDS_A_SIGN) * unspaced
    words = sampled_words * length / sampled
    per_word, per_char = 1 / np.maximum(sampled_words, 1), 1 / sampled
    first, last = signs.first(), kinds_of("".join([block.text[-1] for block in judged]))
    return np.stack((
        words, length / (words + 1),
        *(have(last, kind) for kind in (Sign.STOP, Sign.END, Sign.COLON)),
        *(have(first, kind) for kind in (Sign.LOWER, Sign.DIGIT, Sign.NO_LETTER, Sign.BRACKET)),
        upper * per_char, signs.titled_words() * per_word, digits * per_char, commas * per_word, dots * per_word,
        quotes,
        *(count > 0 for count in signed),
    ))  # fmt: skip


_TAGS = ("p", "li", "cell", "div", "figcaption", "pre")
_TAG_GROUPS = {"td": "cell", "th": "cell", "section": "div", "article": "div"}


@lru_cache(maxsize=256)
def _tag_row(tag: str) -> tuple[float, ...]:
    kind = _TAG_GROUPS.get(tag, tag)
    return (HEADINGS.get(tag, 0.0), *(float(kind == one) for one in _TAGS))


def _place_columns(judged: Sequence[TextBlock], inside: Bits) -> Columns:
    texts, places, link_chars, links, strong_chars, after_break, _ = zip(*judged, strict=True)
    length = np.array(list(map(len, texts)))
    heading, p, li, cell, div, caption, pre = np.array([_tag_row(place.tag) for place in places]).T
    return np.stack((
        np.array(link_chars) / length, links, np.array(strong_chars) / length, after_break,
        [place.is_hidden for place in places],
        heading, p, li, cell, div, caption, (inside & _QUOTE) != 0, pre, [place.depth for place in places],
    ))  # fmt: skip


def _name_columns(near: Bits, above: Bits, inside: Bits) -> Columns:
    """Which classes of names a block's place or the next around it has, which those around it, and the tags around."""
    classes = np.arange(len(_CLASS_NAMES))[:, None]
    tags = np.arange(len(_INSIDE))[:, None] + len(_CLASS_NAMES)
    return np.concatenate((near >> classes & 1, above >> classes & 1, inside >> tags & 1)).astype(np.float64)


def _bits_of_places(places: Sequence[Place]) -> tuple[Bits, Bits, Bits]:
    """The bits of each place with the next around it; of all places around it; and of these and its own tag."""
    known: dict[int, int] = {}
    near = [_bits_of(place.names) | (_bits_of(place.holder.names) if place.holder else 0) for place in places]
    above = np.array([_bits_above(place, known) for place in places])
    return np.array(near), above, above | np.array([_BITS.get(place.tag, 0) for place in places])


def _bits_above(place: Place, known: dict[int, int]) -> int:
    """The bits of the names and tags of all places around a place; `known` has them by the number of the next one."""
    unknown: list[Place] = []
    here = place.holder
    while here is not None and here.number not in known:
        unknown.append(here)
        here = here.holder
    bits = known[here.number] if here is not None else 0
    for one in reversed(unknown):
        bits |= _bits_of(one.names) | _BITS.get(one.tag, 0)
        known[one.number] = bits
    return bits
