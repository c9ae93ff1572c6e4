"""The detector of languages gives the answers of the library, whose model it reads in another way."""

from __future__ import annotations

import random

import numpy as np
import pytest
from py3langid.langid import LanguageIdentifier, visit_counts

from tests.transforms.enrich.samples_to_enrich import SENTENCES
from transforms.enrich.languages.detector import MEMORY_BYTES, NO_BYTE, load_detector


def test_the_state_depends_on_the_last_six_bytes_only() -> None:
    """Two copies of the automaton read the same bytes, but one has read any other byte before. Of all pairs of states
    that they can be in after five and six bytes, none differs after six."""
    detector = load_detector()
    moves, rows = np.frombuffer(detector.tk_nextmove, dtype=np.uint32), np.asarray(detector.tk_row, np.int64) << 8
    every_byte = np.arange(256)
    one, other = moves[rows[0] + every_byte].astype(np.int64), np.zeros(256, np.int64)
    left = []
    for _ in range(MEMORY_BYTES + 1):
        pairs = np.unique((one * rows.size + other)[one != other])
        left.append(pairs.size)
        one, other = pairs // rows.size, pairs % rows.size
        one = moves[(rows[one][:, None] + every_byte).ravel()].astype(np.int64)
        other = moves[(rows[other][:, None] + every_byte).ravel()].astype(np.int64)
    assert left[-1] == 0 < left[-2]
    assert moves[rows[0] + NO_BYTE[0]] == 0


@pytest.mark.parametrize("seed", range(20))
def test_features_are_counted_as_the_library_counts_them(seed: int) -> None:
    detector = load_detector()
    chance = random.Random(seed)
    words = " ".join(SENTENCES.values()).split()
    text = " ".join(chance.choices(words, k=seed * 5)).encode() + chance.randbytes(seed)
    found = np.asarray(detector.tk_output)[detector.states(text)]
    expected = visit_counts(detector.tk_nextmove, [row << 8 for row in detector.tk_row], detector.tk_output, text) or {}
    counted = {feature: int(np.sum(found == feature)) for feature in dict.fromkeys(found[found >= 0].tolist())}
    assert list(counted.items()) == list(expected.items())


@pytest.mark.parametrize("text", [*SENTENCES.values(), "", "?", "\ud800 x", "Ж"])
def test_scores_are_those_of_the_library_to_the_last_bit(text: str) -> None:
    detector = load_detector()
    coded = LanguageIdentifier._encode(text)
    assert (detector._raw_score(coded) == LanguageIdentifier._raw_score(detector, coded)).all()
