"""The language detector of py3langid, which reads all bytes of a text at once instead of one after the other."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, RAW_FLOOR, LanguageIdentifier

MEMORY_BYTES: Final = 6
"""The state of the model's automaton after a byte depends on this byte and the five before it, and on no others. A
property of the model file, which the tests prove for all its states."""

NO_BYTE: Final = b"\xff"
"""A byte that no text in UTF-8 has. At the start of a text it leaves the automaton in its first state."""


class Detector(LanguageIdentifier):
    """Gives the same answers as LanguageIdentifier, with the same sums in the same order, in less than half the time.

    As each state depends on six bytes only, the states after all bytes of a text are found together, in six steps.
    """

    __slots__ = ("_moves", "_outputs", "_rows")

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._moves = np.frombuffer(self.tk_nextmove, dtype=np.uint32)
        self._rows = np.asarray(self.tk_row, dtype=np.int64) << 8
        self._outputs = np.asarray(self.tk_output, dtype=np.int32)

    def states(self, text: bytes) -> NDArray[np.uint32]:
        """The automaton's state after each byte of a text."""
        padded = np.frombuffer(NO_BYTE * (MEMORY_BYTES - 1) + text, dtype=np.uint8)
        states = np.zeros(len(text), dtype=np.uint32)
        for start in range(MEMORY_BYTES):
            states = self._moves[self._rows[states] + padded[start : start + len(text)]]
        return states

    def _raw_score(self, text: bytes) -> NDArray[np.float32]:
        features = self._outputs[self.states(text)]
        visits = Counter(features[features >= 0].tolist())
        if not visits:
            return np.full(len(self.nb_classes), RAW_FLOOR, dtype=np.float32)
        scores: NDArray[np.float32] = self._sparse_score(visits, self.nb_ptc)
        return scores


@lru_cache(maxsize=1)
def load_detector() -> Detector:
    """The detector, loaded once in a process (0.9 processor-seconds) and never changed. Call it before workers fork."""
    detector: Detector = Detector.from_model_file(MODEL_FILE)
    return detector
