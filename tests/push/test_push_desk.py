"""The desk of a stream against a hub on loopback, and against strangers at its callbacks."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipelines.checks import UsageError
from pipelines.given.listen_address import ListenAddress
from pipelines.parser import command_parser
from pipelines.push import push_desk
from pipelines.push.look import Looked
from pipelines.push.push_desk import PushDesk
from pipelines.push.push_options import PushOptions, push_options
from pipelines.telemetry.names import BY_NAME
from pipelines.telemetry.totals import Totals
from schemas.feed import FeedCursor
from schemas.subscription import Subscription
from tests.command import newsbeam
from tests.hub import Hub, running_hub
from transforms.common.clock import Clock
from transforms.feeds.push import callback
from transforms.feeds.push.keys import PushKey
from transforms.lake.files.storage import Storage
from transforms.lake.push.subscription_file import file_of, forget_subscriptions, read_subscriptions
from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

FEED, TOPIC = "https://paper.example/rss", "https://paper.example/feed"
KEY = PushKey(b"k" * 32)
LISTEN = ListenAddress("127.0.0.1", 8765)


class Stream:
    """A desk and what its stream would tell it."""

    def __init__(self, folder: Path, hub: Hub, networks: tuple[str, ...] = ("127.0.0.0/8",)) -> None:
        self.hub, self.networks = hub, networks
        self.storage = Storage(str(folder))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}/web/sub"
        self.clock = Clock()

    @contextmanager
    def desk(self, key: PushKey = KEY, http: HttpSettings | None = None) -> Iterator[PushDesk]:
        options = PushOptions(self.base, ListenAddress("127.0.0.1", self.port), key)
        http = http or HttpSettings(host_delay_s=0.05)
        with closing(PushDesk(options, self.storage, http, AddressGuard(self.networks), self.clock)) as desk:
            yield desk

    def want(self, desk: PushDesk, *topics: str, forgotten: Forgotten = NOTHING_FORGOTTEN) -> None:
        wanted = {f"{FEED}{number or ''}": (self.hub.url, topic) for number, topic in enumerate(topics)}
        desk.told((), 0, Looked({}, wanted, forgotten))

    @property
    def kept(self) -> list[dict[str, object]]:
        path = Path(self.storage.root) / file_of(self.base)
        return list(json.loads(path.read_bytes())["subscriptions"]) if path.exists() else []

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, body or None)
            answer = connection.getresponse()
            return answer.status, answer.read()

    @property
    def callback_path(self) -> str:
        return "/web/sub/" + self.hub.asked[-1]["hub.callback"].rpartition("/")[2]


def until(is_so: Callable[[], object], seconds: float = 10.0) -> None:
    end_s = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_desk, "_LOOK_S", 0.05)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def stream(tmp_path: Path, hub: Hub) -> Stream:
    return Stream(tmp_path / "lake", hub)


def test_a_feed_is_subscribed_verified_pushed_kept_and_unsubscribed(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        assert hub.asked[0]["hub.mode"] == "subscribe"
        assert hub.asked[0]["hub.callback"].startswith(stream.base + "/")
        assert not desk.is_due()
        assert hub.publish(TOPIC, b"<rss/>") == [202]
        assert desk.is_due()
        assert desk.take() == {FEED}
        assert not desk.is_due()
        stream.want(desk)
        until(lambda: not hub.subscribers and stream.kept == [])
    assert [one["hub.mode"] for one in hub.asked] == ["subscribe", "unsubscribe"]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_signing_is_understood(stream: Stream, hub: Hub, algorithm: str) -> None:
    hub.algorithm = algorithm
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        hub.publish(TOPIC, b"<rss/>" * 100_000)
        assert desk.take() == {FEED}


def test_subscriptions_and_pushes_are_metrics(stream: Stream, hub: Hub) -> None:
    totals = Totals()
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        hub.publish(TOPIC, b"<rss/>")
        hub.publish(TOPIC, b"<rss/>")
        assert stream.ask("POST", stream.callback_path, b"unsigned")[0] == 202
        assert stream.ask("POST", stream.callback_path + "x", b"of nobody")[0] == 404
        desk.take_figures(totals)
    states = {state: n for (state,), n in totals.samples(BY_NAME["newsbeam_subscriptions"])}
    assert states == {"asked": 0, "active": 1, "leaving": 0}
    pushes = {outcome: n for (outcome,), n in totals.samples(BY_NAME["newsbeam_pushes_total"])}
    assert pushes == {"poll": 1, "merged": 1, "refused": 1}


def test_a_push_of_which_the_run_was_not_committed_waits_for_another_one(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        hub.publish(TOPIC, b"<rss/>")
        desk.told(desk.take(), stream.clock.now_us(), None)
        assert desk._turns._feeds[FEED].due_s is not None
        desk._turns._feeds[FEED].due_s = None
        rest = FeedCursor(FEED, last_polled_at_us=1, asked_until_us=stream.clock.now_us() + 10**9)
        desk.told({FEED}, stream.clock.now_us(), Looked({FEED: rest}, {FEED: (hub.url, TOPIC)}, NOTHING_FORGOTTEN))
        assert desk._turns._feeds[FEED].due_s is None  # its server has asked for a pause


def test_a_restart_asks_nothing_anew_and_another_key_everything(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        assert hub.publish(TOPIC, b"<rss/>") == [202]
        assert desk.take() == {FEED}
        time.sleep(0.2)
        assert len(hub.asked) == 1
    with stream.desk(PushKey(b"o" * 32)) as desk:
        stream.want(desk, TOPIC)
        until(lambda: len(hub.subscribers) == 2)
        assert sorted(hub.publish(TOPIC, b"<rss/>")) == [202, 404]


def test_a_hub_that_asks_back_late_and_after_a_restart_is_answered(stream: Stream, hub: Hub) -> None:
    hub.verify_after_s = 0.6
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.asked and stream.kept)
    with stream.desk():
        until(lambda: hub.subscribers)
    assert hub.challenges == [("subscribe", 200, True)]
    assert stream.kept[0]["state"] == "active"


@pytest.mark.parametrize("lease", [0, 1, "", -7, 10**12, "soon"])
def test_a_lease_of_nonsense_is_no_reason_to_ask_again_and_again(stream: Stream, hub: Hub, lease: int | str) -> None:
    hub.lease_s = lease if lease != "soon" else "x"
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.challenges)
        time.sleep(0.3)
    assert hub.challenges == [("subscribe", 200, True)]
    assert len(hub.asked) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_hub_that_moved_is_followed(stream: Stream, hub: Hub, status: int) -> None:
    hub.answers, hub.location = [status], "/elsewhere"
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
    assert [one["path"] for one in hub.asked] == ["/hub", "/elsewhere"]
    assert hub.asked[0]["hub.secret"] == hub.asked[1]["hub.secret"]


@pytest.mark.parametrize(
    ("answers", "location"),
    [
        ([301], "/elsewhere"),
        ([302], "/elsewhere"),
        ([303], "/elsewhere"),
        ([307], ""),
        ([307], "http://hub.example/"),
        ([308], "ftp://hub.example/"),
        ([307] * 9, "/round"),
        ([400], ""),
        ([500], ""),
        ([429], ""),
    ],
)
def test_a_hub_that_refuses_or_leads_astray_is_left_alone_for_a_while(
    stream: Stream, hub: Hub, answers: list[int], location: str
) -> None:
    hub.answers, hub.location, hub.headers = answers, location, {"Retry-After": "7200"}
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: stream.kept and stream.kept[0]["failures"] == 1)
        asked = len(hub.asked)
        assert asked == (4 if location == "/round" else 1)
        time.sleep(0.3)
        assert len(hub.asked) == asked
    wait_s = (int(str(stream.kept[0]["next_us"])) - stream.clock.now_us()) / 1e6
    assert 290 < wait_s < 7_201
    if answers in ([429], [500], [400]):
        assert wait_s > 7_190


def test_a_hub_in_a_private_network_is_refused_by_the_address_guard(tmp_path: Path, hub: Hub) -> None:
    stream = Stream(tmp_path / "lake", hub, networks=())
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: stream.kept and stream.kept[0]["failures"] == 1)
    assert hub.asked == []


def test_many_feeds_of_one_hub_are_asked_one_after_another_with_its_pause(stream: Stream, hub: Hub) -> None:
    with stream.desk(http=HttpSettings(host_delay_s=0.1)) as desk:
        stream.want(desk, *(f"{TOPIC}{number}" for number in range(8)))
        until(lambda: len(hub.subscribers) == 8)
    gaps = [later - earlier for earlier, later in zip(hub.asked_s, hub.asked_s[1:], strict=False)]
    assert min(gaps) >= 0.1
    assert len({one["hub.secret"] for one in hub.asked}) == 8
    assert len({one["hub.callback"] for one in hub.asked}) == 8


def test_after_a_hub_that_is_not_there_its_other_feeds_are_not_tried_one_by_one(tmp_path: Path) -> None:
    with running_hub() as hub:
        pass
    stream = Stream(tmp_path / "lake", hub)
    with stream.desk() as desk:
        stream.want(desk, *(f"{TOPIC}{number}" for number in range(50)))
        until(lambda: len(stream.kept) == 50 and all(int(str(one["next_us"])) > 0 for one in stream.kept))
        until(lambda: sum(int(str(one["failures"])) for one in stream.kept) == 1)
        time.sleep(0.3)
        assert sum(int(str(one["failures"])) for one in stream.kept) == 1


def test_strangers_at_the_callbacks_learn_and_change_nothing(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        good = stream.callback_path
        token = good.rpartition("/")[2]
        verify = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": "60"}
        assert stream.ask("GET", f"{good}?{urlencode(verify)}") == (200, b"c")
        assert stream.ask("GET", f"/{token}?{urlencode(verify)}") == (200, b"c")  # a proxy has cut the path off
        unknown = token[::-1]
        for path in (
            f"/web/sub/{unknown}", f"/web/sub/../sub/{token}", f"/web/sub/%2e%2e/{token}", f"/web/sub//{token}",
            f"/web/sub/{token}/", f"/web/sub/{token}%00", f"/web/sub/{token.upper()}x", "/web/sub/", "/", "/etc/passwd",
            f"/web/sub/{token[:-1]}", "/web/sub/" + "a" * 4_000, f"/web/{token}",
        ):  # fmt: skip
            assert stream.ask("GET", f"{path}?{urlencode(verify)}")[0] == 404, path
            assert stream.ask("POST", path, b"x")[0] == 404, path
        for more in (
            {"hub.topic": FEED}, {"hub.topic": ""}, {"hub.mode": "unsubscribe"}, {"hub.mode": "publish"},
            {"hub.challenge": ""}, {"hub.challenge": "c" * 3_000},
        ):  # fmt: skip
            assert stream.ask("GET", f"{good}?{urlencode(verify | more)}") == (404, b"")
        assert stream.ask("GET", good)[0] == 404
        assert stream.ask("GET", f"{good}?{urlencode(verify)}&hub.topic=other")[0] == 404
        assert stream.ask("PUT", good, b"x")[0] == 405
        assert stream.ask("POST", good, b"x")[0] == 202
        assert not desk.is_due()
        assert hub.publish(TOPIC, b"<rss/>") == [202]
        assert desk.take() == {FEED}


def test_a_challenge_comes_back_as_text_that_no_browser_takes_for_a_page(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        page = "<script>alert(1)</script>ü"
        query = urlencode({"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": page})
        with closing(http.client.HTTPConnection("127.0.0.1", stream.port, timeout=10)) as connection:
            connection.request("GET", f"{stream.callback_path}?{query}")
            answer = connection.getresponse()
            assert (answer.status, answer.read().decode()) == (200, page)
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_bodies_that_are_too_large_or_too_slow_are_cut_off(
    stream: Stream, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback.CallbackServer.__init__, "__defaults__", (100_000, 0.7))
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        path = stream.callback_path
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n"

        def sent(*pieces: bytes) -> bytes:
            with socket.create_connection(("127.0.0.1", stream.port), timeout=5) as strange:
                answer = b""
                try:
                    for piece in pieces:
                        strange.sendall(piece)
                    while more := strange.recv(4096):
                        answer += more
                except ConnectionError:
                    pass
                return answer

        assert b" 413 " in sent(f"{head}Content-Length: 100001\r\n\r\n".encode())
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        assert b" 202 " not in sent(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), chunk * 4)
        began_s = time.monotonic()
        assert sent(f"{head}Content-Length: 50\r\n\r\nhalf".encode()) == b""
        assert sent(head.encode()) == b""
        assert time.monotonic() - began_s < 4
        for garbage in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"POST " + b"/" * 20_000):
            assert sent(garbage + b"\r\n\r\n")[:12] in (b"HTTP/1.0 400", b"HTTP/1.1 400", b"")
        assert not desk.is_due()
        assert hub.publish(TOPIC, b"<rss/>") == [202]
        assert desk.take() == {FEED}


def test_what_is_no_http_is_neither_quoted_nor_logged(
    stream: Stream, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        caplog.clear()
        line = f"GET {stream.callback_path}?hub.topic=t"
        for rest in ("\xff HTTP/1.1\r\nHost: x\r\n\r\n", " x HTTP/1.1\r\n\r\n", " HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", stream.port), timeout=5) as strange:
                strange.sendall(f"{line}{rest}".encode("latin-1"))
                head, _, body = strange.makefile("rb").read().partition(b"\r\n\r\n")
            assert head.split()[1] == b"400"
            assert b"aiohttp" not in head
            assert body == b""
        assert not caplog.records


def test_a_hub_that_waits_until_it_may_send_is_told_so(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        head = f"POST {stream.callback_path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        with socket.create_connection(("127.0.0.1", stream.port), timeout=5) as patient:
            patient.sendall(head.encode())
            assert patient.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
            patient.sendall(b"body")
            assert patient.makefile("rb").read().startswith(b"HTTP/1.1 202 ")


def test_one_hub_that_cannot_be_asked_at_all_does_not_end_the_desk(
    stream: Stream, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_hub = push_desk.ask_hub

    async def ask_hub(client, one, *more):  # type: ignore[no-untyped-def]
        if one.hub_url == "https://odd.example/":
            raise UnicodeError("a bug")
        return await of_hub(client, one, *more)

    monkeypatch.setattr(push_desk, "ask_hub", ask_hub)
    with stream.desk() as desk:
        desk.told((), 0, Looked({}, {"https://odd.example/feed": ("https://odd.example/", TOPIC)}, NOTHING_FORGOTTEN))
        until(lambda: stream.kept and stream.kept[0]["asked_at_us"])
        time.sleep(0.1)
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has ended a connection on which it never says anything."""
    connection.settimeout(0.02)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_a_crowd_of_connections_is_turned_away_and_does_not_hold_up_the_end(
    stream: Stream, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "MOST_CONNECTIONS", 10)
    crowd = []
    with stream.desk():
        for _ in range(30):
            crowd.append(socket.create_connection(("127.0.0.1", stream.port), timeout=3))
        until(lambda: sum(map(is_closed, crowd)) >= 20)
        assert sum(map(is_closed, crowd)) == 20
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 4
    for one in crowd:
        one.close()


def test_a_hub_that_denies_is_asked_again_in_a_day(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        denial = urlencode({"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no"})
        assert stream.ask("GET", f"{stream.callback_path}?{denial}") == (200, b"")
        until(lambda: stream.kept[0]["state"] == "asked")
    assert 86_000 < (int(str(stream.kept[0]["next_us"])) - stream.clock.now_us()) / 1e6 < 86_401


def test_a_topic_that_changes_by_a_redirect_is_subscribed_anew_and_the_old_one_ended(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        stream.want(desk, TOPIC + "/new")
        until(lambda: [topic for _, topic in hub.subscribers] == [TOPIC + "/new"])
        until(lambda: len(stream.kept) == 1)
    assert sorted(one["hub.mode"] for one in hub.asked) == ["subscribe", "subscribe", "unsubscribe"]
    assert len({one["hub.callback"] for one in hub.asked}) == 2


def test_a_feed_that_was_forgotten_is_nowhere_any_more(stream: Stream, hub: Hub) -> None:
    gone = Forgotten(domains=frozenset({"paper.example"}))
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers and stream.kept)
    forget_subscriptions(stream.storage, gone)
    assert stream.kept == []
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: len(hub.asked) == 2 and stream.kept)
        desk.told((), 0, Looked({}, {}, gone))
        until(lambda: stream.kept == [])
    assert [one["hub.mode"] for one in hub.asked] == ["subscribe", "subscribe"]  # nobody is told its address again


HALF = json.dumps(
    {"subscriptions": [asdict(Subscription("https://a.example/\ud800", "https://b.example/", TOPIC, KEY.key_id, 0))]}
).encode()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"subscriptions": 7}',
        b'{"subscriptions": [{"feed_url": 1}]}',
        b"[" * 100_000,
        b"\xff\xfe",
        HALF,
    ],
)
def test_a_damaged_file_of_subscriptions_costs_a_request(stream: Stream, hub: Hub, damage: bytes) -> None:
    stream.storage.put(file_of(stream.base), damage)
    assert read_subscriptions(stream.storage, file_of(stream.base)) == []
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers and stream.kept)
    assert len(hub.asked) == 1


def test_two_desks_at_two_addresses_share_a_lake_and_at_one_address_the_second_is_told(
    stream: Stream, hub: Hub, tmp_path: Path
) -> None:
    other = Stream(tmp_path / "lake", hub)
    with stream.desk() as one, other.desk() as two:
        stream.want(one, TOPIC)
        other.want(two, TOPIC)
        until(lambda: len(hub.subscribers) == 2)
        assert hub.publish(TOPIC, b"<rss/>") == [202, 202]
        with (
            pytest.raises(UsageError, match=f"--websub_listen: cannot listen on 127.0.0.1:{stream.port}: "),
            stream.desk(),
        ):
            pass
    assert len(stream.kept) == len(other.kept) == 1


def test_a_bug_at_the_start_is_not_told_as_an_address_that_cannot_be_had(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push_desk, "CallbackServer", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), stream.desk():
        pass


def test_a_push_whose_subscription_ended_while_it_came_in_is_a_push_of_nothing(stream: Stream, hub: Hub) -> None:
    with stream.desk() as desk:
        stream.want(desk, TOPIC)
        until(lambda: hub.subscribers)
        token = stream.callback_path.rpartition("/")[2]
        desk.pushed(token[::-1], is_right=True)
        desk.pushed(token, is_right=False)
        assert not desk.is_due()
        desk.pushed(token, is_right=True)
        assert desk.take() == {FEED}


def test_a_desk_ends_while_a_hub_does_not_answer(stream: Stream, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        hub.port = deaf.getsockname()[1]
        with stream.desk() as desk:
            stream.want(desk, TOPIC)
            deaf.settimeout(10)
            asked, _ = deaf.accept()
            began_s = time.monotonic()
        assert time.monotonic() - began_s < 4
        asked.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "websub"]


@pytest.mark.parametrize(
    ("words", "environ", "expected"),
    [
        ([], {}, None),
        (["--websub", "https://news.example/push/"], {"WEBSUB_KEY": "k" * 32}, ("https://news.example/push", LISTEN)),
        (["--websub", "https://a.example", "--websub_key_env", "K"], {"K": "k" * 40}, ("https://a.example", LISTEN)),
        (
            ["--websub", "http://localhost:8765/", "--websub_listen", "9000"],
            {"WEBSUB_KEY": "k" * 32},
            ("http://localhost:8765", ListenAddress("127.0.0.1", 9000)),
        ),
    ],
)
def test_options_that_make_sense(
    words: list[str], environ: dict[str, str], expected: tuple[str, ListenAddress] | None
) -> None:
    options = push_options(command_parser().parse_args(["stream", "--feeds", "f", "--output", "lake", *words]), environ)
    assert (None if options is None else (options.base, options.listen)) == expected


@pytest.mark.parametrize("words", [("--websub_listen", "127.0.0.1:9"), ("--websub_key_env", "K")])
def test_an_option_that_would_count_for_nothing_is_a_mistake_told_before_beam_is_loaded(words: tuple[str, str]) -> None:
    done = newsbeam("stream", "--feeds", "f", "--output", "lake", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        f"newsbeam stream: {words[0]} is of no use without --websub: give the public address too, or drop it"
    ]


@pytest.mark.parametrize(("key", "said"), [("", "WEBSUB_KEY is not set"), ("short", "has fewer than 32 characters")])
def test_without_a_good_key_there_are_no_subscriptions(key: str, said: str) -> None:
    words = ["stream", "--feeds", "f", "--output", "lake", "--websub", "https://news.example"]
    with pytest.raises(UsageError, match=said):
        push_options(command_parser().parse_args(words), {"WEBSUB_KEY": key})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--websub", "http://news.example/"], "give https"),
        (["--websub", "https://news.example/?x"], "leave out what is behind"),
        (["--websub", "https://user:pw@news.example/"], "user-info"),
        (["--websub", "news.example"], "no address for callbacks"),
        (["--websub_listen", "127.0.0.1:99999"], "is no address"),
    ],
)
def test_mistakes_in_the_options_are_told_in_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command_parser().parse_args(["stream", "--feeds", "f", "--output", "lake", *words])
    assert said in capsys.readouterr().err.splitlines()[-1]
