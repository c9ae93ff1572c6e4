"""``newsbeam why`` and ``diff`` over a lake of the first release, which knows neither of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.commands.why.print_story import story_lines
from pipelines.commands.why.story_of import story_of
from schemas.feed import FeedCursor
from tests.command import newsbeam
from transforms.feeds.scheduling.listing import listing_of
from transforms.lake.files.storage import Storage
from transforms.lake.lookup.entry_facts import AskedOf
from transforms.web.urls import url_key

OLD_LAKE = Path(__file__).parent / "lakes" / "0.1.0"
PAPER, LEDGER = "http://127.0.0.12:36595", "http://127.0.0.13:36595"
EDITED = f"{PAPER}/2026/03/02/council-tax-letter-error/"


def said(*arguments: str) -> str:
    done = newsbeam(*arguments, "--output", str(OLD_LAKE))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def why(what: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said("why", what, "--json"))
    return found


def test_two_revisions_are_told_and_compared() -> None:
    found = why(EDITED)
    assert [(one["number"], one["revision"], one["relation"]) for one in found["revisions"]] == [
        (1, 1, "original"),
        (2, 2, "revision"),
    ]
    assert [one["number"] for one in found["fetches"]] == [1, 2]
    diff = said("diff", EDITED).splitlines()
    assert diff[0] == f"article {found['article_id']}, {EDITED}"
    assert [line for line in diff if line.startswith(("---", "+++"))] == [
        "--- revision 1, fetched 2026-03-02T08:00Z",
        "+++ revision 2, fetched 2026-03-02T09:00Z",
    ]
    assert found["revisions"][1]["diff"] == diff[diff.index("--- revision 1, fetched 2026-03-02T08:00Z") :]
    assert "[-" in said("diff", found["article_id"], "--words")


def test_a_copy_names_what_it_copies_and_an_original_who_copies_it() -> None:
    copy = why(f"{LEDGER}/news/no-ship-to-fix-baltic-cable-48351.html")
    original = copy["revisions"][0]["duplicate_of"]
    assert copy["revisions"][0]["relation"] == "exact"
    assert original in {one["article_id"] for one in copy["copies"]["articles"]}
    copies = {one["article_id"]: one for one in why(original)["copies"]["articles"]}
    assert (copies[copy["article_id"]]["relation"], copies[copy["article_id"]]["duplicate_of"]) == ("exact", original)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.11:36595/en/clients/embargo-2026-03", "failed in pages: robots_denied"),
        (f"{LEDGER}/news/ledger-crossword-retired.html", "failed in pages: gone"),
        (f"{LEDGER}/files/county-budget-2026.pdf", "failed in pages: not_html"),
        (f"{PAPER}/rss-feeds/", "failed in feeds: not_a_feed"),
        ("0" * 32, "no article of this lake has this id"),
    ],
)
def test_what_is_not_there_is_explained(url: str, told: str) -> None:
    assert why(url)["told"].startswith(told)
    assert told in said("why", url)


def test_an_address_of_a_feed_with_tracking_is_that_of_the_page_without() -> None:
    plain = why(f"{PAPER}/2026/03/01/ferry-fare-formula/")
    tracked = why(f"{PAPER}/2026/03/01/ferry-fare-formula/?utm_source=elsewhere")
    assert plain["fate"] == "article"
    assert {**plain, "asked": None} == {**tracked, "asked": None}


def test_an_entry_that_only_a_feed_lists_is_told_with_all_outcomes_of_the_run_that_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rules of other versions may drop an entry: any outcome is told by its name."""
    url, feed = f"{PAPER}/dropped", f"{PAPER}/feed"
    read_us = 1_772_528_400_000_000
    cursor = FeedCursor(feed, last_read_at_us=read_us, listing=listing_of([url_key(url)]))
    monkeypatch.setattr("pipelines.commands.why.story_of.cursors_in", lambda _: {feed: cursor})
    story = story_of(Storage(str(OLD_LAKE), must_exist=True), AskedOf(url, url), read_us)
    assert (story["fate"], [one["feed_url"] for one in story["listed_by"]]) == ("listed", [feed])
    assert story["run_outcomes"]["entries"]["known"] > 0
    story["run_outcomes"]["entries"] = {"dropped_by_rule": 3, "known": 2}
    assert "  3 dropped by rule, 2 known" in list(story_lines(story))
