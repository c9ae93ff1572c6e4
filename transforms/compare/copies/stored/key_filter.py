"""A filter of fixed size that rejects most keys of earlier runs which no text of this run has."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.shingles import Hashes

FILTER_BITS: Final = 24
"""A filter of 2 MiB. Of the keys that a run lacks it passes one in 200 for 1,000 articles, one in 20 for 10,000."""

_MASK: Final = np.uint64((1 << FILTER_BITS) - 1)


def filter_of(keys: Hashes) -> bytes:
    """The filter that these keys pass, packed: one bit for each value of a key's lowest bits."""
    bits = np.zeros(1 << FILTER_BITS, dtype=np.bool_)
    bits[(keys & _MASK).astype(np.intp)] = True
    return np.packbits(bits).tobytes()


def opened(stored: bytes) -> NDArray[np.bool_]:
    """A packed filter, unpacked for `passing`: one byte for each bit."""
    return np.unpackbits(np.frombuffer(stored, dtype=np.uint8)).view(np.bool_)


def passing(keys: Hashes, key_filter: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which keys may be among those that the filter was made from."""
    return np.asarray(key_filter[(keys & _MASK).astype(np.intp)])
