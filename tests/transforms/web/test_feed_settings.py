"""Which tables of a settings file apply to a feed or host, and which of them counts."""

from __future__ import annotations

import pickle

from schemas.credentials import Credentials
from schemas.feed import FeedSpec
from transforms.web.chosen.feed_settings import FeedChoices, FeedSettings, with_settings
from transforms.web.chosen.host_settings import HostChoices, HostSettings
from transforms.web.settings import HttpSettings

FEED = "https://example.org/news/rss"


def test_the_more_particular_table_counts_key_by_key() -> None:
    choices = FeedChoices(
        hosts=(("example.org", FeedSettings(interval_s=1, tags=("host",), language="de")),),
        feeds=(
            (FEED, FeedSettings(title="own")),
            ("*", FeedSettings(interval_s=2, tags=("all",))),
            ("https://example.org/news/*", FeedSettings(interval_s=4)),
            ("https://example.org/*", FeedSettings(interval_s=3, pause=True)),
        ),
    )
    chosen = choices.of(FEED)
    assert (chosen.title, chosen.interval_s, chosen.pause) == ("own", 4, True)
    assert (chosen.tags, chosen.language) == (("all",), "de")
    assert choices.of("https://example.com/rss") == FeedSettings(interval_s=2, tags=("all",))
    assert [table for table, _ in choices.tables_of("https://example.org/rss")] == [
        'host."example.org"',
        'feed."*"',
        'feed."https://example.org/*"',
    ]


def test_of_equal_tables_the_later_counts_and_an_empty_list_lifts_a_rule() -> None:
    choices = FeedChoices(
        feeds=(("*a", FeedSettings(drop_words=("x",))), ("a*", FeedSettings(drop_words=())), ("*", FeedSettings()))
    )
    assert choices.tables_of("a")[-1][0] == 'feed."*"', "a text that is no address fits only patterns of anything"
    assert FeedSettings(drop_words=()).over(FeedSettings(drop_words=("x",))).drop_words == ()


def test_choices_say_whether_anything_is_to_be_judged() -> None:
    nothing = FeedChoices(feeds=(("*", FeedSettings(title="x")),))
    assert (nothing.judge_entries, nothing.judge_drafts, nothing.choose_texts) == (False, False, False)
    assert FeedChoices(hosts=(("*", FeedSettings(keep_words=("x",))),)).judge_entries
    assert FeedChoices(feeds=(("*", FeedSettings(drop_sections=("x",))),)).judge_drafts


def test_what_the_file_says_of_a_feed_takes_the_place_of_the_lists_words() -> None:
    spec = FeedSpec(FEED, "Listed", "en", "GB", ("Papers",))
    chosen = FeedSettings(title="Chosen", tags=("a",), interval_s=0, pause=True, credentials=Credentials("V"))
    assert with_settings(spec, chosen) == FeedSpec(
        FEED, "Chosen", "en", "GB", ("Papers",), ("a",), 0, is_paused=True, credentials=Credentials("V")
    )
    assert with_settings(spec, FeedSettings()) == spec


def test_hosts_are_found_by_name_before_patterns_and_give_the_pause_of_requests() -> None:
    hosts = HostChoices(
        (
            ("www.example.org", HostSettings(delay_s=0.0)),
            ("*", HostSettings(delay_s=5.0, proxy="http://proxy.example.org")),
            ("*.example.org", HostSettings(proxy="")),
        )
    )
    assert hosts.of("www.example.org") == HostSettings(delay_s=0.0, proxy="")
    http = HttpSettings(host_delay_s=1.0, hosts=hosts)
    assert (http.delay_of("www.example.org"), http.delay_of("example.com")) == (0.0, 5.0)
    assert HttpSettings(host_delay_s=1.0).delay_of("www.example.org") == 1.0
    assert pickle.loads(pickle.dumps(http)) == http
