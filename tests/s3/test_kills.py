"""Killed anywhere and run again, a lake in an object store is as if nothing had happened."""

from __future__ import annotations

import random
import time

import pytest

from tests.s3.conftest import StoreDesk
from tests.test_crash import FLUSH_OFTEN, assert_only_committed_files, stored_pages, without_repeats

LAKE = "bucket/killed"


@pytest.mark.timeout(300)
def test_runs_that_are_killed_at_any_moment_and_run_again_give_the_lake_of_an_undisturbed_run(
    store_desk: StoreDesk,
) -> None:
    """Five kills: while pages are fetched, in the second half, at the end, and twice anywhere."""
    desk = store_desk
    started = time.monotonic()
    desk.run_apart("undisturbed")
    whole_run_s = time.monotonic() - started
    moments = random.Random(time.time_ns())
    desk.room.clear_requests()
    killed_run(desk, whole_run_s, requests=80)
    assert stored_pages(desk.folder / LAKE), "the first run is killed while it fetches, with pages stored"
    for share in (moments.uniform(0.5, 0.8), moments.uniform(0.8, 1.0), *(moments.uniform(0.3, 1.0) for _ in range(2))):
        killed_run(desk, share * whole_run_s)
    stored = stored_pages(desk.folder / LAKE)
    desk.room.clear_requests()
    manifest = desk.run(LAKE, *FLUSH_OFTEN)
    fetched = {request.path for request in desk.room.requests if request.status == 200}
    assert not {"/" + url.split("/", 3)[3] for url in stored} & fetched, "a stored page was fetched again"
    for table in ("articles", "pages", "failures"):
        assert without_repeats(desk, table, LAKE) == without_repeats(desk, table, "undisturbed"), table
    assert_only_committed_files(desk.folder / LAKE, manifest)


def killed_run(desk: StoreDesk, after_s: float, requests: int | None = None) -> None:
    """A run that is killed after some seconds, or sooner, when so many requests were made to the newsroom."""
    run = desk.start(LAKE, *FLUSH_OFTEN)
    end_s = time.monotonic() + after_s
    while run.poll() is None and time.monotonic() < end_s and (requests is None or len(desk.room.requests) <= requests):
        time.sleep(0.01)
    run.kill()
    run.communicate()
