"""The page files that a run has stored so far, also those of tries whose worker died or was taken for dead."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from schemas.page import PAGES
from schemas.run import FilePart, Run, from_us
from transforms.common.clock import DAY_US
from transforms.lake.files.layout import run_of, shard_of
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage, storage_of
from transforms.lake.recover import whole_pages


def pages_of_shard(run: Run, shard: str, now_us: int) -> list[FilePart]:
    """The whole page files that the run has stored until now for a shard, in the order of their names."""
    storage = storage_of(run)
    paths = (path for path in _page_paths(storage, run, now_us) if (shard_of(path) or "").startswith(f"{shard}-"))
    return [part for path in paths if (part := whole_pages(storage, path)) is not None]


def delete_other_pages(run: Run, counted: Container[str], now_us: int) -> None:
    """Delete the page files of the run whose paths are not `counted`: those of tries that did not end."""
    storage = storage_of(run)
    for path in list(_page_paths(storage, run, now_us)):
        if path not in counted:
            storage.delete(path)


def stored_keys(run: Run, parts: Iterable[FilePart]) -> set[str]:
    """The `url_key` of each page in these files."""
    reader = PartReader(storage_of(run))
    return {key for part in parts for key in reader.columns(part.path, ["url_key"]).column("url_key").to_pylist()}


def _page_paths(storage: Storage, run: Run, now_us: int) -> Iterator[str]:
    """The paths of all page files of the run: they lie under the days from its start until now."""
    for day in range(run.started_at_us // DAY_US, now_us // DAY_US + 1):
        for path in storage.list(f"{PAGES.name}/{PAGES.partition}={from_us(day * DAY_US):%Y-%m-%d}"):
            if run_of(path) == run.run_id:
                yield path
