"""The keys of a run's texts, and a filter of fixed size that rejects most keys which are not among them."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.shingles import Hashes

FILTER_BITS: Final = 24
"""A filter of 16 MiB. Of the keys that a run lacks it passes one in 200 for 1,000 articles, one in 20 for 10,000."""

_MASK: Final = np.uint64((1 << FILTER_BITS) - 1)


class Wanted:
    """Keys that are looked for: `keys` are distinct and ascend."""

    def __init__(self, keys: Hashes) -> None:
        ascending = np.sort(keys)  # `np.unique` takes ten times as long
        self.keys: Hashes = ascending[np.append(True, ascending[1:] != ascending[:-1])[: keys.size]]

    @cached_property
    def key_filter(self) -> NDArray[np.bool_]:
        """The filter that these keys pass: one byte for each value of a key's lowest bits."""
        bits = np.zeros(1 << FILTER_BITS, dtype=np.bool_)
        bits[(self.keys & _MASK).astype(np.intp)] = True
        return bits

    def places_in(self, keys: Hashes) -> NDArray[np.int64]:
        """Where keys, in any order, are among those that are looked for."""
        perhaps = np.flatnonzero(self.key_filter[(keys & _MASK).astype(np.intp)])
        if not self.keys.size:
            return perhaps
        places = np.searchsorted(self.keys, keys[perhaps])
        places[places == self.keys.size] = 0
        found: NDArray[np.int64] = perhaps[self.keys[places] == keys[perhaps]]
        return found
