from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.failure import Reason
from tests.transforms.web.robots_cases import CASES, FILES
from transforms.web.politeness.robots import ROBOTS_BYTES, RobotsPolicy, robots_text
from transforms.web.politeness.robots_rules import RobotsRules


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


@pytest.mark.parametrize(("file", "path", "allowed"), CASES)
def test_a_file_is_read_as_rfc_9309_has_it(file: str, path: str, allowed: bool) -> None:
    assert RobotsRules(FILES[file].text, "newsbeam").allows(f"https://news.example{path}") is allowed


@pytest.mark.parametrize(
    ("token", "path", "allowed"),
    [
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/other.html", False),
        ("FooBot", "/example/allowed.gif", True),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/other", True),
        ("quxbot", "/example/page.html", True),
        ("another", "/example/page.html", False),
    ],
)
def test_the_groups_of_the_rfcs_own_example_rule_whom_they_name(token: str, path: str, allowed: bool) -> None:
    assert RobotsRules(FILES["rfc"].text, token).allows(f"https://news.example{path}") is allowed


def test_a_crawl_delay_speaks_to_those_named_above_it_and_is_no_rule() -> None:
    text = "User-agent: newsbeam\nCrawl-delay: 3\nUser-agent: *\nDisallow: /a\n"
    assert RobotsRules(text, "newsbeam").crawl_delay_s == 3
    assert RobotsRules(text, "other").crawl_delay_s is None
    for junk in ("soon", "-1", "nan", "inf", "1e999", ""):
        assert RobotsRules(f"User-agent: *\nCrawl-delay: {junk}\n", "newsbeam").crawl_delay_s is None


def test_a_file_cut_at_its_limit_loses_the_line_that_was_cut() -> None:
    start = b"User-agent: *\nDisallow: /b\n"
    body = start + b"#" * (ROBOTS_BYTES - len(start) - len(b"\nDisallow: /")) + b"\nDisallow: /"
    assert len(body) == ROBOTS_BYTES  # of "Disallow: /members/", had it gone on
    rules = RobotsPolicy(200, robots_text(body))
    assert rules.verdict("https://news.example/a") is None
    assert rules.verdict("https://news.example/b") is Reason.ROBOTS_DENIED


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: a\n" * 35_000,
        "User-agent: *\nDisallow: /" + "*a" * 250_000,
        "User-agent: *\n" + "Disallow: /*a*b$\n" * 28_000,
        "User-agent " * 45_000,
        " " * 500_000,
    ],
)
def test_a_hostile_file_costs_no_time(text: str) -> None:
    started_s = time.process_time()
    RobotsRules(text, "newsbeam").allows("https://news.example/" + "a" * 4000)
    assert time.process_time() - started_s < 2


@given(st.text(), st.text(alphabet="/ab*$%?#.", max_size=12))
def test_any_text_is_read_and_any_address_has_a_verdict(text: str, path: str) -> None:
    assert RobotsRules(text, "newsbeam").allows(f"https://news.example/{path}") in (True, False)
    RobotsRules(f"User-agent: *\nDisallow: {path}", "newsbeam").allows(f"https://news.example/{path}")


@pytest.mark.parametrize("line", ["Allow: /*ab*b\n", "Allow: /*%61%62\n", "Allow: /*" + "a" * 50 + "b\n"])
def test_a_flood_of_patterns_keeps_nobody_waiting(line: str):
    rules = RobotsRules("User-agent: *\n" + line * (500 * 1024 // len(line)), "newsbeam")
    began_s = time.process_time()
    assert not rules.allows("https://example.org/" + "a" * 8_000)
    assert rules.allows("https://example.org/2026/03/02/story")
    assert time.process_time() - began_s < 0.5
