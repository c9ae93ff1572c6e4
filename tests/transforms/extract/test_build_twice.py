"""Two tries at a page: what is too much for the first is built more cheaply, and each page ends exactly once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.failure import Reason
from schemas.page import Page
from schemas.run import FilePart
from schemas.table import Table
from tests.rows import page
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import ExtractError, Plainly
from transforms.extract.extract_articles import ExtractArticles
from transforms.sandbox import BugError, Guarded, Sandbox, SandboxError, SandboxPool
from transforms.text.clock import Clock

LIMITS = Sandbox(workers=1, cpu_limit_s=1, memory_limit_bytes=1 << 30)


def build(given: Page) -> str:
    match given.body:
        case b"slow":
            while True:
                pass
        case b"large":
            return str(len(bytearray(4 << 30)))
        case b"crash" | b"crash twice":
            raise ExtractError(Reason.CRASH, "the library raised")
        case b"none":
            raise ExtractError(Reason.NO_ARTICLE, "nothing there")
        case b"bug":
            raise KeyError("a bug")
    return "well built"


def build_plainly(given: Page, why: Plainly) -> str:
    if given.body == b"crash twice":
        raise ExtractError(Reason.NO_ARTICLE, "nothing found")
    return f"plainly built: {why}"


def refuse(given: Page, why: Plainly | None = None) -> str:
    raise ValueError("a bug in the second try")


BUILD = BuildTwice(build, build_plainly)


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    pool = LIMITS.open()
    yield pool
    pool.close()


def built(pool: SandboxPool, body: bytes) -> str:
    return BUILD.finish(pool, page(body=body), BUILD.start(pool, page(body=body)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"fine", "well built"),
        (b"slow", "plainly built: second_try"),
        (b"large", "plainly built: second_try"),
        (b"crash", "plainly built: library_error"),
    ],
)
def test_a_page_that_was_too_much_is_built_plainly(pool: SandboxPool, body: bytes, expected: str) -> None:
    assert built(pool, body) == expected


def test_a_page_that_fails_twice_ends_with_its_first_reason(pool: SandboxPool) -> None:
    with pytest.raises(ExtractError, match="the library raised") as caught:
        built(pool, b"crash twice")
    assert caught.value.reason is Reason.CRASH


def test_a_page_without_an_article_is_not_tried_again_and_a_bug_is_a_bug(pool: SandboxPool) -> None:
    with pytest.raises(ExtractError, match="nothing there"):
        built(pool, b"none")
    with pytest.raises(KeyError):
        built(pool, b"bug")


def test_the_second_try_has_limits_of_its_own() -> None:
    pool = LIMITS.open()
    try:
        with pytest.raises(SandboxError) as caught:
            pool.submit_within(2, build, page(body=b"slow")).result(timeout=30)
        # On a busy machine the limit of wall time, four times the other, may be the first.
        assert caught.value.message in ("took more than 2 s of processor time", "stood still for 8 s")
    finally:
        pool.close()


def test_a_bug_in_either_try_of_an_adopted_page_is_told_and_not_built_around(pool: SandboxPool) -> None:
    careful = BuildTwice(Guarded(build, (ExtractError,)), Guarded(refuse))
    for body in (b"bug", b"slow"):
        with pytest.raises(BugError, match=r"^crash: (KeyError|ValueError) in test_build_twice.py:\d+: "):
            careful.finish(pool, page(body=body), careful.start(pool, page(body=body)))
    with pytest.raises(ExtractError, match="nothing there"):
        careful.finish(pool, page(body=b"none"), careful.start(pool, page(body=b"none")))


def test_both_tries_pickle() -> None:
    assert pickle.loads(pickle.dumps(BUILD)) == BUILD


class Pages:
    """Pages of given bodies, as a stored file would give them."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies = bodies

    def rows(self, table: Table[Page], path: str) -> Iterator[Page]:
        for body in self.bodies:
            yield page(body=body, final_url=f"https://example.org/{body.decode()}")


def described(failure: Any) -> tuple[str, str, str]:
    return failure.input, failure.reason, failure.message


def test_each_page_of_a_file_ends_in_exactly_one_output() -> None:
    reader = Pages([b"fine", b"slow", b"none", b"fine", b"crash twice"])
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        extracted = (
            pipeline
            | beam.Create([FilePart("pages", "part", 5, 0)])
            | ExtractArticles(BUILD, reader, LIMITS, Clock(), "run")
        )
        assert_that(
            extracted.articles, equal_to(["well built", "plainly built: second_try", "well built"]), label="articles"
        )
        assert_that(
            extracted.failures | beam.Map(described),
            equal_to(
                [
                    ("https://example.org/none", Reason.NO_ARTICLE, "nothing there"),
                    ("https://example.org/crash twice", Reason.CRASH, "the library raised"),
                ]
            ),
            label="failures",
        )


def test_a_bug_fails_the_run_but_for_the_pages_of_adopted_files_which_it_costs_alone() -> None:
    careful = BuildTwice(Guarded(build, (ExtractError,)), Guarded(build_plainly, (ExtractError,)))

    def extract(path: str) -> None:
        with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
            extracted = (
                pipeline
                | beam.Create([FilePart("pages", path, 3, 0)])
                | ExtractArticles(
                    BUILD, Pages([b"fine", b"bug", b"crash twice"]), LIMITS, Clock(), "run", careful, ["old"]
                )
            )
            bug, crash = "https://example.org/bug", "https://example.org/crash twice"
            assert_that(extracted.articles, equal_to(["well built"]), label="articles")
            failed = extracted.failures | beam.Map(lambda failure: (failure.input, failure.reason))
            assert_that(failed, equal_to([(bug, Reason.CRASH), (crash, Reason.CRASH)]), label="failures")
            assert_that(extracted.bugs, equal_to([bug]), label="bugs")

    extract("old")
    with pytest.raises(Exception, match="a bug"):
        extract("new")
