"""The HTTP client: requests with limits, redirects, content encodings and the address guard."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler

from schemas.credentials import Credentials
from schemas.failure import Reason
from transforms.common.clock import Now
from transforms.web.chosen.secrets import Grant, check_secrets, header_of
from transforms.web.errors import Deferred, FetchError, Phase
from transforms.web.http.bounded_answer import BoundedAnswer
from transforms.web.http.budget import BodyBudget, Lease
from transforms.web.http.decoding import ACCEPT_ENCODING
from transforms.web.http.guard import AddressGuard, AddressRefused
from transforms.web.http.proxies import Proxies, proxy_failure
from transforms.web.http.read_body import read_body
from transforms.web.http.resolver import PatientResolver
from transforms.web.http.response import Head, Response, headers_of
from transforms.web.http.sent_answer import SentAnswer
from transforms.web.settings import HttpSettings, Limits
from transforms.web.urls import BadUrl, host_of, origin_of, request_url, resolve, scheme_of

__all__ = ["Deferred", "FetchError", "HttpClient", "HttpSettings", "Limits", "Permit", "Response"]

Permit = Callable[[str], Awaitable[None]]
"""Called with the URL of each hop of a redirect before the hop; raises FetchError or Deferred to forbid it."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_RESOLVER_THREADS = 32


class HttpClient:
    """Requests over one aiohttp session, as an async context manager.

    Sends no cookies or Referer, and uses no proxy from the environment. Credentials and proxies are those that the
    settings name for a host (`HostChoices`), or the caller for an origin. At each connection the guard checks the
    address that is really connected to, for names and literal addresses alike; where that is a proxy's, it also checks
    what we know of the host behind it (`Proxies`). Not polite by itself: see `PoliteClient`.

    Entering it raises MissingSecretError if a secret that the settings name is not in this process's environment.
    """

    def __init__(
        self, settings: HttpSettings, guard: AddressGuard, clock: Now, resolver: AbstractResolver | None = None
    ) -> None:
        self._settings = settings
        self._guard = guard
        self._clock = clock
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._budget: BodyBudget
        self._proxies: Proxies

    async def __aenter__(self) -> HttpClient:
        check_secrets(self._settings.hosts.credentials)
        resolver = self._resolver
        if resolver is None:
            # The loop's own pool is small: a few names that do not resolve would hold up all others.
            pool = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolve")
            asyncio.get_running_loop().set_default_executor(pool)
            resolver = aiohttp.ThreadedResolver()
        resolver = PatientResolver(resolver, self._settings.limits.connect_s)
        self._budget = BodyBudget()
        self._proxies = Proxies(self._settings.hosts, self._guard, resolver)
        connector = aiohttp.TCPConnector(
            limit=0, ttl_dns_cache=300, resolver=resolver, socket_factory=self._guarded_socket
        )
        # aiohttp does not bound what may come before an answer, and has no public way to replace its protocol class.
        connector._factory = partial(_bounded_answer, asyncio.get_running_loop())
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._settings.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            auto_decompress=False,
            trust_env=False,
            response_class=SentAnswer,
        )
        # aiohttp would repeat a lost request at once, without our delay, and has no public switch against it.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()
        self._session = None

    async def get(
        self,
        url: str,
        headers: Iterable[tuple[str, str]] = (),
        limits: Limits | None = None,
        permit: Permit | None = None,
        validator_url: str | None = None,
        credentials: Grant | None = None,
        *,
        anonymous: bool = False,
    ) -> Response:
        """The answer to a GET of `url`, whatever its status, after redirects. Raises FetchError.

        Each hop is checked like a request of its own and calls `permit` first. BAD_REDIRECT are a loop, too many hops,
        a hop from https to http, and a target that is no URL. Conditional headers (``If-…``) are sent only to
        `validator_url`, by default `url` itself, and `credentials` only to their origin; any other hop gets those that
        the settings name for its host, or none, as all hops do if `anonymous`. The body of an answer that is no success
        is cut short.
        """
        here = _request_url(url)
        validator_url = here if validator_url is None else _request_url(validator_url)
        fields = [(name, text) for name, value in headers if (text := _sendable(value)) is not None]
        limits = limits or self._settings.limits
        hops: list[tuple[int, str]] = []
        seen = {here}
        elapsed_s = 0.0
        while True:
            sent = fields if here == validator_url else [f for f in fields if not f[0].lower().startswith("if-")]
            if not anonymous and (shown := self._credentials_for(here, credentials)) is not None:
                sent = [*sent, header_of(shown)]
            started_s = asyncio.get_running_loop().time()
            status, head, body, lease = await self._hop(here, sent, limits)
            elapsed_s += asyncio.get_running_loop().time() - started_s
            answer_headers = headers_of(head.fields)
            location = answer_headers.get("location")
            if status not in _REDIRECTS or not location:
                return Response(
                    url=url,
                    final_url=here,
                    redirects=tuple(hops),
                    status=status,
                    headers=answer_headers,
                    body=body,
                    elapsed_ms=round(elapsed_s * 1000),
                    received_at_us=self._clock.now_us(),
                    head=head,
                    lease=lease,
                )
            hops.append((status, here))
            here = self._next_hop(here, location, len(hops), seen)
            if permit is not None:
                await permit(here)

    async def post(self, url: str, body: bytes, content_type: str, limits: Limits | None = None) -> Response:
        """The answer to a POST of `body`, whatever its status; a redirect is not followed. Raises FetchError."""
        here = _request_url(url)
        started_s = asyncio.get_running_loop().time()
        sent = [("Content-Type", content_type)]
        status, head, answer, lease = await self._hop(here, sent, limits or self._settings.limits, body)
        return Response(
            url=url,
            final_url=here,
            redirects=(),
            status=status,
            headers=headers_of(head.fields),
            body=answer,
            elapsed_ms=round((asyncio.get_running_loop().time() - started_s) * 1000),
            received_at_us=self._clock.now_us(),
            head=head,
            lease=lease,
        )

    def _credentials_for(self, url: str, granted: Grant | None) -> Credentials | None:
        """What a hop proves itself by: what was granted for its origin, else what its own host is to be shown."""
        if granted is not None and origin_of(url) == granted.origin:
            return granted.credentials
        if not self._settings.hosts.hosts:
            return None
        chosen = self._settings.hosts.of(host_of(url))
        return chosen.credentials if scheme_of(url) == "https" or chosen.plain_http else None

    def _next_hop(self, here: str, location: str, hops: int, seen: set[str]) -> str:
        try:
            # A Location should be ASCII; raw UTF-8, which some servers send, is read as such.
            target = request_url(resolve(here, location.encode("latin-1").decode("utf-8", "replace")))
        except BadUrl as error:
            raise FetchError(Reason.BAD_REDIRECT, f"redirect to what is no address: {error}") from error
        if here.startswith("https:") and target.startswith("http:"):
            raise FetchError(Reason.BAD_REDIRECT, f"redirect from https to {target}")
        if target in seen:
            raise FetchError(Reason.BAD_REDIRECT, f"redirect loop at {target}")
        if hops > self._settings.max_redirects:
            raise FetchError(Reason.BAD_REDIRECT, f"more than {self._settings.max_redirects} redirects, at {target}")
        seen.add(target)
        return target

    async def _hop(
        self, url: str, headers: list[tuple[str, str]], limits: Limits, posted: bytes | None = None
    ) -> tuple[int, Head, bytes, Lease | None]:
        """The answer to one request, a POST if there is something to post: status, head as sent, decoded body, and the
        lease of a large body.
        """
        assert self._session is not None, "HttpClient is used outside its context"
        # One timer for the whole request; aiohttp would start several for each.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_s)
        phase: Phase = Phase.HEADERS
        route = await self._proxies.route_of(url)
        started_s = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(started_s + min(limits.header_s, limits.total_s)) as clock:
                answer = await self._session.request(
                    "GET" if posted is None else "POST",
                    yarl.URL(url, encoded=True),
                    headers=[*headers, *route.headers],
                    data=posted,
                    allow_redirects=False,
                    timeout=timeout,
                    **route.options,
                )
                phase = Phase.BODY
                async with answer:
                    head = _head_of(answer, is_proxied=route.proxy is not None)
                    route.check(answer.status)
                    if answer.status in _REDIRECTS:
                        return answer.status, head, b"", None
                    ends_s = started_s + limits.total_s
                    body = await read_body(answer, limits, self._budget, clock, ends_s)
                    return answer.status, head, *body
        except aiohttp.ConnectionTimeoutError as error:
            raise FetchError(
                Reason.UNREACHABLE, f"no connection within {limits.connect_s:g} s", phase=Phase.CONNECT, timed_out=True
            ) from error
        except aiohttp.ClientConnectorDNSError as error:
            timed_out = isinstance(error.os_error, TimeoutError)
            why = f"no connection within {limits.connect_s:g} s" if timed_out else "no connection"
            raise FetchError(
                Reason.UNREACHABLE, f"{why}: {error.os_error}", phase=Phase.NAME, timed_out=timed_out
            ) from error
        except aiohttp.ClientConnectorCertificateError as error:
            # We refused it: the host is there, and would show the same certificate again.
            message = f"certificate refused: {error.certificate_error}"
            raise FetchError(Reason.UNREACHABLE, message, phase=Phase.CERTIFICATE) from error
        except (aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError) as error:
            raise proxy_failure(error) from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, AddressRefused):
                raise FetchError(
                    Reason.ADDRESS_REFUSED, f"{error.host} is at {error.os_error.address}: {error.os_error}"
                ) from error
            raise FetchError(Reason.UNREACHABLE, f"no connection: {error.os_error}", phase=Phase.CONNECT) from error
        except TimeoutError as error:
            message = f"time limit passed while waiting for the {phase}"
            raise FetchError(Reason.TIMEOUT, message, phase=phase, timed_out=True) from error
        except (aiohttp.ClientPayloadError, aiohttp.ClientOSError, aiohttp.ServerDisconnectedError, OSError) as error:
            if phase == Phase.BODY:
                raise FetchError(Reason.TRUNCATED, f"body broken off: {error}", phase=phase) from error
            raise FetchError(Reason.UNREACHABLE, f"connection lost before an answer: {error}", phase=phase) from error
        except aiohttp.InvalidURL as error:
            raise FetchError(Reason.BAD_URL, str(error)) from error
        except (aiohttp.ClientError, aiohttp.http_exceptions.HttpProcessingError) as error:
            raise FetchError(Reason.BAD_RESPONSE, f"not HTTP: {error}", phase=Phase.ANSWER) from error

    def _guarded_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for aiohttp to connect with. Raises AddressRefused for an address that the guard refuses."""
        family, kind, protocol, _, address = info
        self._guard.check(address[0])
        return socket.socket(family, kind, protocol)


def _bounded_answer(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return BoundedAnswer(loop)


def _head_of(answer: aiohttp.ClientResponse, *, is_proxied: bool) -> Head:
    assert isinstance(answer, SentAnswer)
    return Head(answer.raw_headers, answer.status_line, None if is_proxied else answer.ip_address)


def _request_url(url: str) -> str:
    try:
        return request_url(url)
    except BadUrl as error:
        raise FetchError(Reason.BAD_URL, str(error)) from error


def _sendable(value: str) -> str | None:
    """A header value that is stored as latin-1 text, decoded so that aiohttp, which encodes to UTF-8, sends its bytes.

    None if its bytes are not UTF-8: they could only be sent altered, and an altered validator is worse than none.
    """
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
