"""Makes a lake that remembers any number of articles of the last 30 days: its state and manifests, no tables.

    python -m benchmarks.stored_lake ARTICLES OUTPUT

The state is as months of runs leave it: merged parts of fingerprints and stories with their indexes, one part of
`seen`, one of `sites`. All hashes are by chance, in the numbers of real news of 300 words; terms are as frequent as
words are. One article in three belongs to a story of others. All are in English, the worst case for stories, which are
told language by language. The same number gives the same lake, but for its end, which is now.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.synthetic import vocabulary
from pipelines.run.lost_state.rebuild_state import INDEXES
from schemas.fingerprint import FINGERPRINTS
from schemas.run import RunManifest, iso, new_run_id
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table, day_of
from transforms.common.clock import DAY_US
from transforms.lake.files.layout import MERGED, manifest_path, part_path
from transforms.lake.files.storage import Storage
from transforms.lake.merged.merge_parts import write_pieces
from transforms.lake.merged.part_index import write_index

DAYS = 30
PARTS = 45
"""As many as 96 runs a day leave in 30 days, 64 runs in a part."""
WORDS = 300
_KEYS = 60
_TERMS = 140
_FIGURES = 4
_VOCABULARY = 60_000
_SITES = 200
_SITE_BLOCKS = 300


def store(articles: int, output: str) -> None:
    """Store the state of so many articles in a lake at `output`."""
    storage = Storage(output)
    chance = np.random.default_rng(articles)
    now_us = time.time_ns() // 1000 - DAY_US // 24
    for part in range(PARTS if articles else 0):
        numbers = np.arange(articles * part // PARTS, articles * (part + 1) // PARTS)
        at_us = now_us - DAYS * DAY_US * (PARTS - 1 - part) // PARTS
        tables = [(FINGERPRINTS, fingerprints(numbers, at_us, chance)), (STORIES, sketches(numbers, at_us, chance))]
        if part == PARTS - 1:
            tables += [(SEEN, _seen(articles, at_us)), (SITES, _sites(at_us, chance))]
        _commit(storage, new_run_id(at_us, None), tables)


def _commit(storage: Storage, run_id: str, tables: list[tuple[Table[Any], pa.Table]]) -> None:
    for table, rows in tables:
        part = write_pieces(storage, table, part_path(table, "", run_id, MERGED), iter([rows]))
        if table.name in INDEXES:
            write_index(storage, part, INDEXES[table.name])
    at = iso(time.time_ns() // 1000)
    manifest = RunManifest(run_id, "ingest", at, at, {}, {}, {}, {}, ())
    storage.put(manifest_path(run_id), manifest.to_json())


def fingerprints(numbers: NDArray[np.int64], at_us: int, chance: np.random.Generator) -> pa.Table:
    named, count = ids(numbers), len(numbers)
    keys = np.sort(chance.integers(0, 1 << 63, (count, _KEYS), dtype=np.uint64), axis=1)
    return table_of(
        FINGERPRINTS,
        page_id=named,
        article_id=named,
        canonical_url=[f"https://paper{number % _SITES}.example/{number}" for number in numbers.tolist()],
        publisher_domain=[f"paper{number % _SITES}.example" for number in numbers.tolist()],
        published=np.full(count, at_us),
        fetched_at=np.full(count, at_us),
        partition=[day_of(at_us)] * count,
        content_hash=named,
        revision=np.ones(count, np.int32),
        cluster_id=named,
        word_count=np.full(count, WORDS, np.int32),
        keys=[row.tobytes() for row in keys],
        shingles=[row.tobytes() for row in chance.integers(0, 1 << 32, (count, WORDS - 3), dtype=np.uint32)],
    )


def sketches(numbers: NDArray[np.int64], at_us: int, chance: np.random.Generator) -> pa.Table:
    named, count = ids(numbers), len(numbers)
    ranks = np.exp(chance.uniform(0, np.log(_VOCABULARY), (count, _TERMS))).astype(np.int64)  # by Zipf's law
    terms = [np.unique(row) for row in _vocabulary()[ranks]]
    firsts = np.where(numbers % 3 == 0, numbers // 30 * 30, numbers)
    return table_of(
        STORIES,
        page_id=named,
        article_id=named,
        partition=[day_of(at_us)] * count,
        language=["en"] * count,
        published=at_us - chance.integers(0, DAY_US, count),
        word_count=np.full(count, WORDS, np.int32),
        passage_count=np.full(count, 12, np.int32),
        terms=[row.tobytes() for row in terms],
        counts=[chance.integers(1, 4, row.size, dtype=np.uint8).tobytes() for row in terms],
        passages=[chance.integers(1, 4, row.size, dtype=np.uint8).tobytes() for row in terms],
        figures=[row.tobytes() for row in chance.integers(0, 1 << 32, (count, _FIGURES), dtype=np.uint32)],
        story_id=ids(firsts),
        fetched_at=np.full(count, at_us),
    )


@cache
def _vocabulary() -> NDArray[np.uint32]:
    """Hashes of terms, the most frequent first; one in ten is a word of `benchmarks.synthetic`."""
    chance = np.random.default_rng(7)
    hashes = chance.integers(0, 1 << 32, _VOCABULARY, dtype=np.uint32)
    ours = np.array([zlib.crc32(word.encode()) for word in vocabulary()], dtype=np.uint32)
    hashes[chance.choice(_VOCABULARY, ours.size, replace=False)] = ours
    return hashes


def _seen(articles: int, at_us: int) -> pa.Table:
    return table_of(
        SEEN,
        url_key=sorted(ids(np.arange(articles))),
        seen_at=np.full(articles, at_us),
        listed_at=np.full(articles, at_us),
    )


def _sites(at_us: int, chance: np.random.Generator) -> pa.Table:
    blocks = np.sort(chance.integers(0, 1 << 63, (_SITES, _SITE_BLOCKS), dtype=np.uint64), axis=1)
    return table_of(
        SITES,
        site=[f"paper{number}.example" for number in range(_SITES)],
        pages=np.full(_SITES, 100.0),
        blocks=[row.tobytes() for row in blocks],
        counts=[np.ones(_SITE_BLOCKS, "<f4").tobytes()] * _SITES,
        learned_at=np.full(_SITES, at_us),
    )


def ids(numbers: NDArray[np.int64]) -> list[str]:
    """Ids as long and as mixed as real ones; equal for equal numbers."""
    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return [f"{one:016x}{one ^ 0xFFFFFFFFFFFFFFFF:016x}" for one in mixed.tolist()]


def table_of(table: Table[Any], **values: Any) -> pa.Table:
    """A table of these columns; those not given are null."""

    def columns() -> Iterator[pa.Array]:
        for field in table.schema:
            given = values.get(field.name)
            if given is None:
                yield pa.nulls(len(next(iter(values.values()))), field.type)
            else:
                yield pa.array(given).cast(field.type)

    return table.in_order(pa.Table.from_arrays(list(columns()), schema=table.stamped_schema))


def main() -> None:
    """Store the lake that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int)
    parser.add_argument("output")
    given = parser.parse_args()
    store(given.articles, given.output)


if __name__ == "__main__":
    main()
