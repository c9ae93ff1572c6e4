"""What a lake knows of pages that an archive holds too: which captures it has, and what feeds said of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from schemas.feed import OF_FEED, PENDING, SAID, FeedEntry
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES, page_id_of
from schemas.run import Run
from schemas.table import day_of
from transforms.lake.committed import Committed, committed
from transforms.lake.files.layout import table_folder
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import storage_of
from transforms.lake.forget.record import forgotten_of
from transforms.lake.state import seen_of
from transforms.web.forgotten import Forgotten

_DAYS_KEPT: Final = 16
_KEY_DIGITS: Final = 16
_SAID: Final = (*OF_FEED, "entry_id", *(f"entry_{name}" for name in SAID))
_COLUMNS: Final = ("url", "url_key", *(name.removesuffix("_us") for name in _SAID))


@dataclass(slots=True)
class Captures:
    """The captures of a run's lake, as the run finds it: of committed runs, and of those whose pages it takes over.

    Looked up by day of the capture: of each day 8 bytes a page are in memory, of 16 days at most.
    """

    run: Run
    _held: Committed | None = None
    _forgotten: Forgotten | None = None
    _days: OrderedDict[str, NDArray[np.uint64]] = field(default_factory=OrderedDict)

    def is_known(self, url_key: str, fetched_at_us: int) -> bool:
        """Whether the lake has the page of this entry that was fetched at this instant, or an article made of it."""
        keys = self._keys_of(day_of(fetched_at_us))
        key = _key(url_key, fetched_at_us)
        at = int(np.searchsorted(keys, key))
        return at < len(keys) and bool(keys[at] == key)

    def entries(self, url_keys: Sequence[str]) -> Mapping[str, FeedEntry]:
        """What feeds said of these entries: of those that wait to be fetched, and of those that were fetched last."""
        if not url_keys:
            return {}
        found: dict[str, FeedEntry] = {}
        days: dict[str, set[str]] = {}
        for key, seen in seen_of(self.run, url_keys).items():
            days.setdefault(day_of(seen.seen_at_us), set()).add(key)
        for day, keys in sorted(days.items()):
            for path in self._paths(day):
                found.update((entry.url_key, entry) for entry in self._said(path, keys))
        pending = self.run.state.pending
        if pending is not None:
            where = [("url_key", "in", frozenset(url_keys))]
            rows = self._reader.columns(pending, PENDING.schema.names, where)
            found.update((entry.url_key, entry) for entry in PENDING.from_arrow(rows))
        return found

    def is_forgotten(self, url: str) -> bool:
        """Whether the lake has forgotten this address."""
        if self._forgotten is None:
            self._forgotten = forgotten_of(self.run)
        return self._forgotten.holds(url)

    def _said(self, path: str, keys: set[str]) -> Iterator[FeedEntry]:
        """What feeds said of pages in a file, of those that a feed listed."""
        rows = self._reader.columns(path, _COLUMNS, [("url_key", "in", keys), ("feed_url", "!=", "")])
        stored: dict[str, list[Any]] = {}
        for column in PAGES.columns:
            if column.name in _COLUMNS and column.name in rows.column_names:
                data = rows.column(column.name)
                values = (data.cast("int64") if column.is_instant else data).to_pylist()
                stored[column.attribute] = [column.missing if value is None else value for value in values]
            elif column.name in _COLUMNS:  # a file of an earlier version
                stored[column.attribute] = [column.missing] * rows.num_rows
        for row in range(rows.num_rows):
            held = {name: _as_held(values[row]) for name, values in stored.items()}
            said = {name: held[f"entry_{name}"] for name in SAID} | {name: held[name] for name in OF_FEED}
            yield FeedEntry(entry_id=held["entry_id"], url=held["url"], url_key=held["url_key"], **said)

    def _keys_of(self, day: str) -> NDArray[np.uint64]:
        if day in self._days:
            self._days.move_to_end(day)
            return self._days[day]
        keys: list[int] = []
        for path in self._paths(day):
            rows = self._reader.columns(path, ["url_key", "fetched_at"])
            instants = rows.column("fetched_at").cast("int64").to_pylist()
            keys += map(_key, rows.column("url_key").to_pylist(), instants)
        keys += (int(page_id[:_KEY_DIGITS], 16) for page_id in self._of_articles(day))
        self._days[day] = np.sort(np.array(keys, dtype=np.uint64))
        if len(self._days) > _DAYS_KEPT:
            self._days.popitem(last=False)
        return self._days[day]

    def _of_articles(self, day: str) -> Iterator[str]:
        """The captures of a day of which the lake has an article, also where the page is no longer kept."""
        first = datetime.fromisoformat(day).replace(tzinfo=UTC)
        where = [("fetched_at", ">=", first), ("fetched_at", "<", first + timedelta(days=1))]
        for path in self._committed().parts(FINGERPRINTS):
            yield from self._reader.columns(path, ["page_id"], where).column("page_id").to_pylist()

    def _committed(self) -> Committed:
        if self._held is None:
            self._held = committed(storage_of(self.run))
        return self._held

    def _paths(self, day: str) -> Iterator[str]:
        here = list(storage_of(self.run).list(table_folder(PAGES, day)))
        yield from self._committed().among(here)
        yield from sorted(set(here) & set(self.run.state.adopted_pages))

    @property
    def _reader(self) -> PartReader:
        return PartReader(storage_of(self.run))


def _key(url_key: str, fetched_at_us: int) -> int:
    """The first 64 bits of a page's id: among a million pages of a day two share them once in 40 million days."""
    return int(page_id_of(url_key, fetched_at_us)[:_KEY_DIGITS], 16)


def _as_held(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
