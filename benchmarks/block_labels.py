"""Labels the text blocks of a page that belong to its article, by the article's gold text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks.pages import SHINGLE_WORDS, words_of

_REACH = 8
"""How many blocks away a short block looks for neighbours that belong to the article."""

Gram = tuple[str, ...]


def block_labels(texts: Sequence[str], gold: str) -> tuple[list[float], list[int]]:
    """For each text, the share of its 4-word shingles that are in the gold text (0 to 1), and its number of words.

    A text of fewer than four words belongs to the article if the gold text has it directly before or after a neighbour
    that belongs. If the page repeats a text more often than the gold text, those nearest to the article's other blocks
    count.
    """
    truth = words_of(gold)
    known = {length: _grams(truth, length) for length in range(1, SHINGLE_WORDS + 1)}
    words = [words_of(text) for text in texts]
    labels = [_share(one, known[SHINGLE_WORDS]) for one in words]
    for number, one in enumerate(words):
        if 0 < len(one) < SHINGLE_WORDS:
            labels[number] = float(_stands_beside(number, words, labels, known))
    _drop_repeats(words, labels, known[SHINGLE_WORDS])
    return labels, [len(one) for one in words]


def _grams(words: Sequence[str], length: int) -> Counter[Gram]:
    return Counter(tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def _share(words: Sequence[str], known: Counter[Gram]) -> float:
    shingles = _grams(words, SHINGLE_WORDS)
    return sum(count for shingle, count in shingles.items() if shingle in known) / shingles.total() if shingles else 0.0


def _stands_beside(
    number: int, words: Sequence[list[str]], labels: Sequence[float], known: dict[int, Counter[Gram]]
) -> bool:
    own, missing = words[number], SHINGLE_WORDS - len(words[number])
    before = range(number - 1, max(-1, number - _REACH), -1)
    after = range(number + 1, min(len(words), number + _REACH))
    above = next((words[n] for n in before if words[n] and labels[n] >= 0.5), None)
    below = next((words[n] for n in after if len(words[n]) >= SHINGLE_WORDS and labels[n] >= 0.5), None)
    joined = []
    if above is not None:
        joined.append((*above[-missing:], *own))
    if below is not None:
        joined.append((*own, *below[:missing]))
    return any(gram in known.get(len(gram), ()) for gram in joined)


def _drop_repeats(words: Sequence[list[str]], labels: list[float], known: Counter[Gram]) -> None:
    places: defaultdict[Gram, list[int]] = defaultdict(list)
    for number, one in enumerate(words):
        if len(one) >= SHINGLE_WORDS and labels[number] >= 0.5:
            places[tuple(one)].append(number)
    for gram, numbers in places.items():
        wanted = max(1, known[gram[:SHINGLE_WORDS]])

        def company(number: int, same: Sequence[int] = numbers) -> float:
            around = range(max(0, number - 4), min(len(words), number + 5))
            return -sum(labels[near] * len(words[near]) for near in around if near not in same)

        for number in sorted(numbers, key=company)[wanted:]:
            labels[number] = 0.0
