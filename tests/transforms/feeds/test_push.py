"""Discovery of hubs, the life of a subscription, signatures, and the turns of pushed feeds."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from schemas.credentials import Credentials
from schemas.feed import FeedCursor, FeedSpec
from schemas.feed_order import FeedOrder, Hold, Order
from schemas.subscription import Subscription, SubscriptionState
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import ParsedFeed
from transforms.feeds.push.ask_hub import HubAnswer, may_know
from transforms.feeds.push.discovery import Hub, hub_of, links_of
from transforms.feeds.push.keys import TOKEN, PushKey, Signed
from transforms.feeds.push.push_turns import PushTurns
from transforms.feeds.push.subscription_book import SubscriptionBook
from transforms.feeds.push.subscriptions import answered, begun, failed, given_up, is_to_be_asked, reconciled
from transforms.feeds.push.wanted import wanted_of
from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.web.http.response import Response

FEED, HUB, TOPIC = "https://paper.example/rss", "https://hub.example/", "https://paper.example/feed"
NOW_US, HOUR_US, DAY_US = 1_772_409_600_000_000, 3_600_000_000, 86_400_000_000
KEY = PushKey(b"k" * 32)
NEW = Subscription(FEED, HUB, TOPIC, KEY.key_id, NOW_US)


def response(*links: str) -> Response:
    return Response(FEED, FEED, (), 200, CIMultiDict([("Link", link) for link in links]), b"", 0)


def asked() -> Subscription:
    one = begun(NEW, NOW_US)
    assert one is not None
    return one


def active(lease: str | None = "864000") -> Subscription:
    is_right, one = answered(asked(), "subscribe", TOPIC, lease, NOW_US)
    assert is_right
    assert one is not None
    return one


@pytest.mark.parametrize(
    ("links", "in_feed", "expected"),
    [
        ([], ParsedFeed("rss20", FEED), None),
        ([], ParsedFeed("rss20", FEED, hubs=(HUB,)), Hub(HUB, FEED)),
        ([], ParsedFeed("rss20", FEED, hubs=(HUB,), self_url=TOPIC), Hub(HUB, TOPIC)),
        ([], ParsedFeed("rss20", FEED, hubs=("/hub",), self_url="feed"), Hub("https://paper.example/hub", TOPIC)),
        ([], ParsedFeed("rss20", FEED, hubs=("ftp://x/", "https://user@x/", HUB)), Hub(HUB, FEED)),
        ([], ParsedFeed("rss20", FEED, hubs=("http://plain.example/", HUB, "https://x.example/")), Hub(HUB, FEED)),
        ([], ParsedFeed("rss20", FEED, hubs=("http://plain.example/",)), Hub("http://plain.example/", FEED)),
        ([], ParsedFeed("rss20", FEED, hubs=(HUB + "x" * 3_000,)), None),
        ([], ParsedFeed("rss20", FEED, hubs=(HUB,), self_url="tag:paper"), None),
        ([f'<{HUB}>; rel="hub"'], ParsedFeed("rss20", FEED, hubs=("https://other.example/",)), Hub(HUB, FEED)),
        ([f'<{HUB}>; rel=hub, <{TOPIC}>; rel="self"'], ParsedFeed("rss20", FEED), Hub(HUB, TOPIC)),
        ([f"<{HUB}>;REL=Hub", f'<{TOPIC}>; title="a, b; rel=x"; rel="alternate self"'], None, Hub(HUB, TOPIC)),
        (["<", "<>", "nothing", ";;;", f"<{HUB}>; rel=next; rel=hub"], None, None),
    ],
)
def test_a_feeds_hub_is_named_by_its_links_or_its_server_which_counts_first(links, in_feed, expected):
    assert hub_of(response(*links), in_feed or ParsedFeed("rss20", FEED)) == expected


@given(st.lists(st.text("<>;,=\"\\ relhubslf/:.*'", max_size=80), max_size=5))
def test_any_link_header_can_be_read(values):
    for target, relations in links_of(values):
        assert "<" not in target
        assert all(relation == relation.lower() for relation in relations)


def test_hubs_are_found_in_rss_atom_and_json():
    ns = 'xmlns:a="http://www.w3.org/2005/Atom"'
    links = f'<{{0}}link rel="hub" href="{HUB}"/><{{0}}link rel="self" href="{TOPIC}"/>'
    rss = f'<rss version="2.0" {ns}><channel><title>P</title>{links.format("a:")}</channel></rss>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{links.format("")}</feed>'
    version = '"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": []'
    hubs = f'[{{"type": "rssCloud", "url": "https://x.example/"}}, 7, {{"type": "WebSub", "url": "{HUB}"}}]'
    json_feed = f'{{{version}, "feed_url": "{TOPIC}", "hubs": {hubs}}}'
    for document in (rss, atom, json_feed):
        parsed = parse_feed(document.encode(), None, FEED, FeedSpec(FEED))
        assert (parsed.hubs, parsed.self_url) == ((HUB,), TOPIC)


def test_tokens_and_secrets_follow_from_the_key_and_tell_nothing_of_each_other():
    other = PushKey(b"o" * 32)
    moved = replace(NEW, topic_url="https://paper.example/new")
    assert KEY.token_of(NEW) == KEY.token_of(asked())
    values = [one for key in (KEY, other) for row in (NEW, moved) for one in (key.token_of(row), key.secret_of(row))]
    assert len(set(values)) == 8
    assert not any(long.startswith(short) for short in values for long in values if long != short)
    assert TOKEN.fullmatch(KEY.token_of(NEW))
    assert "k" * 32 not in repr(KEY)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_is_checked_piece_by_piece(method):
    right = hmac.new(b"secret", b"body of two pieces", getattr(hashlib, method)).hexdigest()
    for header, expected in [
        (f"{method}={right}", True),
        (f"{method.upper()}={right.upper()}", True),
        (f"{method}={right[:-1]}", False),
        (f"{method}={right}0", False),
        (f"md5={right}", False),
        (f"{method}={right}, {method}={right}", False),
        (right, False),
        ("", False),
    ]:
        signed = Signed(header, "secret")
        for piece in (b"body of ", b"two pieces"):
            signed.add(piece)
        assert signed.is_right is expected
    signed.add(b"more")
    assert not signed.is_right


def test_a_signature_by_another_method_than_it_says_is_wrong():
    sha256 = hmac.new(b"secret", b"body", hashlib.sha256).hexdigest()
    signed = Signed(f"sha512={sha256}", "secret")
    signed.add(b"body")
    assert not signed.is_right


def test_a_hub_may_ask_back_about_what_it_was_asked_and_nothing_else():
    assert answered(NEW, "subscribe", TOPIC, "60", NOW_US) == (False, NEW)  # it was not asked yet
    for mode, topic in [("subscribe", FEED), ("unsubscribe", TOPIC), ("publish", TOPIC), ("subscribe", "")]:
        assert answered(asked(), mode, topic, "60", NOW_US) == (False, asked())
    assert answered(asked(), "subscribe", TOPIC, "60", NOW_US + 2 * DAY_US)[0] is False
    late = answered(given_up(asked(), NOW_US + HOUR_US), "subscribe", TOPIC, "86400", NOW_US + HOUR_US)[1]
    assert late is not None
    assert (late.state, late.failures) == (SubscriptionState.ACTIVE, 0)
    assert answered(asked(), "subscribe", TOPIC, "60", NOW_US)[0] is True
    assert answered(active(), "subscribe", TOPIC, "60", NOW_US)[0] is True  # once more: our answer was lost


@pytest.mark.parametrize(
    ("lease", "until_s", "renewed_s"),
    [
        ("864000", 864_000, (518_400, 777_600)),
        ("0", 0, (600, 600)),
        ("5", 5, (600, 600)),
        ("-5", 2_592_000, (1_555_200, 2_332_800)),
        ("9" * 30, 2_592_000, (1_555_200, 2_332_800)),
        ("31536000", 2_592_000, (1_555_200, 2_332_800)),
        (None, 2_592_000, (1_555_200, 2_332_800)),
        ("²", 2_592_000, (1_555_200, 2_332_800)),
    ],
)
def test_a_subscription_is_renewed_before_its_lease_ends_and_never_in_haste(lease, until_s, renewed_s):
    one = active(lease)
    assert one.lease_until_us == NOW_US + until_s * 1_000_000
    assert renewed_s[0] <= (one.next_us - NOW_US) / 1e6 <= renewed_s[1]
    assert not is_to_be_asked(one, one.next_us - 1)
    assert is_to_be_asked(one, one.next_us)
    assert is_to_be_asked(one, NOW_US - 400 * DAY_US)  # the clock was wrong then, or is now


def test_renewals_of_many_feeds_are_spread_over_a_third_of_the_lease():
    times = set()
    for number in range(200):
        one = replace(asked(), feed_url=f"https://paper.example/{number}")
        after = answered(one, "subscribe", TOPIC, "864000", NOW_US)[1]
        assert after is not None
        times.add((after.next_us - NOW_US) // HOUR_US)
    assert len(times) > 40


def test_a_hub_that_does_not_ask_back_or_does_not_answer_is_asked_again_ever_more_seldom():
    one, waits = NEW, []
    for _ in range(12):
        now_us = one.next_us
        begun_one = begun(one, now_us)
        assert begun_one is not None
        assert not is_to_be_asked(begun_one, begun_one.next_us)
        one = given_up(begun_one, begun_one.next_us)
        waits.append((one.next_us - begun_one.next_us) / 1e6)
    assert 300 <= waits[0] <= 360
    assert waits == sorted(waits)
    assert 86_400 <= waits[-1] <= 1.2 * 86_400
    assert failed(NEW, NOW_US, retry_after_s=7_200.0).next_us == NOW_US + 2 * HOUR_US
    assert failed(NEW, NOW_US, retry_after_s=1e12).next_us == NOW_US + DAY_US


def test_a_hub_that_was_asked_when_the_clock_was_years_ahead_is_asked_again():
    ahead = begun(NEW, NOW_US + 3_000 * DAY_US)
    assert ahead is not None
    assert is_to_be_asked(given_up(ahead, NOW_US), NOW_US + DAY_US)
    assert given_up(asked(), NOW_US) == asked()


def test_a_denial_ends_a_subscription_which_is_tried_again_after_a_day():
    is_right, one = answered(active(), "denied", TOPIC, None, NOW_US)
    assert is_right
    assert one is not None
    assert (one.state, one.lease_until_us, one.next_us) == (SubscriptionState.ASKED, None, NOW_US + DAY_US)


def test_a_feed_that_is_no_longer_wanted_is_unsubscribed_and_one_whose_topic_changed_is_both():
    wanted = {FEED: (HUB, TOPIC)}
    assert reconciled([], wanted, KEY.key_id, NOW_US) == [NEW]
    assert reconciled([active()], wanted, KEY.key_id, NOW_US) == [active()]
    (leaving,) = reconciled([active()], {}, KEY.key_id, NOW_US)
    assert (leaving.state, leaving.next_us) == (SubscriptionState.LEAVING, NOW_US)
    assert reconciled([NEW], {}, KEY.key_id, NOW_US) == []  # the hub knows nothing of it
    assert reconciled([active()], wanted, "another", NOW_US) == [replace(NEW, key_id="another")]
    old, new = reconciled([active()], {FEED: (HUB, "https://paper.example/new")}, KEY.key_id, NOW_US)
    assert (old.topic_url, old.state) == (TOPIC, SubscriptionState.LEAVING)
    assert (new.topic_url, new.state) == ("https://paper.example/new", SubscriptionState.ASKED)
    (back,) = reconciled([leaving], wanted, KEY.key_id, NOW_US + 5)
    assert back == replace(NEW, next_us=NOW_US + 5)


def test_a_goodbye_is_said_three_times_at_most_and_not_after_the_lease():
    (one,) = reconciled([active()], {}, KEY.key_id, NOW_US)
    assert begun(one, NOW_US + 11 * DAY_US) is None
    for _ in range(3):
        said = begun(one, one.next_us)
        assert said is not None
        one = failed(said, said.next_us)
    assert begun(one, one.next_us) is None


def test_a_book_holds_the_subscriptions_of_its_key_at_hubs_that_may_know_a_secret() -> None:
    others = replace(NEW, key_id="other"), replace(NEW, hub_url="http://hub.example/")
    book = SubscriptionBook(KEY, [NEW, *others])
    assert book.all == [NEW]
    assert not book.is_changed
    assert book.secret_of(KEY.token_of(NEW)) is None, "it was not asked for yet, so nobody may push"


def test_states_are_counted_and_a_lease_that_has_run_out_is_none() -> None:
    other = replace(active(), feed_url="https://paper.example/other")
    book = SubscriptionBook(KEY, [active(), replace(other, state=SubscriptionState.LEAVING)])
    assert book.states(NOW_US) == {"asked": 0, "active": 1, "leaving": 1}
    assert book.states(NOW_US + 10 * DAY_US) == {"asked": 1, "active": 0, "leaving": 1}


def test_a_refusal_is_of_no_account_once_the_hub_has_asked_back() -> None:
    book, token = SubscriptionBook(KEY, [NEW]), KEY.token_of(NEW)
    assert book.due(NOW_US) == {"hub.example": [token]}
    one = book.begin(token, NOW_US)
    assert one is not None
    assert book.is_changed
    assert book.due(NOW_US) == {}
    assert book.begin(token, NOW_US) is None
    asked_back = book.asked_back(token, "subscribe", TOPIC, "864000", NOW_US)
    assert asked_back is not None
    assert (asked_back.is_right, asked_back.before) == (True, one)
    assert book.refused(token, one, HubAnswer(False, "late", has_answered=False), NOW_US) is None
    assert book.get(token) == asked_back.after


def test_the_other_feeds_of_a_hub_that_refused_wait_with_the_first() -> None:
    second = replace(NEW, feed_url="https://paper.example/second")
    book = SubscriptionBook(KEY, [NEW, second])
    first, other = KEY.token_of(NEW), KEY.token_of(second)
    asked = book.begin(first, NOW_US)
    assert asked is not None
    failed_one = book.refused(first, asked, HubAnswer(False, "it answered 503", 3_600.0), NOW_US)
    assert failed_one is not None
    assert failed_one.next_us >= NOW_US + HOUR_US
    book.put_off([other], first)
    assert [one.next_us for one in book.all] == [failed_one.next_us] * 2
    assert book.due(NOW_US + HOUR_US - 1) == {}


def test_of_what_is_forgotten_no_hub_is_told_and_what_is_unwanted_is_ended_there() -> None:
    second = replace(active(), feed_url="https://daily.example/rss")
    book = SubscriptionBook(KEY, [active(), second])
    book.reconcile({}, Forgotten(domains=frozenset({"paper.example"})), NOW_US)
    assert book.all == [], "both name a topic of the paper"
    book = SubscriptionBook(KEY, [active()])
    book.reconcile({}, NOTHING_FORGOTTEN, NOW_US)
    assert [one.state for one in book.all] == [SubscriptionState.LEAVING]
    assert book.is_over(KEY.token_of(NEW))
    assert book.secret_of(KEY.token_of(NEW)) is None


def test_feeds_that_are_not_asked_or_are_private_or_forgotten_are_not_subscribed_to():
    cursor = FeedCursor(FEED, hub_url=HUB, topic_url=TOPIC)
    pause = {FEED: FeedOrder(FEED, Order.PAUSE, NOW_US, hold=Hold.PAUSED)}
    over = {FEED: FeedOrder(FEED, Order.PAUSE, NOW_US, hold=Hold.PAUSED, until_us=NOW_US - 1)}
    private = FeedSpec(FEED, credentials=Credentials("PASSWORD", user="desk"))
    plain, nothing = FeedSpec(FEED), NOTHING_FORGOTTEN

    def wants(spec=plain, cursor=cursor, orders=None, forgotten=nothing):
        found = wanted_of([spec], {FEED: cursor}, orders or {}, forgotten, NOW_US, may_know)
        return found == {FEED: (HUB, TOPIC)}

    assert wants()
    assert wants(orders=over)
    assert not wants(orders=pause)
    assert not wants(spec=replace(plain, is_paused=True))
    assert not wants(spec=private)
    assert not wants(cursor=replace(cursor, retired=True))
    assert not wants(cursor=FeedCursor(FEED))
    assert not wants(cursor=replace(cursor, hub_url="http://hub.example/"))
    assert not wants(forgotten=Forgotten(domains=frozenset({"hub.example"})))
    assert wanted_of([], {FEED: cursor}, {}, nothing, NOW_US, may_know) == {}


def test_a_push_is_a_poll_at_once_and_a_flood_is_one_a_minute_then_ever_fewer():
    turns, polls = PushTurns(), []
    for second in range(4 * 3_600):
        turns.push(FEED, float(second))
        if turns.take(float(second)):
            polls.append(second)
            turns.polled(FEED, float(second), has_news=False)
    gaps = [later - earlier for earlier, later in pairwise(polls)]
    assert polls[0] == 0
    assert gaps == [120, 240, 480, 960, 1_920, 3_600, 3_600]


def test_pushes_with_news_are_a_minute_apart_and_none_is_lost():
    turns = PushTurns()
    assert turns.push(FEED, 0.0)
    assert not turns.push(FEED, 0.0)
    assert turns.take(0.0) == {FEED}
    turns.push(FEED, 0.5)  # while the poll is under way
    turns.polled(FEED, 1.0, has_news=True)
    assert not turns.is_due(59.0)
    assert turns.is_due(60.0)


def test_a_push_whose_poll_brings_no_news_is_polled_once_more():
    turns, polls = PushTurns(), []
    turns.push(FEED, 0.0)
    for second in range(3_600):
        if turns.take(float(second)):
            polls.append(second)
            turns.polled(FEED, float(second), has_news=False)
    assert polls == [0, 120]


def test_a_feed_that_could_not_be_asked_waits_longer_each_time_and_one_that_left_not_at_all():
    turns, taken = PushTurns(), []
    turns.push(FEED, 0.0)
    for second in range(1_000):
        if turns.take(float(second)):
            taken.append(second)
            turns.put_back(FEED, float(second))
    assert taken == [0, 60, 180, 420, 900]
    turns.keep(["https://other.example/"])
    assert not turns.is_due(1e9)


@pytest.mark.parametrize(
    ("url", "is_so"),
    [
        ("https://hub.example/", True),
        ("http://hub.example/", False),
        ("http://127.0.0.1:8000/hub", True),
        ("http://localhost/hub", True),
        ("http://[::1]:80/", True),
        ("http://127.evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("nonsense", False),
    ],
)
def test_a_secret_goes_to_hubs_by_https_or_on_this_machine_only(url, is_so):
    assert may_know(url) is is_so
