"""Page files become draft files: each page ends exactly once, and what a dead run had extracted is not done again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.metrics import MetricsFilter
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.draft import Draft, Failed
from schemas.failure import Failure, Reason
from schemas.page import Page
from schemas.run import FilePart, Run, StateParts
from tests.facts import timeless
from tests.rows import NOON_US, draft, page
from transforms.common.clock import Clock
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_drafts import Builders, ExtractDrafts
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.sandbox import Guarded, Sandbox

LIMITS = Sandbox(workers=1, cpu_limit_s=1, memory_limit_bytes=1 << 30)
RUN = Run("run", NOON_US, "nowhere", state=StateParts(adopted_pages=("old", "half done")))


def build(given: Page) -> Draft:
    match given.body:
        case b"slow":
            while True:
                pass
        case b"crash twice":
            raise ExtractError(Reason.CRASH, "the library raised")
        case b"none":
            raise ExtractError(Reason.NO_ARTICLE, "nothing there")
        case b"bug":
            raise KeyError("a bug")
    return draft(given.url_key, url=given.url)


def build_plainly(given: Page, why: Plainly) -> Draft:
    if given.body == b"crash twice":
        raise ExtractError(Reason.NO_ARTICLE, "nothing found")
    return draft(f"{given.url_key}, {why}")


def rehearse(given: Draft) -> Draft:
    if given.page_id == "breaks later":
        raise ZeroDivisionError("a bug behind extraction")
    return given


BUILDERS = Builders(
    BuildTwice(build, build_plainly),
    BuildTwice(Guarded(build, (ExtractError,)), Guarded(build_plainly, (ExtractError,))),
    Guarded(rehearse),
)


@dataclass(frozen=True)
class Store:
    """One page file of given bodies, and a folder of what is written; ``half done`` was extracted by a dead run."""

    run: Run
    bodies: tuple[bytes, ...]
    folder: Path

    def pages(self, path: str) -> Iterator[Page]:
        assert path != "half done", "extracted already"
        for number, body in enumerate(self.bodies):
            yield page(body=body, url_key=str(number), final_url=f"https://example.org/{body.decode()}")

    def former(self, pages: str) -> tuple[Iterator[Draft], list[Failed]] | None:
        if pages != "half done":
            return None
        failed = Failure("extract", Reason.CRASH, "KeyError", "page", "https://example.org/bug", 0, "dead")
        return iter([draft("fine"), draft("breaks later", url="https://example.org/b")]), [Failed(failed, True)]

    def write(self, pages: str) -> Written:
        return Written(self.folder / f"{pages}.json", [], [])


@dataclass(frozen=True)
class Written:
    """Writes the ids of drafts, and failures, as JSON."""

    path: Path
    drafts: list[tuple[str, bool]]
    failed: list[dict[str, Any]]

    def add(self, draft: Draft) -> None:
        self.drafts.append((draft.page_id, draft.is_adopted))

    def fail(self, failed: Failed) -> None:
        self.failed.append(asdict(failed.failure) | {"is_bug": failed.is_bug})

    def close(self) -> FilePart:
        self.path.write_text(json.dumps([self.drafts, self.failed]))
        return FilePart("drafts", self.path.name, len(self.drafts), 0)


@dataclass(frozen=True)
class Stores:
    """A store for each run; pickles."""

    bodies: tuple[bytes, ...]
    folder: Path

    def __call__(self, run: Run) -> Store:
        return Store(run, self.bodies, self.folder)


def words(message: str) -> str:
    """A message without the number of the line that raised."""
    return re.sub(r"(\.py):\d+", r"\1", message)


def _told(_: str, failure: Failure) -> tuple[str, str, str]:
    return failure.input, failure.reason, words(failure.message)


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    """One pool for all tests: those who open a sandbox of the same limits share it."""
    pool = LIMITS.open()
    yield
    pool.close()


def extract(
    path: str, folder: Path, *bodies: bytes, failures: list[tuple[str, str, str]], facts: list[tuple[str, int]]
) -> list[list[Any]]:
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        extracted = (
            pipeline
            | beam.Create([(RUN, FilePart("pages", path, len(bodies), 0))])
            | ExtractDrafts(BUILDERS, Stores(bodies, folder), LIMITS, Clock())
        )
        told = extracted.failures | "Told" >> beam.MapTuple(_told)
        assert_that(told, equal_to(failures), label="failures")
        found = extracted.facts | "Timeless" >> beam.Map(timeless)
        assert_that(found, equal_to([("run", fact) for fact in (*facts, ("step", "extract"))]), label="facts")
        names = extracted.files | "Names" >> beam.MapTuple(lambda run_id, file: (run_id, file[1].path))
        assert_that(names, equal_to([("run", f"{path}.json")]), label="files")
    drafts, failed = json.loads((folder / f"{path}.json").read_text())
    assert sorted((one["input"], one["reason"], words(one["message"])) for one in failed) == sorted(failures)
    assert {one["run_id"] for one in failed} <= {"run"}
    return list(drafts)


def test_each_page_of_a_file_is_a_draft_or_a_failure_in_the_order_of_the_pages(tmp_path: Path) -> None:
    drafts = extract(
        "new",
        tmp_path,
        *(b"fine", b"slow", b"none", b"fine", b"crash twice"),
        failures=[
            ("https://example.org/none", Reason.NO_ARTICLE, "nothing there"),
            ("https://example.org/crash twice", Reason.CRASH, "the library raised"),
        ],
        facts=[],
    )
    assert drafts == [["0", False], ["1, second_try", False], ["3", False]]


def test_a_bug_fails_the_run_but_for_the_pages_of_adopted_files_which_it_costs_alone(tmp_path: Path) -> None:
    bug = ("https://example.org/bug", Reason.CRASH, "KeyError in test_extract_drafts.py: 'a bug'")
    drafts = extract("old", tmp_path, b"fine", b"bug", failures=[bug], facts=[("attention.crashed_pages", 1)])
    assert drafts == [["0", False]]
    with pytest.raises(Exception, match="a bug"):
        extract("new", tmp_path, b"fine", b"bug", failures=[], facts=[])


def test_what_a_dead_run_had_extracted_is_rehearsed_and_not_extracted_again(tmp_path: Path) -> None:
    drafts = extract(
        "half done",
        tmp_path,
        failures=[
            ("https://example.org/bug", Reason.CRASH, "KeyError"),
            (
                "https://example.org/b",
                Reason.CRASH,
                "ZeroDivisionError in test_extract_drafts.py: a bug behind extraction",
            ),
        ],
        facts=[("attention.crashed_pages", 2)],
    )
    assert drafts == [["fine", True]]


def test_the_time_of_a_page_counts_from_its_call_and_not_from_its_turn_to_be_waited_for(tmp_path: Path) -> None:
    pipeline = test_pipeline.TestPipeline(runner=FnApiRunner())
    _ = (
        pipeline
        | beam.Create([(RUN, FilePart("pages", "new", 2, 0))])
        | ExtractDrafts(BUILDERS, Stores((b"slow", b"fine"), tmp_path), LIMITS, Clock())
    )
    result = pipeline.run()
    result.wait_until_finish()
    (page_ms,) = result.metrics().query(MetricsFilter().with_name("page_ms"))["distributions"]
    assert page_ms.committed.count == 2
    assert page_ms.committed.min >= 900, "the second page waited for the one worker, which had a slow one"
