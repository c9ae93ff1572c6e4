"""Two tries at a page: what is too much for the first is built more cheaply, and each page ends exactly once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from schemas.failure import Reason
from schemas.page import Page
from tests.rows import page
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.sandbox import BugError, Guarded, Sandbox, SandboxError, SandboxPool

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
