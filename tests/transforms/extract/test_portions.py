"""Portions: few pages, few bytes, and single pages at the end."""

from __future__ import annotations

from schemas.page import Page
from tests.rows import page
from transforms.extract.portions import portions


def sizes(pages: list[Page], workers: int = 2) -> list[int]:
    given = list(portions(pages, len(pages), workers))
    assert [one for portion in given for one in portion] == pages, "all, in order"
    return [len(portion) for portion in given]


def test_portions_become_smaller_toward_the_end() -> None:
    pages = [page(body=b"small", url_key=str(n)) for n in range(80)]
    assert sizes(pages) == [8, 8, 8, 7, 6, 5, 4, 4, 3, 3, 3, 2, 2, 2, *[1] * 15]
    assert sizes(pages[:8]) == [1] * 8
    assert sizes([]) == []


def test_a_portion_ends_with_the_page_that_makes_it_large() -> None:
    small, large = page(body=b"small", url_key="s"), page(body=bytes(1 << 20), url_key="l")
    assert sizes([small, small, large, small, *[small] * 80])[:2] == [3, 8]
    fed = page(body=b"small", entry_content_html="x" * (1 << 20))
    assert sizes([fed] * 80) == [1] * 80


def test_more_rows_than_announced_lose_no_page() -> None:
    pages = [page(body=b"small", url_key=str(n)) for n in range(5)]
    assert [len(one) for one in portions(pages, 2, 1)] == [1] * 5
