"""Requests through a proxy: what is sent to it, and what the address guard still refuses."""

from __future__ import annotations

import asyncio
import base64

import pytest

from schemas.credentials import Credentials
from schemas.failure import Reason
from tests.web_server import Answer, FakeResolver, FakeTime, WebServer
from transforms.web.chosen.host_settings import HostChoices, HostSettings
from transforms.web.chosen.secrets import Grant
from transforms.web.errors import FetchError, Phase
from transforms.web.http.client import HttpClient
from transforms.web.http.guard import AddressGuard
from transforms.web.http.response import Response
from transforms.web.settings import HttpSettings, Limits

LIMITS = Limits(connect_s=2, header_s=2, total_s=5)
LOOPBACK = ("127.0.0.0/8",)
UNKNOWN: dict[str, list[str]] = {"site.test": []}
"""Names that our own resolver does not know."""


def get(
    url: str,
    *hosts: tuple[str, HostSettings],
    addresses: dict[str, list[str]] | None = None,
    allow: tuple[str, ...] = LOOPBACK,
    grant: Grant | None = None,
    anonymous: bool = False,
) -> Response:
    async def run() -> Response:
        settings = HttpSettings(limits=LIMITS, hosts=HostChoices(hosts))
        resolver = FakeResolver(UNKNOWN if addresses is None else addresses)
        async with HttpClient(settings, AddressGuard(allow), FakeTime(), resolver) as client:
            return await client.get(url, credentials=grant, anonymous=anonymous)

    return asyncio.run(run())


def failure(url: str, *hosts: tuple[str, HostSettings], **options: object) -> FetchError:
    with pytest.raises(FetchError) as failed:
        get(url, *hosts, **options)  # type: ignore[arg-type]
    return failed.value


def through(web: WebServer, **more: Credentials) -> tuple[str, HostSettings]:
    return "site.test", HostSettings(proxy=f"http://127.0.0.1:{web.port}", **more)


def test_a_page_comes_through_the_proxy_of_its_host_and_no_other(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROXY_PASSWORD", "hunter2")
    web.on("http://site.test/a", Answer(302, headers={"Location": web.url("/b")}))
    web.on("/b", Answer(200, b"here"))
    shown = Credentials("PROXY_PASSWORD", user="desk")
    response = get("http://site.test/a", through(web, proxy_credentials=shown))
    assert (response.body, response.head.ip_address) == (b"here", "127.0.0.1")
    proxied, direct = web.log
    assert proxied.path == "http://site.test/a"
    assert base64.b64decode(proxied.headers["proxy-authorization"].removeprefix(b"Basic ")) == b"desk:hunter2"
    assert (direct.path, "proxy-authorization" in direct.headers) == ("/b", False)


def test_the_address_of_a_proxied_answer_is_not_known(web: WebServer) -> None:
    web.on("http://site.test/a", Answer(200, b"here"))
    assert get("http://site.test/a", through(web)).head.ip_address is None


def test_https_goes_through_a_tunnel_of_which_only_the_proxy_sees_its_credentials(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROXY_PASSWORD", "hunter2")
    web.on("site.test:443", Answer(200, close=True))  # and then no TLS
    failed = failure("https://site.test/a", through(web, proxy_credentials=Credentials("PROXY_PASSWORD", user="desk")))
    assert failed.reason is Reason.UNREACHABLE
    (asked,) = web.log
    assert asked.path == "site.test:443"
    assert base64.b64decode(asked.headers["proxy-authorization"].removeprefix(b"Basic ")) == b"desk:hunter2"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_the_proxy_refuses_may_pass_and_is_not_the_hosts_answer(web: WebServer, scheme: str) -> None:
    web.on("http://site.test/a", Answer(407))
    web.on("site.test:443", Answer(407))
    failed = failure(f"{scheme}://site.test/a", through(web))
    assert (failed.reason, failed.phase) == (Reason.UNREACHABLE, Phase.CONNECT)
    assert "407" in failed.message


def test_a_proxys_own_address_is_guarded(web: WebServer) -> None:
    failed = failure("http://site.test/a", through(web), allow=())
    assert failed.reason is Reason.UNREACHABLE
    assert "proxy" in failed.message
    assert "--allow_networks" in failed.message
    assert web.log == []


@pytest.mark.parametrize(
    ("host", "addresses"),
    [("site.test", {"site.test": ["93.184.216.34", "10.0.0.7"]}), ("10.0.0.7", {}), ("[fd00::7]", {})],
)
def test_a_host_whose_address_we_know_to_be_refused_is_refused_behind_a_proxy_too(
    web: WebServer, host: str, addresses: dict[str, list[str]]
) -> None:
    proxied = (host, HostSettings(proxy=f"http://127.0.0.1:{web.port}"))
    failed = failure(f"http://{host}/a", proxied, addresses=addresses)
    assert failed.reason is Reason.ADDRESS_REFUSED
    assert web.log == []


def test_credentials_go_to_their_origin_alone_and_a_hosts_own_to_that_host(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_FEED", "for-the-feed")
    monkeypatch.setenv("OF_HOST", "for-the-host")
    first, second = f"one.test:{web.port}", f"two.test:{web.port}"
    web.on("one.test/a", Answer(302, headers={"Location": f"http://{second}/b"}))
    web.on("two.test/b", Answer(302, headers={"Location": f"http://three.test:{web.port}/c"}))
    web.on("three.test/c", Answer(302, headers={"Location": f"http://{first}/d"}))
    web.on("one.test/d", Answer(200, b"there"))
    host = (second, HostSettings(credentials=Credentials("OF_HOST", "X-Key"), plain_http=True))
    grant = Grant(f"http://{first}", Credentials("OF_FEED"))
    assert get(f"http://{first}/a", host, addresses={}, grant=grant).body == b"there"
    shown = [(one.headers.get("authorization"), one.headers.get("x-key")) for one in web.log]
    assert shown == [(b"for-the-feed", None), (None, b"for-the-host"), (None, None), (b"for-the-feed", None)]


def test_another_port_or_scheme_is_another_origin(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_FEED", "for-the-feed")
    web.on("/a", Answer(200, b"there"))
    for origin in ("http://127.0.0.1", f"https://127.0.0.1:{web.port}", f"http://127.0.0.2:{web.port}"):
        get(web.url("/a"), addresses={}, grant=Grant(origin, Credentials("OF_FEED")))
    assert all("authorization" not in one.headers for one in web.log)


def test_an_anonymous_request_shows_nothing(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_HOST", "for-the-host")
    web.on("/robots.txt", Answer(200, b""))
    host = (f"127.0.0.1:{web.port}", HostSettings(credentials=Credentials("OF_HOST"), plain_http=True))
    get(web.url("/robots.txt"), host, anonymous=True)
    assert "authorization" not in web.log[0].headers
