"""Building begins while pages are fetched: files come at once, errors as themselves, and no thread is left."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline as beam_pipeline

from schemas.page import Page
from schemas.run import FilePart, Run
from tests.facts import timeless
from tests.transforms.pages.fetching import AT_ONCE, PAGE, RUN, fetching, process, processed, transform, two_hosts
from tests.web_server import WebServer
from transforms.pages.fetch_pages import Flushing


def test_a_file_is_there_to_build_from_while_another_host_is_still_waited_for(web: WebServer, tmp_path: Path) -> None:
    outputs = process(tmp_path, two_hosts(web, slow_s=1.0), flushing=AT_ONCE)
    run, file = next(outputs)
    assert (run, file.path) == (RUN, "run-1-00000-0000")
    assert fetching() == ["fetch run-1/00000"]
    assert "/slow" not in [asked.path for asked in web._log], "the first file came when all had answered"
    patience_s = time.monotonic() + 10
    while "/slow" not in web.asked() and time.monotonic() < patience_s:  # building goes on, and so do requests
        time.sleep(0.01)
    assert "/slow" in web.asked()
    assert next(outputs)[1].path == "run-1-00000-0001"
    assert {timeless(one.value) for one in outputs if one.tag == "facts"} == {
        ("run-1", ("fetches.page", 2)),
        ("run-1", ("bytes.pages", 2 * len(PAGE.body))),
        ("run-1", ("step", "fetch")),
    }
    assert fetching() == []


def test_what_follows_in_the_pipeline_has_a_file_while_another_host_is_waited_for(
    web: WebServer, tmp_path: Path
) -> None:
    (tmp_path / "pages").mkdir()
    notes = tmp_path / "notes"

    def build(page: tuple[Run, FilePart]) -> None:
        with notes.open("a") as file:
            file.write(f"{page[1].path} {fetching()}\n")

    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        keyed = pipeline | beam.Create(list(two_hosts(web, slow_s=0.5).keyed()))
        _ = (keyed | transform(tmp_path / "pages", flushing=AT_ONCE)).pages | beam.Map(build)
    first, second = notes.read_text().splitlines()
    assert first == "run-1-00000-0000 ['fetch run-1/00000']"
    assert second.startswith("run-1-00000-0001 ")


def test_when_a_later_step_fails_no_request_is_waited_for_and_no_thread_is_left(web: WebServer, tmp_path: Path) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("a bug of a later step")

    pipeline = beam.Pipeline(runner=FnApiRunner())
    keyed = pipeline | beam.Create(list(two_hosts(web, slow_s=30.0).keyed()))
    _ = (keyed | transform(tmp_path, flushing=AT_ONCE)).pages | beam.Map(fail)
    began_s = time.monotonic()
    with pytest.raises(Exception, match="a bug of a later step"):
        pipeline.run()
    assert time.monotonic() - began_s < 15
    assert fetching() == []


@pytest.mark.parametrize("error", [GeneratorExit(), KeyboardInterrupt()])
def test_a_run_that_is_left_early_leaves_no_thread_and_keeps_what_it_stored(
    web: WebServer, tmp_path: Path, error: BaseException
) -> None:
    outputs = process(tmp_path, two_hosts(web, slow_s=30.0), flushing=AT_ONCE)
    next(outputs)
    began_s = time.monotonic()
    with pytest.raises(type(error)):
        outputs.throw(error)
    assert time.monotonic() - began_s < 5
    assert fetching() == []
    assert [path.name for path in tmp_path.iterdir()] == ["run-1-00000-0000"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, told from the one that would end the tests."""


@dataclass(frozen=True)
class FailingStore:
    """Stores nothing: the disk is full, or someone presses Ctrl-C."""

    error: BaseException

    def __call__(self, run: Run) -> FailingStore:
        return self

    def check(self) -> None:
        pass

    def write(self, pages: Sequence[Page], chunk: str) -> list[FilePart]:
        raise self.error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Interrupted()])
def test_what_goes_wrong_in_the_store_comes_out_as_itself_while_hosts_are_waited_for(
    web: WebServer, tmp_path: Path, error: BaseException
) -> None:
    began_s = time.monotonic()
    with pytest.raises(type(error)) as raised:
        processed(tmp_path, two_hosts(web, slow_s=30.0), store=FailingStore(error), flushing=AT_ONCE)
    assert raised.value is error
    assert time.monotonic() - began_s < 5
    assert fetching() == []


def test_the_first_file_is_small_and_each_is_twice_as_large_up_to_the_limit() -> None:
    mib = 1024 * 1024
    sizes = []
    for chunk in range(7):
        sizes.append(next(size for size in range(1, 99) if Flushing().is_due(chunk, size * mib, 0.0)))
    assert sizes == [2, 4, 8, 16, 16, 16, 16]
    assert Flushing(after_s=5.0).is_due(9, 1, 5.0)
    assert not Flushing(after_s=5.0).is_due(0, 2 * mib - 1, 4.9)
