"""Harder and mixed kinds of copies, made from real texts: what is found, and what is taken for a copy and is none.

    python -m benchmarks.copies_mixed GOLD.json… [--unseen] [--runs N] [--write DATA.jsonl.gz]

GOLD is {id: {"articleBody": text}}. Half of the texts are for the kinds that rules may be tuned on, the other half,
with `--unseen`, for those that they may not (`mixed_kinds`). Of the texts in use, half become originals with three
copies each, three eighths roundups and other look-alikes, and an eighth is what editors write of their own. With
`--write` the texts are written as `benchmarks.copies` reads them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from benchmarks.copies import Doc, mark_in_runs, pair_scores
from benchmarks.copies_perturbed import HOUR_US, NOON_US, Made, rows, words_of
from benchmarks.mixed_kinds import TUNED, TUNED_LOOKALIKES, UNSEEN, UNSEEN_LOOKALIKES
from benchmarks.mixed_texts import Paragraphs, Pool, count, paragraphs_of
from transforms.common.batches import batches
from transforms.enrich.languages.detect import detect_language
from transforms.text.shingles import normalise, shingle_sequence

_LEAST_WORDS = 200
_LEAST_PARAGRAPHS = 5
_COPIES = 3
_SHARED = 0.15
"""A text with so many of the 4-word runs of those before it is left out; a text on a matter of its own has 5 %."""
_TEXTS_AT_ONCE = 6
"""Texts that one group of look-alikes is made from."""


def material(paths: Sequence[Path], unseen: bool) -> dict[str, list[Paragraphs]]:
    """The texts for one set of kinds, by language, in an order that follows from their words alone."""
    texts = {one["articleBody"] for path in paths for one in json.loads(path.read_text("utf-8")).values()}
    by_language: dict[str, list[Paragraphs]] = defaultdict(list)
    seen: set[int] = set()
    for text in sorted(texts, key=_digest):
        paragraphs = paragraphs_of(text)
        if len(paragraphs) < _LEAST_PARAGRAPHS or count(paragraphs) < _LEAST_WORDS or _is_known(text, seen):
            continue
        if (int(_digest(text)[:1], 16) % 2 == 1) == unseen:
            by_language[language.tag if (language := detect_language(text)) else "?"].append(paragraphs)
    return {language: some for language, some in sorted(by_language.items()) if len(some) >= 4 * _TEXTS_AT_ONCE}


def _is_known(text: str, seen: set[int]) -> bool:
    """Whether a text shares much with one before it: it is a copy already. Adds its shingles to those seen."""
    own = set(shingle_sequence(normalise(text)).tolist())
    is_known = len(own & seen) > _SHARED * len(own)
    seen |= own
    return is_known


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make(paths: Sequence[Path], unseen: bool) -> list[Made]:
    """All texts of a set."""
    made: list[Made] = []
    for language, texts in material(paths, unseen).items():
        chance = random.Random(f"{language} {unseen}")
        eighth = len(texts) // 8
        words = [word for text in texts[:eighth] for one in text for word in words_of(one).items]
        pool = Pool(words, cycle([one for text in texts[:eighth] for one in text]))
        for kind, cluster, text in [
            *_copies(chance, texts[4 * eighth :], pool, unseen),
            *_lookalikes(chance, texts[eighth : 4 * eighth], pool, unseen),
        ]:
            published_us = NOON_US + (0 if kind == "original" else chance.randrange(48) * HOUR_US)
            doc = Doc(f"t{len(made):06}", "\n".join(text), published_us, f"paper{len(made)}.example")
            made.append(Made(doc, f"{language} {cluster}", kind, language))
    return made


def _copies(
    chance: random.Random, texts: Sequence[Paragraphs], pool: Pool, unseen: bool
) -> Iterator[tuple[str, str, Paragraphs]]:
    kinds = UNSEEN if unseen else TUNED
    for number, text in enumerate(texts):
        yield "original", f"original {number}", text
        for kind in chance.sample(sorted(kinds), _COPIES):
            yield kind, f"original {number}", kinds[kind](chance, text, pool)


def _lookalikes(
    chance: random.Random, texts: Sequence[Paragraphs], pool: Pool, unseen: bool
) -> Iterator[tuple[str, str, Paragraphs]]:
    makers = UNSEEN_LOOKALIKES if unseen else TUNED_LOOKALIKES
    for number, some in enumerate(batches(texts, _TEXTS_AT_ONCE)):
        if len(some) == _TEXTS_AT_ONCE:
            for place, (kind, text) in enumerate(makers[number % len(makers)](chance, tuple(some), pool)):
                yield kind, f"alone {number} {place}", text


def write(made: Sequence[Made], path: Path) -> None:
    """Write the texts as `benchmarks.copies` reads them."""
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for one in made:
            published = datetime.fromtimestamp(one.doc.published_us / 1_000_000, UTC).isoformat()
            record = {"id": one.doc.id, "text": one.doc.text, "published": published, "source": one.doc.source}
            record |= {"cluster_id": one.cluster, "kind": one.kind, "lang": one.language}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> None:
    """Mark the texts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--unseen", action="store_true", help="the kinds that no rule is tuned on")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    made = make(arguments.gold, arguments.unseen)
    if arguments.write is not None:
        write(made, arguments.write)
    labels = {one.article_id: one.cluster_id for one in mark_in_runs([one.doc for one in made], arguments.runs)}
    truth = [one.cluster for one in made]
    precision, recall, f1 = pair_scores(truth, [str(labels[one.doc.id]) for one in made])
    kinds = "kinds never tuned on" if arguments.unseen else "kinds tuned on"
    print(f"{len(made):,} texts in {arguments.runs} run(s), {kinds}: F1 {f1:.4f}  P {precision:.4f}  R {recall:.4f}")
    print(f"{'kind':44}{'texts':>7}{'found':>9}{'with strangers':>17}")
    for kind, texts, share, strangers in rows(made, labels):
        print(f"{kind:44}{texts:>7,}{'' if share is None else f'{share:.3f}':>9}{strangers:>17}")


if __name__ == "__main__":
    main()
