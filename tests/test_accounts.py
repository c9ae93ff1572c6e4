"""The sums of a run: what does not add up is never committed."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
import pytest

from pipelines.run.ingest import RunFailedError, ingest
from pipelines.run.settings import IngestSettings
from schemas.feed import FeedSpec
from schemas.run import Run
from tests.conftest import Desk
from transforms.lake.accounts import SUMS, discrepancies
from transforms.lake.writing.write_tables import WriteTables
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings


def test_an_empty_run_adds_up() -> None:
    assert discrepancies({}) == []


@pytest.mark.parametrize(
    "broken", sorted({term for _, terms_in, terms_out in SUMS for term in (*terms_in, *terms_out)})
)
def test_every_count_is_part_of_a_sum_that_breaks_with_it(broken: str) -> None:
    [*wrong] = discrepancies({broken: 1})
    assert wrong
    assert all(f"{broken} 1" in line for line in wrong)


def test_a_run_that_loses_one_failure_row_fails_and_is_not_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = next(url for url, reason in desk.room.bad_feeds.items() if reason == "not_found")
    whole = WriteTables.expand

    def is_kept(placed: tuple[str, Any]) -> bool:
        return not placed[0].endswith("/failures") or isinstance(placed[1], Run)

    def leaky(self, rows):
        return whole(self, rows | "Leak" >> beam.Filter(is_kept))

    monkeypatch.setattr(WriteTables, "expand", leaky)
    lake = desk.folder / "lake"
    settings = IngestSettings(http=HttpSettings(host_delay_s=0.01), guard=AddressGuard(("127.0.0.0/8",)))
    with pytest.raises(RunFailedError, match=r"failure rows: failures.feeds 1 .* = 1, but rows.failures 0 = 0"):
        ingest([FeedSpec(missing)], str(lake), settings)
    assert not list(lake.glob("runs/*"))
