"""One measurement of `benchmarks.history`, in a process of its own, with the code of any checkout on the path.

It imports nothing from `benchmarks`, so that an older checkout can be measured.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from schemas.fingerprint import FINGERPRINTS
from schemas.story import STORIES, Sketch
from transforms.common.clock import DAY_US
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.compare.stories.story_history import StoryHistory
from transforms.compare.stories.tell_stories import StoryArticle, tell_stories
from transforms.lake.files.storage import Storage
from transforms.lake.state import state_before

DAYS = 30


class _Sketches:
    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self._by_page = {one.page_id: one for one in sketches}

    def languages(self) -> Mapping[str, str]:
        return dict.fromkeys(self._by_page, "en")

    def sketches(self, page_ids: Sequence[str]) -> list[Sketch]:
        return [self._by_page[page_id] for page_id in page_ids]


def measure(folder: Path, count: int, lake: str) -> dict[str, Any]:
    """Wall and processor seconds of each look-up in this process, its peak memory, and a digest of the decisions."""
    prints = FINGERPRINTS.from_arrow(pq.read_table(folder / f"new-{count}.fingerprints"))
    sketches = STORIES.from_arrow(pq.read_table(folder / f"new-{count}.stories"))
    keys = (folder / f"new-{count}.keys").read_text().split()
    since_us = time.time_ns() // 1000 - DAYS * DAY_US
    spent: dict[str, Any] = {}
    decided = hashlib.blake2b(digest_size=4)

    def timed(name: str, look_up: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        found = look_up()
        spent[name] = (time.perf_counter() - wall, time.process_time() - processor)
        return found

    state = timed("listing", lambda: state_before(Storage(lake), (), since_us))
    seen = timed("seen", lambda: state.seen(keys))
    copies = StoredHistory(state.reader, state.parts.fingerprints, since_us)
    verdicts = timed("copies", lambda: mark_copies(ListedTexts(prints), copies))
    articles = [StoryArticle(one.page_id, one.article_id, None) for one in sketches]
    stories = StoryHistory(state.reader, state.parts.stories, since_us)
    told = timed("stories", lambda: tell_stories(articles, _Sketches(sketches), stories))
    decided.update(repr((sorted(map(str, verdicts)), sorted(told.items()), sorted(map(str, seen.values())))).encode())
    status = Path("/proc/self/status").read_text().splitlines()
    peak_mib = int(next(line.split()[1] for line in status if line.startswith("VmHWM"))) >> 10
    return {"spent": spent, "peak_mib": peak_mib, "decided": decided.hexdigest()}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[1])))
