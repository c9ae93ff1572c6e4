"""Features of a text block that come from the groups that it belongs to: blocks with the same holder, tag or class."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.extract.body.features.block_table import Floats, Measures, Numbers, Table
from transforms.extract.page.text_blocks import Place

GROUPS = ("place", "holder", "holder2", "holder3", "signature", "class", "holder_class")
_SPANS = ("holder", "holder2")
_FEATURES = ("count", "chars", "kept_others", "kept_of_page", "links", "stops", "own")


def numbered(keys: Iterable[Hashable]) -> list[int]:
    """A number for each key, the same for equal keys."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def groups_of(page: Measures) -> Numbers:
    """The number of each block's group of each kind of `GROUPS` (kinds × blocks).

    Those of a kind have numbers of their own, behind those of the kind before, so that all are counted at once.
    """
    groups: Numbers = np.array(_keys(page), dtype=np.intp)
    ends = np.cumsum(groups.max(axis=1, initial=-1) + 1)
    groups[1:] += ends[:-1, None]
    return groups


def add_groups(table: Table, page: Measures, groups: Numbers) -> None:
    """Add what the blocks of each of these groups have together."""
    judged = groups[:, table.window]

    def total(weights: Floats) -> NDArray[np.float64]:
        every = np.broadcast_to(weights, groups.shape).ravel()
        sums: NDArray[Any] = np.bincount(groups.ravel(), every)[judged]
        return sums

    size, kept = page.size[table.window], page.kept[table.window]
    kept_total = float(page.kept.sum()) or 1.0
    chars, held = total(page.size), total(page.kept)
    least = np.maximum(chars, 1.0)
    others = np.maximum(chars - size, 0.0)
    features = np.stack((
        np.bincount(groups.ravel())[judged],
        np.log1p(chars),
        np.where(others > 0, (held - kept) / np.maximum(others, 1.0), -1.0),
        held / kept_total,
        total(page.link_chars.astype(np.float32)) / least,
        total(page.stops * page.size) / least,
        size / least,
    ), axis=1)  # fmt: skip
    for name, of_kind, group in zip(GROUPS, features, groups, strict=True):
        table.add_judged([f"{name}_{feature}" for feature in _FEATURES], of_kind)
        if name in _SPANS:
            table.add(_ends(name, group))


def _keys(page: Measures) -> list[list[int]]:
    second = [place.holder or place for place in page.holders]
    third = [place.holder or place for place in second]
    signatures = [place.signature for place in page.places]
    around = [place.holder.signature if place.holder else "" for place in page.places]
    return [
        [place.number for place in page.places],
        [place.number for place in page.holders],
        [place.number for place in second],
        [place.number for place in third],
        numbered(zip(signatures, around, strict=True)),
        numbered(signatures),
        numbered(around),
    ]


def _ends(name: str, group: Numbers) -> dict[str, Numbers]:
    """How many blocks before each block its group begins, and how many behind it ends."""
    order = np.arange(len(group))
    first, last = np.zeros(group.max() + 1, dtype=np.intp), np.zeros(group.max() + 1, dtype=np.intp)
    first[group[::-1]] = order[::-1]  # of several values for a group, the last one stays
    last[group] = order
    return {f"{name}_from_start": order - first[group], f"{name}_to_end": last[group] - order}


def add_distance(table: Table, page: Measures) -> None:
    """Add each block's distance in the tree from the place with most kept text, and from that with most prose."""
    prose = ((page.stops > 0) & (page.link_chars * 3 < page.length)) * page.size
    holders = np.array([place.number for place in page.holders])
    judged = page.places[table.window]
    rows: dict[int, NDArray[np.float64]] = {}
    for name, weight in (("kept", page.kept), ("prose", prose)):
        chars = np.bincount(holders, weight)
        block = int(np.lexsort((holders, -chars[holders]))[0])
        best = int(holders[block])
        if best not in rows:
            rows[best] = _distances(judged, page.holders[block])
        share = np.full(len(judged), chars[best] / (float(weight.sum()) or 1.0))
        names = [f"{name}_anchor_{which}" for which in ("up", "down", "share")]
        table.add_judged(names, np.concatenate((rows[best], share[None])))


def _distances(places: Sequence[Place], anchor: Place) -> NDArray[np.float64]:
    """For each place, the levels up from the anchor to what holds both, and down from there to the place (2 × n)."""
    known = {place.number: (float(up), 0.0) for up, place in enumerate(anchor.path())}
    return np.array([_apart(place, known) for place in places]).T


def _apart(place: Place, known: dict[int, tuple[float, float]]) -> tuple[float, float]:
    found = known.get(place.number)
    if found is None:
        if place.holder is None:
            found = (99.0, 0.0)
        else:
            above = _apart(place.holder, known)
            found = (above[0], above[1] + 1.0)
        known[place.number] = found
    return found
