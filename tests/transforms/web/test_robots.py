from __future__ import annotations

import pytest

from schemas.failure import Reason
from transforms.web.robots import RobotsPolicy, robots_text


def policy(*lines: str) -> RobotsPolicy:
    return RobotsPolicy(200, "\n".join(lines))


def test_the_longest_rule_of_our_group_decides() -> None:
    rules = policy(
        "User-agent: *", "Disallow: /", "", "User-agent: NewsBeam", "Disallow: /private", "Allow: /private/press"
    )
    assert rules.verdict("https://news.example/a") is None
    assert rules.verdict("https://news.example/private/x") is Reason.ROBOTS_DENIED
    assert rules.verdict("https://news.example/private/press/1") is None


def test_the_group_for_everybody_holds_where_none_names_us() -> None:
    rules = policy("User-agent: otherbot", "Disallow:", "User-agent: *", "Disallow: /*.pdf$", "Disallow: /search?q=")
    assert rules.verdict("https://news.example/a.pdf") is Reason.ROBOTS_DENIED
    assert rules.verdict("https://news.example/a.pdf?x") is None
    assert rules.verdict("https://news.example/search?q=1") is Reason.ROBOTS_DENIED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_a_file_that_is_not_there_allows_everything(status: int) -> None:
    assert RobotsPolicy(status, "User-agent: *\nDisallow: /").verdict("https://news.example/a") is None


@pytest.mark.parametrize("status", [500, 503, 599, None])
def test_a_file_that_cannot_be_had_forbids_everything(status: int | None) -> None:
    assert RobotsPolicy(status, None).verdict("https://news.example/a") is Reason.ROBOTS_UNAVAILABLE


def test_an_empty_file_and_a_page_in_its_place_allow_everything() -> None:
    for body in ("", "<html><body>Not found</body></html>"):
        assert RobotsPolicy(200, body).verdict("https://news.example/a") is None


def test_the_crawl_delay_is_bounded() -> None:
    assert policy("User-agent: *", "Crawl-delay: 2.5").crawl_delay_s == 2.5
    assert policy("User-agent: *", "Crawl-delay: 86400").crawl_delay_s == 60
    assert policy("User-agent: *", "Crawl-delay: soon").crawl_delay_s == 0
    assert RobotsPolicy(404, None).crawl_delay_s == 0


def test_a_mark_and_broken_bytes_do_not_hide_the_rules() -> None:
    body = b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\xff\n\x00\nDisallow: /b\n"
    assert RobotsPolicy(200, robots_text(body)).verdict("https://news.example/b") is Reason.ROBOTS_DENIED
