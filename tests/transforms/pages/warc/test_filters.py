"""Which records are wanted, before they are decoded."""

from __future__ import annotations

import pytest

from transforms.pages.warc.filters import Filters
from transforms.web.urls import url_key

DAY_US = 86_400_000_000


def left_out(filters: Filters, url: str = "https://www.example.org/a", date_us: int = 10 * DAY_US) -> str | None:
    return filters.by_header(url, url_key(url), date_us)


@pytest.mark.parametrize(
    ("hosts", "url", "is_wanted"),
    [
        (("example.org",), "https://example.org/a", True),
        (("example.org",), "https://news.example.org:8080/a", True),
        (("news.example.org",), "https://news.example.org/a", True),
        (("news.example.org",), "https://www.example.org/a", False),
        (("example.org",), "https://notexample.org/a", False),
        (("example.co.uk",), "https://www.example.co.uk/a", True),
        (("co.uk",), "https://www.example.co.uk/a", False),
        (("EXAMPLE.ORG",), "https://example.org/a", True),
    ],
)
def test_hosts_are_hosts_or_registrable_domains(hosts: tuple[str, ...], url: str, is_wanted: bool) -> None:
    assert left_out(Filters(hosts=hosts), url) == (None if is_wanted else "hosts")


def test_the_first_instant_counts_and_the_second_does_not() -> None:
    filters = Filters(since_us=10 * DAY_US, until_us=11 * DAY_US)
    assert left_out(filters, date_us=10 * DAY_US) is None
    assert left_out(filters, date_us=10 * DAY_US - 1) == "dates"
    assert left_out(filters, date_us=11 * DAY_US - 1) is None
    assert left_out(filters, date_us=11 * DAY_US) == "dates"


def test_a_sample_is_a_share_and_each_larger_one_holds_it() -> None:
    urls = [f"https://example.org/{number}" for number in range(4_000)]
    tenth = {url for url in urls if left_out(Filters(sample=0.1), url) is None}
    fifth = {url for url in urls if left_out(Filters(sample=0.2), url) is None}
    assert 330 < len(tenth) < 470
    assert tenth < fifth
    assert {url for url in urls if left_out(Filters(sample=1.0), url) is None} == set(urls)
    assert not [url for url in urls if left_out(Filters(sample=0.0), url) is None]


@pytest.mark.parametrize(
    ("stated", "head", "is_wanted"),
    [
        ("de-AT", b"", True),
        ("en, de", b"", True),
        ("en", b'<html lang="de">', False),
        (None, b'<!doctype html>\n<HTML class="x" LANG=de-CH>', True),
        (None, b"<html data-lang='de' lang='en'>", False),
        (None, b"<html>", True),
        (None, b"x" * 1_024 + b'<html lang="en">', True),
        ("", b"", True),
    ],
)
def test_a_page_that_says_it_is_in_another_language_is_left_out(
    stated: str | None, head: bytes, is_wanted: bool
) -> None:
    assert Filters(languages=("DE",)).by_language(stated, head) == (None if is_wanted else "languages")
    assert Filters().by_language(stated, head) is None
