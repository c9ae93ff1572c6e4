"""What feeds ask of those who poll them."""

from __future__ import annotations

import time

import pytest

from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.scheduling.wishes import wishes_of

RSS = """<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>P</title>{}
<item><title>A</title><link>/a</link><description><![CDATA[{}]]></description></item>{}</channel></rss>"""
HOURS = "<skipHours><hour>0</hour><hour> 5 </hour><hour>24</hour><hour>77</hour><hour>x</hour></skipHours>"
DAYS = "<skipDays><day>Saturday</day>\n<day>sunday</day><day>Caturday</day></skipDays>"


def parsed(channel: str = "", item: str = "", tail: str = ""):
    return parse_feed(RSS.format(channel, item, tail).encode(), None, "https://paper.example/feed")


@pytest.mark.parametrize(
    ("channel", "expected_s"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3600),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>99999999999</ttl>", None),
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency> 1 </sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 604_800),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 5400),
    ],
)
def test_a_feed_asks_for_the_longer_of_its_ttl_and_its_update_period(channel, expected_s):
    assert parsed(channel).ttl_s == expected_s


@pytest.mark.parametrize("place", ["channel", "tail"])
def test_every_hour_and_day_to_skip_is_read_before_and_after_the_items(place):
    feed = parsed(**{place: HOURS + DAYS})
    assert feed.skip_hours == 1 << 0 | 1 << 5
    assert feed.skip_days == 1 << 5 | 1 << 6


def test_what_an_item_holds_is_no_wish():
    feed = parsed(item=HOURS + DAYS)
    assert (feed.skip_hours, feed.skip_days) == (0, 0)


def test_a_document_of_lists_that_never_end_costs_little():
    before_s = time.process_time()
    assert wishes_of("<skipHours><hour>1</hour>" * 400_000, None, None, None) == (None, 0, 0)
    assert time.process_time() - before_s < 1
