"""A filter that tells of most keys of earlier runs that this run has not got them, in a fixed size."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.shingles import Hashes

FILTER_BITS: Final = 24
"""2 MiB. Of keys that a run of 1,000 articles has not got it lets one in 200 pass, of 10,000 articles one in 20."""

_MASK: Final = np.uint64((1 << FILTER_BITS) - 1)


def filter_of(keys: Hashes) -> bytes:
    """The filter that these keys pass: a bit for each value of a key's lowest bits."""
    bits = np.zeros(1 << FILTER_BITS, dtype=np.bool_)
    bits[(keys & _MASK).astype(np.intp)] = True
    return np.packbits(bits).tobytes()


def opened(stored: bytes) -> NDArray[np.bool_]:
    """A filter ready for `passing`: a byte for each bit."""
    return np.unpackbits(np.frombuffer(stored, dtype=np.uint8)).view(np.bool_)


def passing(keys: Hashes, key_filter: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which keys may be among those that the filter was made of."""
    return np.asarray(key_filter[(keys & _MASK).astype(np.intp)])
