"""Servers that say "not modified" and lie are found, honest ones are not suspected for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.failure import Reason
from schemas.feed import FeedCursor
from transforms.feeds.scheduling.cursor import PollRequest, after_poll, request_of
from transforms.feeds.scheduling.listing import listing_of
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings

URL = "https://paper.example/feed"
START_US = 1_750_000_000_000_000
HOUR_US = 3_600_000_000
SETTINGS = PollSettings(jitter=0)

Server = Callable[[PollRequest, int], tuple[int, str | None]]
"""A request and the number of changes so far, to a status and an ETag."""


def honest(request: PollRequest, version: int) -> tuple[int, str | None]:
    etag = f'"{version}"'
    return (304 if ("If-None-Match", etag) in request.headers else 200), etag


def always_unmodified(request: PollRequest, version: int) -> tuple[int, str | None]:
    return (304 if request.headers else 200), f'"{version}"'


def one_etag_for_ever(request: PollRequest, version: int) -> tuple[int, str | None]:
    return (304 if request.headers else 200), '"1"'


@dataclass
class Story:
    """A feed polled every hour, with one more entry every `change_hours`."""

    server: Server
    change_hours: int
    cursor: FeedCursor | None = None
    hour: int = 0
    conditional: int = 0
    seen: int = 0

    def poll(self, hours: int) -> Story:
        for _ in range(hours):
            now_us, version = START_US + self.hour * HOUR_US, self.hour // self.change_hours
            request = request_of(self.cursor, URL, now_us, SETTINGS)
            status, etag = self.server(request, version)
            facts = PollFacts(
                status,
                conditional=bool(request.headers),
                final_url=URL,
                etag=etag,
                listing=listing_of(f"{n:08x}" for n in range(version, version + 5)) if status == 200 else None,
            )
            self.seen = version if status == 200 else self.seen
            self.conditional += bool(request.headers)
            self.cursor = after_poll(self.cursor, URL, facts, now_us, SETTINGS)
            self.hour += 1
        return self


@pytest.mark.parametrize("liar", [always_unmodified, one_etag_for_ever])
def test_a_liar_is_found_within_two_days_and_then_polled_without_validators(liar):
    story = Story(liar, change_hours=5).poll(50)
    assert story.cursor is not None
    assert story.cursor.distrusted
    story.poll(30)
    assert story.seen == (story.hour - 1) // 5
    assert request_of(story.cursor, URL, START_US + 80 * HOUR_US, SETTINGS).headers == ()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 250))
def test_an_honest_server_is_never_distrusted_and_nearly_every_poll_is_conditional(change_hours):
    story = Story(honest, change_hours).poll(300)
    assert story.cursor is not None
    assert not story.cursor.distrusted
    assert story.conditional >= 300 - 1 - 300 // 24
    assert story.seen >= (story.hour - 2) // change_hours


def cursor(**values) -> FeedCursor:
    known = {"validator_url": URL, "etag": '"1"', "listing": listing_of(["0" * 8]), "last_read_at_us": START_US}
    return FeedCursor(URL, **(known | values))


def read(before: FeedCursor, etag: str | None = '"2"', final_url: str = URL, conditional: bool = False) -> FeedCursor:
    facts = PollFacts(
        200, conditional=conditional, final_url=final_url, etag=etag, listing=listing_of(["0" * 8, "1" * 8])
    )
    return after_poll(before, URL, facts, START_US, SETTINGS)


def test_the_probe_waits_for_a_row_of_304s_and_for_a_day_and_the_feeds_own_share_of_another():
    def is_probe(row: int, hours: int) -> bool:
        return not request_of(cursor(unchanged_in_a_row=row), URL, START_US + hours * HOUR_US, SETTINGS).headers

    assert [is_probe(7, 1000), is_probe(8, 23), is_probe(8, 48), is_probe(500, 23)] == [False, False, True, False]
    hours = {
        next(
            hour
            for hour in range(60)
            if not request_of(
                FeedCursor(url, url, '"1"', unchanged_in_a_row=9, last_read_at_us=START_US),
                url,
                START_US + hour * HOUR_US,
                SETTINGS,
            ).headers
        )
        for url in (f"https://paper{number}.example/feed" for number in range(100))
    }
    assert min(hours) in (24, 25)
    assert max(hours) in (47, 48)
    assert len(hours) > 15


def test_a_probe_that_finds_the_same_entries_restores_full_trust():
    before = cursor(unchanged_in_a_row=20)
    facts = PollFacts(200, final_url=URL, etag='"1"', listing=before.listing)
    after = after_poll(before, URL, facts, START_US, SETTINGS)
    assert (after.unchanged_in_a_row, after.suspected, after.distrusted, after.etag) == (0, False, False, '"1"')


def test_news_under_the_same_validators_is_proof():
    assert read(cursor(unchanged_in_a_row=20), '"1"').distrusted
    assert read(cursor(), '"1"', conditional=True).distrusted
    assert not read(cursor(etag=None), '"1"').distrusted


def test_a_date_counts_where_there_is_no_etag_to_compare():
    before = cursor(etag=None, last_modified="Mon, 1 Jan 2024")
    facts = PollFacts(200, final_url=URL, last_modified="Mon, 1 Jan 2024", listing=listing_of(["1" * 8]))
    assert after_poll(before, URL, facts, START_US, SETTINGS).distrusted


def test_news_under_new_validators_is_suspicious_and_the_old_ones_are_sent_once_more():
    suspect = read(cursor(unchanged_in_a_row=20))
    assert (suspect.suspected, suspect.distrusted) == (True, False)
    request = request_of(suspect, URL, START_US + 1000 * HOUR_US, SETTINGS)
    assert request == (URL, (("If-None-Match", '"1"'),), URL)
    caught = after_poll(suspect, URL, PollFacts(304, conditional=True, final_url=URL), START_US, SETTINGS)
    assert (caught.suspected, caught.distrusted) == (False, True)
    cleared = read(suspect, '"2"', conditional=True)
    assert (cleared.suspected, cleared.distrusted, cleared.etag) == (False, False, '"2"')


def test_a_failure_settles_no_suspicion():
    suspect = read(cursor(unchanged_in_a_row=20))
    later = after_poll(suspect, URL, PollFacts(500, Reason.SERVER_ERROR), START_US, SETTINGS)
    assert later.suspected


def test_a_first_reading_and_a_body_that_came_by_condition_raise_no_suspicion():
    assert not read(FeedCursor(URL)).suspected
    assert not read(cursor(listing=None, unchanged_in_a_row=20)).suspected
    assert not read(cursor(unchanged_in_a_row=20), conditional=True).suspected


def test_distrust_lasts_until_another_address_answers():
    liar = read(cursor(), '"1"')
    for _ in range(50):
        liar = read(liar, '"3"')
        assert liar.distrusted
    liar = read(liar, None)
    assert liar.distrusted
    moved = read(liar, '"4"', final_url="https://new.example/feed")
    assert (moved.distrusted, moved.etag, moved.validator_url) == (False, '"4"', "https://new.example/feed")
