"""What trafilatura or lxml raises on a page costs its better text; what our own code raises fails the run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
import trafilatura
from rich.console import Console

from pipelines.commands.report.report import print_run
from pipelines.run.build_page import BuildPage, build_pages
from schemas.draft import Draft
from schemas.failure import Reason
from schemas.page import Page
from schemas.run import RunManifest, iso
from tests.rows import NOON_US, page
from tests.transforms.extract.pages_to_isolate import BRIEF, news_page
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.sandbox import Sandbox, SandboxPool

BUILD = BuildPage()
NEWS = page(body=news_page().encode())
ASKED = page(body=BRIEF.encode())
"""A page of which trafilatura is asked."""

LARGE = page(body=news_page(f"<table>{'<tr><td>cell' * 6_000}</table>").encode())
OWN_FUNCTIONS = (
    "transforms.extract.extract_article.text_by_seed",
    "transforms.extract.body.seed.coverage",
    "transforms.extract.body.seed.for_trafilatura",
    "transforms.extract.parsing.parse.one_document",
    "transforms.extract.parsing.parse.as_read",
)


def build_with_a_broken_library(given: Page) -> Draft:
    """Build a page where trafilatura fails; runs in the worker process."""
    with mock.patch.object(trafilatura, "bare_extraction", side_effect=AttributeError("theirs")):
        return BUILD(given)


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = Sandbox(workers=1, cpu_limit_s=20, memory_limit_bytes=1 << 31).open()
    yield pool
    pool.close()


@pytest.mark.parametrize("function", OWN_FUNCTIONS)
def test_a_bug_of_ours_is_raised_and_not_taken_for_the_librarys(monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise AttributeError("ours")

    monkeypatch.setattr(function, broken)
    with pytest.raises(AttributeError, match="ours"):
        BUILD(ASKED)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("trafilatura.bare_extraction", "trafilatura raised AttributeError: theirs"),
        ("transforms.extract.parsing.parse.fromstring", "lxml raised AttributeError: theirs"),
    ],
)
def test_what_a_library_raises_is_the_pages_failure(monkeypatch: pytest.MonkeyPatch, call: str, message: str) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise AttributeError("theirs")

    monkeypatch.setattr(call, broken)
    with pytest.raises(ExtractError, match=message) as caught:
        BUILD(ASKED)
    assert caught.value.reason is Reason.CRASH


def test_an_error_inside_trafilatura_gives_the_plain_text_and_is_counted(pool: SandboxPool) -> None:
    twice = BuildTwice(build_with_a_broken_library, BUILD)
    built = twice.finish(pool, ASKED, twice.start(pool, ASKED))
    assert built.article.article_body.endswith("until the ice has gone.")
    assert (built.article.body_source, built.plainly) == ("page_plain", Plainly.LIBRARY_ERROR)


def test_a_page_that_is_too_large_counts_as_such_and_a_usual_one_not_at_all(pool: SandboxPool) -> None:
    twice = build_pages()
    large, usual = (twice.finish(pool, given, twice.start(pool, given)) for given in (LARGE, NEWS))
    assert (large.plainly, usual.plainly) == (Plainly.TOO_LARGE, None)


def test_the_report_says_how_many_pages_were_built_plainly_and_why() -> None:
    def shown(counts: dict[str, int]) -> str:
        printed = io.StringIO()
        manifest = RunManifest("run", "ingest", iso(NOON_US), iso(NOON_US), {}, {}, counts, {}, ())
        print_run(manifest, Console(file=printed, width=200))
        return printed.getvalue()

    assert "built plainly  2 too_large, 1 library_error" in shown({"plain.too_large": 2, "plain.library_error": 1})
    assert "plainly" not in shown({"rows.articles": 9})
