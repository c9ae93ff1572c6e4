"""Scores of facts against hand labels, micro-averaged over articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

Columns = Mapping[str, Any]

_KINDS = (("person", "people"), ("organization", "organizations"), ("place", "places"))
_RECALLED, _PRECISE = 10, 5
"""Recall looks among so many names of a kind, precision at so many."""


@dataclass
class Tally:
    """Right, wrong and missed answers of one column."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: Iterable[str], predicted: Iterable[str], neutral: Iterable[str] = ()) -> None:
        """Count one article. A predicted value among `neutral` is neither right nor wrong."""
        wanted, given = set(gold), set(predicted)
        self.right += len(wanted & given)
        self.wrong += len(given - wanted - set(neutral))
        self.missed += len(wanted - given)

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        counts = f"{self.right} right, {self.wrong} wrong, {self.missed} missed"
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({counts})"


def score_lines(labels: Sequence[Columns], predicted: Mapping[str, Columns]) -> Iterator[str]:
    """The lines of the table. A missing prediction, or a missing column, counts as empty.

    Countries, strict: a country that is not one of the story's is wrong; lenient: one that the text mentions is
    neither right nor wrong. Names: recall of the labelled ones among the first ten given, precision of the first five.
    """
    rows = [(label, predicted.get(label["id"], {})) for label in labels]
    missing = sum(label["id"] not in predicted for label in labels)
    yield f"articles             {len(rows)}, without prediction {missing}"
    language = sum((given.get("in_language") or "").split("-")[0].lower() == label["language"] for label, given in rows)
    yield f"language             {_share(language, len(rows))}"
    yield from _tally_lines(rows)
    yield from _country_lines(rows)
    for kind, column in _KINDS:
        yield f"{kind:20} {_name_scores(rows, kind, column)}"
    given_topics = [(label, given["topic"]) for label, given in rows if given.get("topic")]
    right = sum(topic in (label["topic"], label["topic2"]) for label, topic in given_topics)
    shares = f"right {_share(right, len(rows))}, given {_share(len(given_topics), len(rows))}"
    yield f"topic                {shares}, right of those given {_share(right, len(given_topics))}"


def _tally_lines(rows: Sequence[tuple[Columns, Columns]]) -> Iterator[str]:
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for label, given in rows:
        tallies["wire_sources"].add(folded(label["wire_sources"]), folded(given.get("wire_sources")))
        tallies["dateline"].add(folded([label["dateline"]]), folded([given.get("dateline")]))
        countries = given.get("countries") or ()
        tallies["countries strict"].add(label["countries"], countries)
        tallies["countries lenient"].add(label["countries"], countries, label["countries_mentioned"])
    for column, tally in tallies.items():
        yield f"{column:20} {tally}"


def _country_lines(rows: Sequence[tuple[Columns, Columns]]) -> Iterator[str]:
    quoted = taken = 0
    filed = [(label, given) for label, given in rows if label["dateline_country"]]
    right = sum(given.get("dateline_country") == label["dateline_country"] for label, given in filed)
    wrong = sum(given.get("dateline_country") not in (None, label["dateline_country"]) for label, given in rows)
    with_countries = [(label, list(given.get("countries") or ())) for label, given in rows if label["countries"]]
    first = sum(countries[:1] == label["countries"][:1] for label, countries in with_countries)
    for label, given in rows:
        only = set(folded(label["wire_quoted"])) - set(folded(label["wire_sources"]))
        quoted += len(only)
        taken += len(only & set(folded(given.get("wire_sources"))))
    yield f"quoted agencies taken for sources: {taken} of {quoted}"
    yield f"dateline_country     right {_share(right, len(filed))} of {len(filed)}, wrong {wrong}"
    yield f"first country        {_share(first, len(with_countries))} of {len(with_countries)}"


def _name_scores(rows: Sequence[tuple[Columns, Columns]], kind: str, column: str) -> str:
    count: Counter[str] = Counter()
    for label, given in rows:
        names = [entity["name"] for entity in given.get("entities") or () if entity["kind"] == kind]
        count["found"] += sum(any(is_same_name(name, one) for one in names[:_RECALLED]) for name in label[column])
        count["labelled"] += len(label[column])
        count["right"] += sum(any(is_same_name(name, one) for one in label[column]) for name in names[:_PRECISE])
        count["given"] += len(names[:_PRECISE])
    recall = f"recall@{_RECALLED} {_share(count['found'], count['labelled'])} of {count['labelled']}"
    return f"{recall}  precision@{_PRECISE} {_share(count['right'], count['given'])} of {count['given']}"


def is_same_name(one: str, other: str) -> bool:
    """Whether the words of one name are a run of the other's, without case and accents; a name of one word in another
    script than ours may also be a part of the other's word, as words there run together."""
    short, long = sorted((_folded_words(one), _folded_words(other)), key=len)
    if not short:
        return False
    if len(short) == len(long) == 1 and not short[0].isascii():
        return short[0] in long[0] or long[0] in short[0]
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def folded(names: Iterable[str | None] | None) -> list[str]:
    """Names in the form in which they are compared: no case, accents or punctuation; empty ones left out."""
    return [" ".join(words) for name in names or () if (words := _folded_words(name or ""))]


def _folded_words(name: str) -> list[str]:
    text = normalize("NFKD", name).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in text if not combining(sign)).split()


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.3f}"
