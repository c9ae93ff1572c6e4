"""Counts the references of articles to articles that are not there."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.lake.files.parts import PartReader

REFERENCES = ("duplicate_of", "cluster_id", "story_id")

_Ids = NDArray[np.bytes_]


def dangling(reader: PartReader, paths: Iterable[str]) -> dict[str, int]:
    """For each column that names another article, how many different ones it names that no file holds.

    They are no damage: articles that were dropped by `retain` leave them. In memory are 32 bytes for each article.
    """
    ids: list[_Ids] = []
    named: dict[str, list[_Ids]] = {name: [] for name in REFERENCES}
    for path in paths:
        rows = reader.columns(path, ("article_id", *REFERENCES))
        ids.append(_distinct(rows.column("article_id")))
        for name, some in named.items():
            if name in rows.column_names:
                some.append(_distinct(rows.column(name)))
    known = _joined(ids)
    return {name: len(np.setdiff1d(_joined(some), known, assume_unique=True)) for name, some in named.items()}


def _distinct(column: object) -> _Ids:
    return np.array([value.encode() for value in pc.unique(column).to_pylist() if value is not None], dtype="S32")


def _joined(some: list[_Ids]) -> _Ids:
    return np.unique(np.concatenate([np.empty(0, dtype="S32"), *some]))
