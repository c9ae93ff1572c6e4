"""Finds the revisits that are due, in the state that earlier runs left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.revisit import REVISITS, Revisit
from transforms.common.arrays import HeldArrays
from transforms.lake.files.parts import PartReader
from transforms.lake.merged.merge_parts import Keep
from transforms.lake.revisits.schedule import due_at_us, in_turn

_INSTANTS = ("first_seen_at", "asked_at", "until_at")


def due_revisits(reader: PartReader, parts: Sequence[str], now_us: int, intervals_us: Sequence[int]) -> list[Revisit]:
    """What is due at an instant, in the order in which it is asked for (`in_turn`).

    Three columns of each part are read, and kept where the reader keeps things; ids and other columns only where
    something seems due.
    """
    seeming: dict[str, tuple[int, Revisit]] = {}
    for path in parts:
        instants = reader.kept(path, "revisits", partial(_instants, reader, path))
        due_us = due_at_us(instants.whole("first_seen_at"), instants.whole("asked_at"), intervals_us)
        rows = np.flatnonzero((due_us <= now_us) & (instants.whole("until_at") > now_us))
        if rows.size:
            taken = REVISITS.from_arrow(reader.take(path, REVISITS.schema.names, rows.tolist()))
            for at_us, row in zip(due_us[rows].tolist(), taken, strict=True):
                known = seeming.get(row.article_id)
                if known is None or (known[1].asked_at_us or 0) < (row.asked_at_us or 0):
                    seeming[row.article_id] = at_us, row
    asked = _last_asked(reader, parts, list(seeming))
    return in_turn(one for one in seeming.values() if (one[1].asked_at_us or 0) >= asked[one[1].article_id])


def _instants(reader: PartReader, path: str) -> HeldArrays:
    table = reader.columns(path, _INSTANTS)
    return HeldArrays({name: _micros(table, name) for name in _INSTANTS})


def _micros(table: pa.Table, name: str) -> NDArray[np.int64]:
    """An instant's column in microseconds; 0 where there is none."""
    return np.asarray(pc.fill_null(table.column(name).cast(pa.int64()), 0).to_numpy(), dtype=np.int64)


def _last_asked(reader: PartReader, parts: Sequence[str], article_ids: Sequence[str]) -> dict[str, int]:
    """When each of these articles was asked for last, by any of its rows; 0: never."""
    found = dict.fromkeys(article_ids, 0)
    wanted = pa.array(article_ids, pa.string())
    for path in parts if found else ():
        table = reader.columns(path, ("article_id", "asked_at"))
        table = table.filter(pc.is_in(table.column("article_id"), value_set=wanted))
        for article_id, at_us in zip(table.column("article_id").to_pylist(), _micros(table, "asked_at"), strict=True):
            found[article_id] = max(found[article_id], int(at_us))
    return found


def still_awaited(reader: PartReader, parts: Sequence[str], now_us: int) -> Keep:
    """Keeps, when parts are merged, the newest row of each article that is still to be asked for."""
    newest: dict[str, tuple[int, str]] = {}
    for path in parts:
        for group in reader.groups(path, ("article_id", "asked_at")):
            asked = _micros(group, "asked_at").tolist()
            for article_id, at_us in zip(group.column("article_id").to_pylist(), asked, strict=True):
                newest[article_id] = max(newest.get(article_id, (0, "")), (at_us, path))

    def keep(path: str, piece: pa.Table) -> NDArray[np.bool_]:
        rows = zip(piece.column("article_id").to_pylist(), _micros(piece, "asked_at").tolist(), strict=True)
        is_newest = np.array([newest[article_id] == (at_us, path) for article_id, at_us in rows], dtype=np.bool_)
        return is_newest & (_micros(piece, "until_at") > now_us)

    return keep
