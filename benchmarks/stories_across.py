"""Measures how well reports of one event in several languages meet: by meaning, by marks, and by both.

    python -m benchmarks.stories_across [FILE]

FILE is one such as ``benchmarks/across_languages.txt``. Needs ``pip install newsbeam[stories]``. Every third event is
held out: thresholds are those at which the others reach a precision of .95 with the most recall. All reports count as
of one day, which is the hardest case.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from schemas.story import Sketch
from transforms.compare.stories.across.embedding import vector_of
from transforms.compare.stories.across.join_languages import join_languages
from transforms.compare.stories.across.marks import marks_of
from transforms.compare.stories.across.nearness import NEAR, Traces, nearness, traces_of
from transforms.compare.stories.across.trace import lead_of
from transforms.enrich.places.countries import find_countries
from transforms.enrich.places.gazetteer import load_gazetteer

_PRECISION = 0.95
_HELD_OUT = 3  # every third event


class Report(NamedTuple):
    """A report of an event, which is a number, of a near miss the number and a letter."""

    event: str
    language: str
    headline: str
    lead: str

    @property
    def is_held_out(self) -> bool:
        """Whether no choice was made by it."""
        return int(re.split("[AB]", self.event)[0]) % _HELD_OUT == 0


class Found(NamedTuple):
    """What is found of pairs in different languages."""

    precision: float
    recall: float

    def __str__(self) -> str:
        both = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / both if both else 0.0
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {f1:.3f}"


def read_reports(path: Path) -> list[Report]:
    """The reports in a file."""
    lines = path.read_text("utf-8").splitlines()
    return [Report(*line.split("|")) for line in lines if line and not line.startswith("#")]


def traces(reports: Sequence[Report]) -> Traces:
    """The reports as a run sees them, each a story of its own; prints what they cost."""
    places = {one.language: load_gazetteer(one.language) for one in reports}
    vector_of("the model is read at the first text")
    texts = [lead_of(one.headline, one.lead) for one in reports]
    begun = time.process_time()
    vectors = list(map(vector_of, texts))
    embedded = time.process_time()
    marks = []
    for one, text in zip(reports, texts, strict=True):
        named_in = places[one.language]
        marks.append(marks_of(text, find_countries(one.headline, one.lead, None, named_in.home, named_in).codes))
    marked = time.process_time()
    print(
        f"{(embedded - begun) / len(texts) * 1e3:.0f} ms a vector, {(marked - embedded) / len(texts) * 1e3:.2f} ms "
        f"marks and countries, {sum(map(len, vectors + marks)) / len(texts):.0f} bytes a report"
    )
    return traces_of(
        [
            Sketch("", f"{n:04}", "", one.language, 0, 0, 0, b"", b"", b"", b"", f"{n:04}", None, vector, mark)
            for n, (one, vector, mark) in enumerate(zip(reports, vectors, marks, strict=True))
        ]
    )


def measure(reports: Sequence[Report]) -> None:
    """Print what each way finds among the held-out reports."""
    seen = traces(reports)
    pairs = [
        (one, other)
        for one, other in combinations(range(len(reports)), 2)
        if reports[one].language != reports[other].language and reports[one].is_held_out == reports[other].is_held_out
    ]
    cosines = {pair: float(seen.vectors[pair[0]] @ seen.vectors[pair[1]]) for pair in pairs}
    ways: dict[str, Callable[[tuple[int, int]], float]] = {
        "meaning": cosines.__getitem__,
        "marks": lambda pair: nearness(0.0, seen.marks[pair[0]], seen.marks[pair[1]]),
        "both": lambda pair: nearness(cosines[pair], seen.marks[pair[0]], seen.marks[pair[1]]),
    }
    is_same = np.array([reports[one].event == reports[other].event for one, other in pairs])
    held_out = np.array([reports[one].is_held_out for one, _ in pairs])
    print(f"{len(reports)} reports; pairs of one event: {is_same[~held_out].sum()}, held out {is_same[held_out].sum()}")
    for name, way in ways.items():
        scores = np.array(list(map(way, pairs)))
        least = _threshold(scores[~held_out], is_same[~held_out])
        print(f"{name:8} from {least:.3f}: held out {_found(scores >= least, is_same, held_out)}")
        if name == "both":
            print(f"{name:8} from {NEAR:.3f}: held out {_found(scores >= NEAR, is_same, held_out)}")
            print(f"{'':20}others   {_found(scores >= NEAR, is_same, ~held_out)}")
    for name, is_mine in (("held out", held_out), ("others", ~held_out)):
        rows = [number for number, one in enumerate(reports) if one.is_held_out == (name == "held out")]
        stories = _stories(seen, rows)
        joined = np.array([stories.get(one) == stories.get(other) for one, other in pairs])
        print(f"stories  {name:8} {_found(joined, is_same, is_mine)}")


def _stories(seen: Traces, rows: Sequence[int]) -> dict[int, str]:
    """The story of each of these reports."""
    some = Traces(
        [seen.article_ids[row] for row in rows],
        seen.languages[rows],
        seen.published_us[rows],
        seen.vectors[rows],
        [seen.marks[row] for row in rows],
        [seen.story_ids[row] for row in rows],
    )
    joined = join_languages(some, traces_of([]), {one: (False, 0, one) for one in some.story_ids})
    return {row: joined.get(seen.story_ids[row], seen.story_ids[row]) for row in rows}


def _threshold(scores: np.ndarray, is_same: np.ndarray) -> float:
    """The least score from which on the precision is reached; infinite if none reaches it."""
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(is_same[order]) / np.arange(1, order.size + 1)
    last = np.flatnonzero((precision >= _PRECISION) & (np.diff(scores[order], append=-np.inf) != 0))
    return float(scores[order][last[-1]]) if last.size else float("inf")


def _found(given: np.ndarray, is_same: np.ndarray, of: np.ndarray) -> Found:
    right = (given & is_same & of).sum()
    return Found(float(right / max(1, (given & of).sum())), float(right / max(1, (is_same & of).sum())))


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).with_name("across_languages.txt"))
    measure(read_reports(parser.parse_args().file))


if __name__ == "__main__":
    main()
