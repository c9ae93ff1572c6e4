"""Features of a text block that come from its own words and from the names of the places that hold it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.text_blocks import Place, TextBlock, sentences
from transforms.text.sentences import STOPS

_ENDS = STOPS.union("\"”»’'」』)")
_WORD = re.compile(r"\w+")
_QUOTES = re.compile(r"[“”„«»\"「」『』]")
_HEADINGS = {"h1": 1.0, "h2": 2.0, "h3": 3.0, "h4": 4.0, "h5": 5.0, "h6": 6.0}


def reads_as_prose(block: TextBlock) -> bool:
    """Whether a block has the length of a sentence, ends like one, and is at most one third links."""
    return len(block.text) >= 80 and block.text[-1] in STOPS and block.link_chars * 3 < len(block.text)


def heading_level(block: TextBlock) -> float:
    """1 to 6 for a heading (h1 to h6), 0 for any other block."""
    return _HEADINGS.get(block.place.tag, 0.0)


class _WordClasses:
    """Counts words by class; the classes are lists in block_words.json."""

    def __init__(self, kind: str) -> None:
        data = json.loads(resources.files(__package__).joinpath("block_words.json").read_text(encoding="utf-8"))[kind]
        self.names: tuple[str, ...] = tuple(data)
        self._classes: dict[str, list[int]] = {}
        for number, words in enumerate(data.values()):
            for word in words.split():
                self._classes.setdefault(word, []).append(number)
        self._words = frozenset(self._classes)

    def counts(self, words: frozenset[str]) -> list[float]:
        """The number of `words` in each class, in the order of `names`."""
        row = [0.0] * len(self.names)
        for word in words & self._words:
            for number in self._classes[word]:
                row[number] += 1.0
        return row


_IN_TEXT = _WordClasses("text")
_IN_CLASS = _WordClasses("class")


_BLOCK = (
    "told_twice", "repeats", "in_headline", "of_headline", "in_description",
    "words", "word_chars", "ends_stop", "ends_any", "ends_colon", "starts_lower", "starts_digit", "starts_sign",
    "starts_bracket", "capitals", "capital_words", "digits", "commas", "stops", "quotes", "question", "bar", "at",
    "copyright",
    "link_share", "links", "strong_share", "after_break", "is_hidden", "heading", "is_p", "is_li", "is_cell", "is_div",
    "is_caption", "is_quote", "is_pre", "depth",
)  # fmt: skip
_INSIDE = ("article", "main", "aside", "footer", "header", "nav", "form", "figure", "li", "table")
_NAMES = (
    *_BLOCK,
    *(f"text_{name}" for name in _IN_TEXT.names),
    *(f"class_{name}" for name in _IN_CLASS.names),
    *(f"above_{name}" for name in _IN_CLASS.names),
    *(f"in_{tag}" for tag in _INSIDE),
)
_SAMPLE_CHARS = 400


def own_features(
    blocks: Sequence[TextBlock], window: slice, facts: PageFacts
) -> tuple[list[list[float]], tuple[str, ...]]:
    """The features of each block of the window, one row each, and the names of the columns."""
    headline = facts.first_meta("og:title", "twitter:title") or facts.title or ""
    description = facts.first_meta("og:description", "description") or ""
    head = frozenset(_WORD.findall(headline.casefold()))
    described = frozenset(_WORD.findall(description.casefold()))
    repeats = Counter(block.text for block in blocks)
    judged = blocks[window]
    told = [sentences(block.text) for block in judged]
    seen = Counter(sentence for one in told for sentence in set(one))
    hints: dict[int, list[float]] = {}
    rows = []
    for block, one in zip(judged, told, strict=True):
        words = _WORD.findall(block.text[:_SAMPLE_CHARS].casefold())
        own = frozenset(words)
        row = [_told_twice(one, seen), float(repeats[block.text]), *_overlaps(own, head, described)]
        row += _text_row(block, len(words))
        row += _place_row(block)
        row += _IN_TEXT.counts(own | {"©"} if "©" in block.text else own)
        row += hints.get(block.place.number) or hints.setdefault(block.place.number, _hints(block.place))
        rows.append(row)
    return rows, _NAMES


def _overlaps(own: frozenset[str], head: frozenset[str], described: frozenset[str]) -> tuple[float, float, float]:
    if not own:
        return 0.0, 0.0, 0.0
    shared = len(own & head)
    return shared / len(own), shared / len(head) if head else 0.0, len(own & described) / len(own)


def _told_twice(told: Sequence[str], seen: Counter[str]) -> float:
    whole = sum(map(len, told))
    return sum(len(sentence) for sentence in told if seen[sentence] > 1) / whole if whole else 0.0


def _text_row(block: TextBlock, sampled_words: int) -> tuple[float, ...]:
    text = block.text
    sample = text[:_SAMPLE_CHARS]
    words = sampled_words * len(text) / len(sample)
    per_word, per_char = 1 / (sampled_words or 1), 1 / len(sample)
    first, last = text[0], text[-1]
    return (
        words, len(text) / (words + 1), last in STOPS, last in _ENDS, last in ":：", first.islower(), first.isdigit(),
        not first.isalnum(), first in "([", sum(map(str.isupper, sample)) * per_char,
        sum(map(str.istitle, sample.split())) * per_word, sum(map(str.isdigit, sample)) * per_char,
        sample.count(",") * per_word, sum(map(sample.count, ".!?。")) * per_word, len(_QUOTES.findall(sample)),
        "?" in sample, "|" in sample, "@" in sample, "©" in sample,
    )  # fmt: skip


def _place_row(block: TextBlock) -> tuple[float, ...]:
    place, length = block.place, len(block.text)
    tag = place.tag
    return (
        block.link_chars / length, block.links, block.strong_chars / length, block.after_break, place.is_hidden,
        heading_level(block), tag == "p", tag == "li", tag in ("td", "th"), tag in ("div", "section", "article"),
        tag == "figcaption", tag == "blockquote" or "blockquote" in place.above, tag == "pre", place.depth,
    )  # fmt: skip


def _hints(place: Place) -> list[float]:
    near = place.words if place.holder is None else place.words | place.holder.words
    inside = [float(tag == place.tag or tag in place.above) for tag in _INSIDE]
    return [*_class_row(near), *_class_row(place.above), *inside]


@lru_cache(maxsize=8192)
def _class_row(words: frozenset[str]) -> tuple[float, ...]:
    return tuple(float(count > 0) for count in _IN_CLASS.counts(words))
