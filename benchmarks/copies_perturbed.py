"""Do the thresholds for copies hold for other texts? Scores copies, forms and footers made from texts in any language.

    python -m benchmarks.copies_perturbed GOLD.json… [--runs N] [--seed N]

GOLD is {id: {"articleBody": text}}. Each text of 150 words or more is an original. Copies are made from it by cutting,
editing (replacing words by others of the language) and inserting, at several strengths. From the words of each language
forms are made, which several reports fill with figures or names, and short articles with a common footer. Scripts
without spaces are handled by characters, two for a word. Prints for each kind the share of its true pairs found, and
how many of its texts are in a cluster with a text that is no copy.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from benchmarks.copies import Doc, mark_in_runs
from transforms.enrich.languages.detect import detect_language
from transforms.text.shingles import has_unspaced, normalise

NOON_US = 1_772_452_800_000_000
HOUR_US = 3_600_000_000
REPORTS = 6
"""Reports of each form and footer: fewer than `candidates.COMMON_GROUPS`, so only comparing pairs tells them apart."""

LEAD_WORDS = 100
"""What a desk puts in is not the beginning of another text of the set: two beginnings make a roundup."""


class Made(NamedTuple):
    """A text and its truth: texts with the same `cluster` are copies."""

    doc: Doc
    cluster: str
    kind: str
    language: str


class Words(NamedTuple):
    """A text as words, or as characters in a script without spaces."""

    items: list[str]
    between: str

    @property
    def a_word(self) -> int:
        """How many items make one word's worth of text."""
        return 1 if self.between else 2


def words_of(text: str) -> Words:
    """A text's words as printed, or its characters in a script without spaces."""
    normalised = normalise(text)
    if has_unspaced(normalised) and len(normalised.split()) > 3 * len(text.split()):
        return Words([character for character in text if not character.isspace()], "")
    return Words(text.split(), " ")


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made: list[Made] = []

    def add(self, words: Words, items: list[str], cluster: str, kind: str, language: str) -> None:
        """Add a text, published within two days."""
        number = len(self.made)
        published_us = NOON_US + (0 if kind == "original" else self.chance.randrange(48) * HOUR_US)
        doc = Doc(f"t{number:06}", words.between.join(items), published_us, f"paper{number}.example")
        self.made.append(Made(doc, cluster, kind, language))

    def copies(self, name: str, words: Words, others: list[str], language: str) -> None:
        """Add an original and its copies; `others` are words of the language."""
        items, chance = words.items, self.chance
        size = len(items)

        def own(share: float) -> list[str]:
            start = chance.randrange(max(len(others) - int(share * size), 1))
            return others[start : start + int(share * size)]

        def edited(rate: float, some: list[str]) -> list[str]:
            return [chance.choice(others) if chance.random() < rate / words.a_word else item for item in some]

        self.add(words, items, name, "original", language)
        for rate in (0.04, 0.08, 0.12):
            self.add(words, edited(rate, items), name, f"edited {rate:.0%}", language)
        for share in (0.3, 0.5, 0.7):
            self.add(words, items[: int(share * size)], name, f"cut to {share:.0%}", language)
        self.add(words, [*items[: size // 2], *own(0.25)], name, "half and own paragraph", language)
        self.add(words, edited(0.03, items[: int(0.6 * size)]) + own(0.1), name, "cut, edited, own", language)
        third = size // 3
        self.add(words, items[:third] + own(0.3) + items[third:], name, "paragraph inside", language)
        self.add(words, own(0.12) + items, name, "new lead", language)
        self.add(words, [*items[third:], *items[:third]], name, "parts turned", language)

    def forms(self, name: str, words: Words, others: list[str], language: str) -> None:
        """Add reports that fill in one form: every ninth word is a figure, or a word of the language."""
        form = self.chance.choices(others, k=110 * words.a_word)
        step = 9 * words.a_word
        for report in range(REPORTS):
            figures = [
                f" {self.chance.randrange(11, 9_999)} " if place % step == step // 2 else item
                for place, item in enumerate(form)
            ]
            self.add(words, figures, f"{name} figures {report}", "form with figures", language)
        form = self.chance.choices(others, k=110 * words.a_word)
        for report in range(REPORTS):
            names = [
                self.chance.choice(others) if place % step < words.a_word else item for place, item in enumerate(form)
            ]
            self.add(words, names, f"{name} names {report}", "form with names", language)

    def footers(self, name: str, words: Words, others: list[str], language: str) -> None:
        """Add short articles of one publisher with a common footer of 90 words."""
        footer = self.chance.choices(others, k=90 * words.a_word)
        for article in range(REPORTS):
            body = self.chance.choices(others, k=80 * words.a_word)
            self.add(words, [*body, *footer], f"{name} {article}", "one footer", language)


def make(texts: list[str], seed: int) -> list[Made]:
    """All texts of the benchmark."""
    maker = _Maker(seed)
    longest = [(language.tag if (language := detect_language(text)) else "?", text) for text in texts]
    for language, group in groupby(sorted(longest), key=lambda pair: pair[0]):
        some = [words for words in (words_of(text) for _, text in group) if len(words.items) >= 150 * words.a_word]
        for number, words in enumerate(some):
            pool = [item for other in some if other is not words for item in other.items[LEAD_WORDS * other.a_word :]]
            pool = pool or words.items[::-1]
            maker.copies(f"{language} {number}", words, pool, language)
        everything = [item for words in some for item in words.items]
        for number, words in enumerate(some[:3]):
            maker.forms(f"{language} form {number}", words, everything, language)
            maker.footers(f"{language} house {number}", words, everything, language)
    return maker.made


def rows(made: list[Made], labels: dict[str, str | None]) -> Iterator[tuple[str, int, float | None, int]]:
    """Of each kind: name, texts, share of true pairs found (None if it has none), and texts with strangers."""
    sizes = Counter(one.cluster for one in made)
    both = Counter((one.cluster, labels[one.doc.id]) for one in made)
    together = Counter(labels[one.doc.id] for one in made)
    found: dict[str, list[float]] = defaultdict(list)
    strangers: Counter[str] = Counter()
    kinds = Counter(one.kind for one in made)
    for one in made:
        mates = sizes[one.cluster] - 1
        here = both[one.cluster, labels[one.doc.id]]
        if mates:
            found[one.kind].append((here - 1) / mates)
        strangers[one.kind] += together[labels[one.doc.id]] > here
    for kind, count in kinds.items():
        share = sum(found[kind]) / len(found[kind]) if found[kind] else None
        yield kind, count, share, strangers[kind]


def main() -> None:
    """Mark the texts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    texts = [one["articleBody"] for path in arguments.gold for one in json.loads(path.read_text("utf-8")).values()]
    made = make(texts, arguments.seed)
    labels = {one.article_id: one.cluster_id for one in mark_in_runs([one.doc for one in made], arguments.runs)}
    print(f"{len(made):,} texts in {arguments.runs} run(s); originals by language:")
    print(
        "  " + ", ".join(f"{n} {name}" for name, n in Counter(o.language for o in made if o.kind == "original").items())
    )
    print(f"{'kind':28}{'texts':>7}{'found':>9}{'with strangers':>17}")
    for kind, count, share, strangers in rows(made, labels):
        print(f"{kind:28}{count:>7,}{'' if share is None else f'{share:.3f}':>9}{strangers:>17}")
    print("by language: pairs found, texts with strangers")
    for language in sorted({one.language for one in made}):
        mine = [one for one in made if one.language == language]
        shares = [share for _, _, share, _ in rows(mine, labels) if share is not None]
        strangers = sum(row[3] for row in rows(mine, labels))
        print(f"  {language:26}{len(mine):>7,}{sum(shares) / max(len(shares), 1):>9.3f}{strangers:>17}")


if __name__ == "__main__":
    main()
