from __future__ import annotations

import asyncio
import gzip
import socket
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from schemas.failure import Reason
from tests.web_server import Answer, FakeResolver, FakeTime, WebServer
from transforms.web.errors import Phase
from transforms.web.http.budget import BodyBudget
from transforms.web.http.client import FetchError, HttpClient, HttpSettings, Limits, Response
from transforms.web.http.guard import AddressGuard

LOOPBACK = AddressGuard(("127.0.0.0/8",))
SETTINGS = HttpSettings(contact="https://newsbeam.example/about", limits=Limits(connect_s=2, header_s=2, total_s=5))
QUICK = Limits(connect_s=0.5, header_s=0.15, idle_s=0.15, total_s=0.3)
PAGE = b"<html><p>The river rose.</p></html>"


def get(
    url: str,
    guard: AddressGuard = LOOPBACK,
    resolver: FakeResolver | None = None,
    settings: HttpSettings = SETTINGS,
    **options: object,
) -> Response:
    async def run() -> Response:
        async with HttpClient(settings, guard, FakeTime(), resolver or FakeResolver()) as client:
            return await client.get(url, **options)  # type: ignore[arg-type]

    return asyncio.run(run())


def failure(url: str, **options: object) -> FetchError:
    with pytest.raises(FetchError) as failed:
        get(url, **options)  # type: ignore[arg-type]
    return failed.value


def test_an_answer_comes_with_its_status_headers_body_and_time(web: WebServer) -> None:
    web.on("/a", Answer(200, PAGE, {"ETag": b'W/"\xe9t\xe9"', "X-Robots-Tag": "noai", "x-robots-tag": "noimageai"}))
    response = get(web.url("/a#top"))
    assert (response.status, response.body, response.redirects) == (200, PAGE, ())
    assert response.final_url == web.url("/a")
    assert response.headers.getall("X-ROBOTS-TAG") == ["noai", "noimageai"]
    assert response.headers["etag"].encode("latin-1") == b'W/"\xe9t\xe9"'
    assert 0 <= response.elapsed_ms < 2000
    assert response.received_at_us == FakeTime().now_us()


def post(url: str, guard: AddressGuard = LOOPBACK) -> Response:
    async def run() -> Response:
        async with HttpClient(SETTINGS, guard, FakeTime(), FakeResolver()) as client:
            return await client.post(url, b'{"a": 1}', "application/json", QUICK)

    return asyncio.run(run())


def test_a_post_has_its_body_and_type_follows_no_redirect_and_has_the_limits_of_a_get(web: WebServer) -> None:
    web.on("/hook", Answer(302, headers={"Location": "/b"}))
    web.on("/slow", Answer(200, PAGE, delay_s=5))
    response = post(web.url("/hook"))
    assert (response.status, response.final_url, response.redirects) == (302, web.url("/hook"), ())
    (asked,) = web.log
    assert (asked.body, asked.headers["content-type"]) == (b'{"a": 1}', b"application/json")
    assert asked.headers["user-agent"].startswith(b"newsbeam/")
    with pytest.raises(FetchError, match="time limit passed"):
        post(web.url("/slow"))
    with pytest.raises(FetchError, match="address is not a global one"):
        post(web.url("/hook"), AddressGuard())


def test_we_say_who_we_are_and_send_no_cookie_and_no_referer(web: WebServer) -> None:
    web.on("/a", Answer(302, headers={"Location": "/b", "Set-Cookie": "id=1"}))
    web.on("/b", Answer(200, PAGE))
    get(web.url("/a"))
    for asked in web.log:
        agent = asked.headers["user-agent"].decode()
        assert agent.startswith("newsbeam/")
        assert agent.endswith(" (+https://newsbeam.example/about)")
        assert not {"cookie", "referer", "authorization"} & asked.headers.keys()


def test_validators_go_back_byte_for_byte_and_only_to_the_url_that_sent_them(web: WebServer) -> None:
    web.on("/old", Answer(302, headers={"Location": "/new"}))
    web.on("/new", Answer(304))
    etag = 'W/"r\xc3\xa9sum\xc3\xa9"'  # UTF-8 bytes, kept as latin-1 text
    headers = [("If-None-Match", etag), ("If-Modified-Since", "Tuesday, 3-Jun-25 09:00"), ("Accept", "text/html")]
    assert get(web.url("/old"), headers=headers, validator_url=web.url("/new")).status == 304
    old, new = web.log
    assert "if-none-match" not in old.headers
    assert old.headers["accept"] == new.headers["accept"] == b"text/html"
    assert new.headers["if-none-match"] == etag.encode("latin-1")
    assert new.headers["if-modified-since"] == b"Tuesday, 3-Jun-25 09:00"


def test_each_hop_of_a_redirect_is_asked_for_and_remembered(web: WebServer) -> None:
    web.on("/a", Answer(301, headers={"Location": "b?x=1"}))
    web.on("/b?x=1", Answer(307, headers={"Location": f"//other.example:{web.port}/é".encode()}))
    web.on("other.example/%C3%A9", Answer(200, PAGE))
    permitted: list[str] = []

    async def permit(url: str) -> None:
        permitted.append(url)

    response = get(web.url("/a"), permit=permit)
    assert response.final_url == web.url("/%C3%A9", "other.example")
    assert response.redirects == ((301, web.url("/a")), (307, web.url("/b?x=1")))
    assert permitted == [web.url("/b?x=1"), response.final_url]


@pytest.mark.parametrize("location", ["/a", "ftp://news.example/", "http://user:pass@news.example/", "http://\\x/"])
def test_a_redirect_to_nowhere_is_a_bad_redirect(web: WebServer, location: str) -> None:
    web.on("/a", Answer(302, headers={"Location": location}))
    assert failure(web.url("/a")).reason is Reason.BAD_REDIRECT
    assert web.asked() == ["/a"]


def test_five_redirects_are_followed_and_a_sixth_is_not(web: WebServer) -> None:
    for n in range(6):
        web.on(f"/{n}", Answer(302, headers={"Location": f"/{n + 1}"}))
    web.on("/6", Answer(200, PAGE))
    assert get(web.url("/1")).body == PAGE
    assert failure(web.url("/0")).reason is Reason.BAD_REDIRECT


def test_a_step_down_from_https_is_refused() -> None:
    client = HttpClient(SETTINGS, LOOPBACK, FakeTime())
    with pytest.raises(FetchError, match="redirect from https"):
        client._next_hop("https://news.example/a", "http://news.example/a", 1, set())


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.1.1", "::1", "192.0.2.1", "64:ff9b::7f00:1"])
def test_a_name_with_a_refused_address_is_never_connected_to(address: str) -> None:
    refused = failure("http://news.example/", guard=AddressGuard(), resolver=FakeResolver({"news.example": [address]}))
    assert refused.reason is Reason.ADDRESS_REFUSED
    assert address in refused.message


def test_a_name_with_several_refused_addresses_is_refused_as_such() -> None:
    resolver = FakeResolver({"news.example": ["10.0.0.1", "192.168.1.1", "::1"]})
    assert failure("http://news.example/", guard=AddressGuard(), resolver=resolver).reason is Reason.ADDRESS_REFUSED


SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.01",
    "0x7f.1",
    "0x7F000001",
    "0x7f.0.0x0.1",
    "127。0。0。1",
    "127．0｡0.1",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_literal_address_is_refused_in_every_spelling_and_the_server_sees_nothing(web: WebServer, host: str) -> None:
    web.on("/", Answer(200, PAGE))
    assert failure(web.url("/", host), guard=AddressGuard()).reason is Reason.ADDRESS_REFUSED
    assert web.connections == 0


def test_a_redirect_to_a_refused_address_is_not_followed(web: WebServer) -> None:
    guard = AddressGuard(("127.0.0.1/32",))
    web.on("/a", Answer(302, headers={"Location": f"http://127.0.0.2:{web.port}/b"}))
    assert failure(web.url("/a"), guard=guard).reason is Reason.ADDRESS_REFUSED
    assert web.connections == 1


def test_bodies_are_decoded_and_what_is_mislabelled_is_taken_as_it_is(web: WebServer) -> None:
    web.on("/gzip", Answer(200, gzip.compress(PAGE), {"Content-Encoding": "gzip"}))
    web.on("/not", Answer(200, PAGE, {"Content-Encoding": "gzip"}))
    assert get(web.url("/gzip")).body == PAGE
    assert get(web.url("/not")).body == PAGE


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(200, PAGE, content_length=3000), Reason.TRUNCATED),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<html>"), Reason.TRUNCATED),
        (Answer(200, b"x" * 5000), Reason.TOO_LARGE),
        (Answer(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000), Reason.TOO_LARGE),
        (Answer(200, gzip.compress(bytes(1 << 20)), {"Content-Encoding": "gzip"}), Reason.TOO_LARGE),
        (Answer(200, PAGE, {"Content-Encoding": "x-snappy"}), Reason.BAD_ENCODING),
        (Answer(raw=b"SSH-2.0-server\r\n\r\n"), Reason.BAD_RESPONSE),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n"), Reason.BAD_RESPONSE),
        (Answer(raw=b""), Reason.UNREACHABLE),
    ],
)
def test_an_answer_that_is_broken_or_too_much_fails_for_its_reason(
    web: WebServer, answer: Answer, reason: Reason
) -> None:
    web.on("/a", answer)
    assert (
        failure(web.url("/a"), limits=replace(SETTINGS.limits, wire_bytes=4000, decoded_bytes=10_000)).reason is reason
    )


def test_with_cut_a_body_is_cut_at_its_limit(web: WebServer) -> None:
    web.on("/a", Answer(200, b"x" * 5000))
    assert get(web.url("/a"), limits=replace(SETTINGS.limits, wire_bytes=4000, cut=True)).body == b"x" * 4000


def test_a_server_that_pauses_for_too_long_is_left_before_its_whole_time_is_over(web: WebServer) -> None:
    web.on("/a", Answer(200, PAGE, drip_s=1))
    started_s = time.monotonic()
    failed = failure(web.url("/a"), limits=replace(QUICK, idle_s=0.1, total_s=10))
    assert (failed.reason, failed.phase) == (Reason.TIMEOUT, "body")
    assert time.monotonic() - started_s < 2


@pytest.mark.parametrize(
    ("answer", "phase"),
    [
        (Answer(200, PAGE, delay_s=1), "headers"),
        (Answer(200, PAGE, drip_s=1), "body"),
        (Answer(200, PAGE * 10, drip_s=0.01), "body"),
    ],
)
def test_a_server_that_is_silent_or_drips_is_left(web: WebServer, answer: Answer, phase: str) -> None:
    web.on("/a", answer)
    failed = failure(web.url("/a"), limits=QUICK)
    assert (failed.reason, failed.phase) == (Reason.TIMEOUT, phase)


def test_the_body_of_a_refusal_never_hides_its_status(web: WebServer) -> None:
    web.on("/a", Answer(404, b"\x1f\x8b broken", {"Content-Encoding": "gzip"}))
    web.on("/b", Answer(503, b"x", {"Retry-After": "7"}, content_length=50))
    assert get(web.url("/a")).status == 404
    assert (get(web.url("/b")).status, get(web.url("/b")).retry_after_s) == (503, 7.0)


def test_a_host_without_address_or_without_server_is_unreachable() -> None:
    for resolver, phase in ((FakeResolver({"news.example": []}), "name"), (FakeResolver(), "connect")):
        failed = failure("http://news.example:1/", resolver=resolver)
        assert (failed.reason, failed.phase, failed.worth_retrying) == (Reason.UNREACHABLE, phase, True)


def test_an_address_that_cannot_be_fetched_is_a_bad_url() -> None:
    assert failure("mailto:desk@news.example").reason is Reason.BAD_URL


def test_names_are_resolved_by_the_system_unless_a_resolver_is_given(web: WebServer) -> None:
    web.on("/a", Answer(200, PAGE))

    async def run(guard: AddressGuard) -> bytes:
        async with HttpClient(SETTINGS, guard, FakeTime()) as client:
            return (await client.get(web.url("/a", "localhost"))).body

    assert asyncio.run(run(AddressGuard(("127.0.0.0/8", "::1/128")))) == PAGE
    with pytest.raises(FetchError, match="address_refused"):
        asyncio.run(run(AddressGuard()))


def test_what_a_resolver_calls_no_name_has_no_address_and_is_no_bug() -> None:
    class Strict(FakeResolver):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
            raise UnicodeError("label empty or too long")

    async def run() -> None:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), Strict()) as client:
            await client.get("https://odd.example/")

    with pytest.raises(FetchError) as raised:
        asyncio.run(run())
    assert (raised.value.reason, raised.value.phase) == (Reason.UNREACHABLE, Phase.NAME)


def test_a_redirect_to_what_can_be_no_hosts_name_is_a_bad_one(web: WebServer) -> None:
    web.on("/a", Answer(302, headers={"Location": f"https://{'a' * 64}.example/"}))
    assert failure(web.url("/a")).reason is Reason.BAD_REDIRECT


def test_connections_are_used_again(web: WebServer) -> None:
    web.on("/a", Answer(200, PAGE))

    async def run() -> None:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), FakeResolver()) as client:
            for _ in range(3):
                await client.get(web.url("/a"))

    asyncio.run(run())
    assert (web.connections, len(web.log)) == (1, 3)


def test_retry_after_is_read_as_seconds_or_date_and_bounded() -> None:
    def asked(value: str, **headers: str) -> float | None:
        answer = Response(
            "u", "u", (), 429, _headers(**{"retry-after": value}, **headers), b"", 0, 1_772_409_600_000_000
        )
        return answer.retry_after_s

    assert asked("120") == 120
    assert asked("99999999999999") == 86_400
    assert asked("Mon, 02 Mar 2026 00:01:00 GMT") == 60
    assert asked("Mon, 02 Mar 2026 00:01:00 GMT", date="Mon, 02 Mar 2026 00:00:30 GMT") == 30
    assert asked("Sun, 01 Mar 2026 00:01:00 GMT") == 0
    for junk in ("soon", "-5", "", "1.5", "Mon, 99 Mar 2026"):
        assert asked(junk) is None


def _headers(**fields: str):  # type: ignore[no-untyped-def]
    from transforms.web.http.response import headers_of

    return headers_of([(name.encode(), value.encode()) for name, value in fields.items()])


def test_a_contact_that_breaks_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="User-Agent"):
        HttpSettings(contact="me\r\nX-Evil: 1")


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What sockets were made to connect with; none is ever connected."""
    made: list[tuple[object, ...]] = []

    def make(*arguments: object) -> socket.socket:
        made.append(arguments)
        raise OSError("no connection in this test")

    monkeypatch.setattr("transforms.web.http.client.socket", SimpleNamespace(socket=make))
    return made


@pytest.mark.parametrize(
    "address",
    ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1", "::ffff:192.0.2.1", "64:ff9b::c000:201"],
)
def test_for_an_address_that_is_refused_no_socket_is_even_made(address: str, sockets: list[object]) -> None:
    refused = failure("http://news.example/", guard=AddressGuard(), resolver=FakeResolver({"news.example": [address]}))
    assert (refused.reason, refused.phase) == (Reason.ADDRESS_REFUSED, "policy")
    assert sockets == []


def test_names_that_change_their_address_are_judged_at_each_connection(web: WebServer) -> None:
    """The first answer opens the door; the second, for the redirect's connection, must not slip through it."""
    web.on("/a", Answer(302, headers={"Location": web.url("/b", "news.example"), "Connection": "close"}))
    web.on("/b", Answer(200, PAGE))

    class Fickle(FakeResolver):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            self.addresses[host] = ["192.0.2.1"] if self.asked else ["127.0.0.1"]
            return await super().resolve(host, port, family)

    async def run() -> None:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), resolver) as client:
            assert client._session is not None
            connector = client._session.connector
            assert isinstance(connector, aiohttp.TCPConnector)

            async def forget(_: str) -> None:
                connector.clear_dns_cache()  # as its time would, for a name that lives for a moment

            await client.get(web.url("/a", "news.example"), permit=forget)

    resolver = Fickle()
    with pytest.raises(FetchError, match=r"192\.0\.2\.1") as refused:
        asyncio.run(run())
    assert refused.value.reason is Reason.ADDRESS_REFUSED
    assert (resolver.asked, web.connections) == (["news.example"] * 2, 1)


def test_of_several_addresses_only_the_allowed_ones_are_tried(web: WebServer) -> None:
    web.on("/a", Answer(200, PAGE))
    resolver = FakeResolver({"news.example": ["192.0.2.1", "2001:db8::1", "127.0.0.1"]})
    assert get(web.url("/a", "news.example"), resolver=resolver).body == PAGE


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127。0。0。2", "[::ffff:7f00:2]"])
def test_a_redirect_to_a_refused_address_in_another_spelling_is_not_followed(web: WebServer, host: str) -> None:
    target = host.replace("2130706433", "2130706434").replace("0x7f.1", "0x7f.2")
    web.on("/a", Answer(302, headers={"Location": f"http://{target}:{web.port}/b".encode()}))
    assert failure(web.url("/a"), guard=AddressGuard(("127.0.0.1/32",))).reason is Reason.ADDRESS_REFUSED
    assert web.connections == 1


@pytest.mark.parametrize(
    "location",
    [
        b"http://desk:secret@127.0.0.1/b",
        b"file:///etc/hostname",
        b"javascript:alert(1)",
        b"ftp://127.0.0.1/b",
        b"http://127.0.0.1\\@news.example/",
        b"http:///",
        b"//",
        b"http://[::1",
    ],
)
def test_a_redirect_to_another_scheme_or_with_a_password_is_not_followed(web: WebServer, location: bytes) -> None:
    web.on("/a", Answer(302, headers={"Location": location}))
    assert failure(web.url("/a")).reason is Reason.BAD_REDIRECT
    assert web.asked() == ["/a"]


def test_a_cookie_that_was_set_never_comes_back_and_no_netrc_is_read(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login desk password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    web.on("/a", Answer(302, headers={"Location": "/b", "Set-Cookie": "seen=1; Path=/"}))
    web.on("/b", Answer(200, PAGE, {"Set-Cookie": "seen=2"}))

    async def run() -> None:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), FakeResolver()) as client:
            for _ in range(2):
                await client.get(web.url("/a"))

    asyncio.run(run())
    assert web.asked() == ["/a", "/b", "/a", "/b"]
    for asked in web.log:
        assert {"cookie", "authorization", "referer", "proxy-authorization"}.isdisjoint(asked.headers)


@pytest.mark.parametrize("targets", [["/a"], ["/b", "/a"], ["/b", "/c", "/b"], ["/a#x"], ["/b", "/./a"]])
def test_a_loop_of_redirects_is_left_as_soon_as_it_closes(web: WebServer, targets: list[str]) -> None:
    for here, there in zip(["/a", *targets], targets, strict=False):
        web.on(here, Answer(302, headers={"Location": there}))
    assert "loop" in failure(web.url("/a")).message
    assert len(web.asked()) == len(targets)


def test_sixty_four_large_bodies_at_once_share_the_room(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a sixteenth of the size: 1.25 MiB each, 8 MiB of room."""
    monkeypatch.setattr("transforms.web.http.read_body.SMALL_BYTES", 128 * 1024)
    body = b"<p>" + b"x" * (5 << 18)
    web.on("/a", Answer(200, body))
    limits = replace(SETTINGS.limits, total_s=30)

    async def run() -> tuple[int, int]:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), FakeResolver()) as client:
            client._budget = BodyBudget(8 << 20)
            least_free, read = 8 << 20, 0

            async def one(n: int) -> None:
                nonlocal least_free, read
                answer = await client.get(web.url("/a", f"{n}.example"), limits=limits)
                least_free = min(least_free, client._budget.free_bytes)
                read += len(answer.body)

            await asyncio.gather(*(one(n) for n in range(64)))
            await asyncio.sleep(0)
            return read, least_free

    read, least_free = asyncio.run(run())
    assert read == 64 * len(body)
    assert least_free >= 0


def test_the_time_spent_waiting_for_room_is_not_the_servers(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.web.http.read_body.SMALL_BYTES", 1024)
    web.on("/a", Answer(200, PAGE * 100))

    async def run() -> bytes:
        async with HttpClient(SETTINGS, LOOPBACK, FakeTime(), FakeResolver()) as client:
            client._budget = BodyBudget(10_000)
            held = await client._budget.lease(10_000)
            asyncio.get_running_loop().call_later(0.15, held.close)
            return (await client.get(web.url("/a"), limits=replace(QUICK, total_s=0.1, idle_s=5))).body

    assert asyncio.run(run()) == PAGE * 100
