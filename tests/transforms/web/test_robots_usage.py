"""What a robots.txt states of a page's use is kept for whom it is stated, and costs little whatever the file."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from transforms.web.politeness.robots import ROBOTS_BYTES, RobotsPolicy, robots_text
from transforms.web.usage import robots_usage
from transforms.web.usage.robots_usage import RobotsUsage, ai_crawlers

PAGE = "https://paper.example/2026/story"


def usage(*lines: str, url: str = PAGE) -> tuple[str, ...] | None:
    stated = RobotsUsage("\n".join(lines), "newsbeam").of(url)
    return stated and tuple(one.removeprefix("robots.txt:") for one in stated)


def test_each_statement_names_its_source() -> None:
    assert RobotsUsage("User-agent: GPTBot\nDisallow: /", "newsbeam").of(PAGE) == ("robots.txt:gptbot=disallow",)


def test_ai_crawlers_that_the_file_names_are_open_or_closed_by_the_longest_rule_of_their_groups() -> None:
    lines = (
        "User-agent: GPTBot", "User-agent: CCBot/2.0", "Disallow: /", "",
        "User-agent: Google-Extended", "Disallow: /archive/", "",
        "User-agent: claudebot", "Allow: /2026/", "Disallow: /", "",
        "User-agent: ccbot", "Allow: /2026/story$", "",
        "User-agent: kangaroo  bot", "Disallow: /", "",
        "User-agent: Googlebot", "Disallow: /", "",
        "User-agent: *", "Disallow: /intern/",
    )  # fmt: skip
    assert usage(*lines) == (
        "ccbot=allow", "claudebot=allow", "google-extended=allow", "gptbot=disallow", "kangaroo bot=disallow"
    )  # fmt: skip
    assert usage(*lines, url="https://paper.example/archive/1") == (
        "ccbot=disallow", "claudebot=disallow", "google-extended=disallow", "gptbot=disallow", "kangaroo bot=disallow",
    )  # fmt: skip


def test_a_digit_in_a_name_does_not_end_it() -> None:
    assert usage("User-agent: AI2Bot", "Disallow: /", "User-agent: AI2Bot-Dolma", "Allow: /") == (
        "ai2bot-dolma=allow", "ai2bot=disallow",
    )  # fmt: skip


def test_that_all_others_are_kept_out_is_said_where_we_are_let_in() -> None:
    assert usage("User-agent: newsbeam", "Allow: /", "User-agent: *", "Disallow: /") == ("*=disallow",)
    assert usage("User-agent: *", "Disallow: /intern/") == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Content-Usage: train-ai=n, search=y", ("content-usage:search=y", "content-usage:train-ai=n")),
        ("content-usage : train-ai=n;why=\"so\"", ("content-usage:train-ai=n",)),
        ("Content-Usage: /2026/ train-ai=n", ("content-usage:train-ai=n",)),
        ("Content-Usage: /2026/\ttrain-ai=n # as ever", ("content-usage:train-ai=n",)),
        ("Content-Usage: /2025/ train-ai=n", ()),
        ("Content-Usage: /2026/", ()),
        ("Content-Usage: train-ai=no", ()),
        ("Content-Usage: Train-AI=n", ()),
        ("Content-Usage: train-ai=y, train-ai", ()),
        ("Content-Usage: train-ai=n,", ()),
        ("Content-Usage: train-ai=é", ()),
        ("Content-Signal: search=yes,ai-train=no,use=reference",
         ("content-signal:ai-train=no", "content-signal:search=yes", "content-signal:use=reference")),
        ("Content-Signal: ai-train=maybe", ()),
    ],
)  # fmt: skip
def test_preferences_are_read_as_their_drafts_say(line: str, expected: tuple[str, ...]) -> None:
    assert usage("User-agent: *", "Allow: /", line) == expected


def test_the_longest_path_decides_and_of_two_alike_the_stricter_answer() -> None:
    lines = (
        "User-Agent: *", "Allow: /", "Content-Usage: train-ai=n", "Content-Usage: /open/ train-ai=y",
        "Content-Usage: /both/ train-ai=n, search=y", "Content-Usage: /both/ train-ai=y",
    )  # fmt: skip
    assert usage(*lines) == ("content-usage:train-ai=n",)
    assert usage(*lines, url="https://paper.example/open/1") == ("content-usage:train-ai=y",)
    assert usage(*lines, url="https://paper.example/both/1") == ("content-usage:search=y", "content-usage:train-ai=n")


def test_preferences_for_other_crawlers_are_not_ours() -> None:
    ours = ("User-agent: newsbeam", "Content-Usage: train-ai=y")
    others = ("User-agent: *", "Content-Usage: train-ai=n", "User-agent: otherbot", "Content-Usage: search=n")
    assert usage(*others) == ("content-usage:train-ai=n",)
    assert usage(*others, *ours) == ("content-usage:train-ai=y",)


def test_preferences_above_all_groups_hold_where_no_group_of_ours_states_any() -> None:
    above = ("Content-Signal: ai-train=no", "Content-Usage: /2026/ train-ai=n", "Disallow: /", "")
    said = ("content-signal:ai-train=no", "content-usage:train-ai=n")
    assert usage(*above, "User-agent: otherbot", "Content-Signal: ai-train=yes") == said
    assert usage(*above, "User-agent: *", "Content-Signal: search=yes") == ("content-signal:search=yes", said[1])


def test_a_preference_is_a_rule_and_ends_a_list_of_names() -> None:
    lines = ("User-agent: *", "Content-Signal: ai-train=no", "User-agent: GPTBot", "Disallow: /")
    assert usage(*lines) == ("content-signal:ai-train=no", "gptbot=disallow")


def test_a_licence_of_our_group_counts_before_those_of_the_host() -> None:
    for_all, for_us = "https://paper.example/license.xml", "https://paper.example/ours.xml"
    group = ("User-agent: *", "Disallow: /intern/", f"License: {for_us}")
    assert usage(f"License: {for_all}", "", "User-agent: otherbot", "Allow: /") == (f"rsl:license={for_all}",)
    assert usage(f"License: {for_all}", *group) == (f"rsl:license={for_us}",)
    assert usage("User-agent: otherbot", "Disallow: /", "", f"License: {for_all}") == (f"rsl:license={for_all}",)
    assert usage("User-agent: otherbot", "Disallow: /", f"License: {for_all}") == ()
    assert usage("License: /license.xml", "License: ftp://paper.example/l", "License: https://a b") == ()


def test_a_licence_does_not_end_a_list_of_names() -> None:
    lines = ("User-agent: GPTBot", "License: https://paper.example/l.xml", "User-agent: CCBot", "Disallow: /")
    assert usage(*lines) == ("ccbot=disallow", "gptbot=disallow")


def test_what_is_stated_changes_nothing_of_what_we_may_fetch() -> None:
    policy = RobotsPolicy(200, "User-agent: GPTBot\nDisallow: /\nUser-agent: *\nContent-Usage: search=n\nDisallow:")
    assert policy.verdict(PAGE) is None
    assert policy.usage(PAGE) == ("robots.txt:content-usage:search=n", "robots.txt:gptbot=disallow")


def test_no_file_states_nothing() -> None:
    assert RobotsPolicy(404, "User-agent: GPTBot\nDisallow: /").usage(PAGE) == ()
    assert RobotsPolicy(200, "").usage(PAGE) == ()
    assert RobotsPolicy(200, "<html><body>Not found</body></html>").usage(PAGE) == ()


def hostile() -> dict[str, str]:
    named = "".join(f"User-agent: {name}\n" for name in ai_crawlers())
    group = "User-agent: GPTBot\nUser-agent: *\nDisallow: /a\nContent-Usage: train-ai=n\n"
    return {
        "10,000 groups": group * 10_000,
        "a group for all with many rules": named + "Disallow: /2026/stor\n" * 30_000,
        "many names": "User-agent: GPTBot\n" * 30_000,
        "many asterisks": named + "Disallow: /*a*b*c*d*e*f\n" * 25_000,
        "one long pattern": "User-agent: GPTBot\nDisallow: /" + "*a" * 250_000,
        "many preferences": "User-agent: *\n" + "Content-Usage: /2026 train-ai=n, a=y, b=y, c=y\n" * 12_000,
        "one long preference": "User-agent: *\nContent-Usage: " + "a=n, " * 100_000,
        "many licences": "License: https://paper.example/license.xml\n" * 12_000,
        "blanks": "\n" * 500_000,
        "no line ends": "User-agent: GPTBot " * 26_000,
    }


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_file_of_500_kb_costs_little_and_states_little(name: str) -> None:
    text = robots_text(hostile()[name].encode()[:ROBOTS_BYTES])
    began = time.process_time()
    read = RobotsUsage(text, "newsbeam")
    for url in (PAGE, "https://paper.example/" + "a" * 8_000, "https://paper.example/?" + "%2A" * 2_000):
        stated = read.of(url)
        assert stated is None or (len(stated) <= len(ai_crawlers()) + 50 and len("".join(stated)) < 20_000)
    assert time.process_time() - began < 3  # a second each on a slow machine


def test_the_list_of_crawlers_is_in_order_and_says_where_each_is_documented() -> None:
    path = Path(robots_usage.__file__).with_name("ai_crawlers.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    names = [row["name"].lower() for row in rows]
    assert names == sorted(set(names)) == list(ai_crawlers())
    assert {row["purpose"] for row in rows} == {"train", "search", "answer"}
    assert all(row["operator"] and row["source"].startswith("https://") for row in rows)
