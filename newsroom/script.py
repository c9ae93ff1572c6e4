"""Answers that tests script in place of the newsroom's own, and the log of its requests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `at_s` and `end_s` are monotonic seconds; `end_s` is None until the answer is sent.

    `host` is the loopback address that was asked; `path` is the path and query as sent; `status` is None if the
    connection was dropped without an answer. Header names are in lower case.
    """

    at_s: float
    host: str
    method: str
    path: str
    headers: Mapping[str, str]
    status: int | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A scripted answer; status, headers and body are sent unchanged.

    `delay_s` passes before the first byte. With `drip_bytes` and `drip_s`, the body is sent in pieces, with a pause
    after each. `cut_at_bytes` announces the whole length but drops the connection after so many bytes. `hang_up` drops
    the connection at once.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay_s: float = 0.0
    drip_bytes: int = 0
    drip_s: float = 0.0
    cut_at_bytes: int | None = None
    hang_up: bool = False


Scripted = Answer | Iterable[Answer] | Callable[[Request], Answer | None]
"""One answer for all requests; several in order, of which the last stays; or a function (None: the usual answer)."""


@dataclass
class Script:
    """Answers that replace the newsroom's own. Safe to change while the server runs."""

    _answers: dict[str, Callable[[Request], Answer | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, where: str, scripted: Scripted) -> None:
        """Answer requests for `where` as scripted: a URL, or an address with a path such as ``127.0.0.12/feed/``."""
        with self._lock:
            self._answers[_place(where)] = _as_function(scripted)

    def drop(self, where: str) -> None:
        """Remove the scripted answer for `where`, if there is one."""
        with self._lock:
            self._answers.pop(_place(where), None)

    def answer(self, request: Request) -> Answer | None:
        """The scripted answer for a request, or None. It is looked up with its query first, then by its path alone."""
        with self._lock:
            exact = self._answers.get(request.host + request.path)
            found = exact or self._answers.get(request.host + request.path.partition("?")[0])
            return found(request) if found else None


def _place(where: str) -> str:
    if "://" not in where:
        where = f"http://{where}"
    parts = urlsplit(where)
    if not parts.hostname:
        raise ValueError(f"{where!r} names no address; write a URL or 127.0.0.12/path")
    return parts.hostname + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _as_function(scripted: Scripted) -> Callable[[Request], Answer | None]:
    if isinstance(scripted, Answer):
        return lambda _: scripted
    if callable(scripted):
        return scripted
    queue = list(scripted)
    if not queue:
        raise ValueError("a script needs at least one answer")
    return lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


class Log:
    """The requests, in the order of arrival."""

    def __init__(self) -> None:
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._dropped = 0

    def begin(self, request: Request) -> int:
        """Add a request that has begun. Returns the number under which `note` completes it."""
        with self._lock:
            self._requests.append(request)
            return self._dropped + len(self._requests) - 1

    def note(self, number: int, *, status: int | None = None, end_s: float | None = None) -> None:
        """Record the outcome of a request. Nothing happens if the request was cleared meanwhile."""
        with self._lock:
            at = number - self._dropped
            if at >= 0:
                old = self._requests[at]
                self._requests[at] = replace(old, status=status or old.status, end_s=end_s or old.end_s)

    def all(self) -> list[Request]:
        """A copy of the log."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Remove all requests."""
        with self._lock:
            self._dropped += len(self._requests)
            self._requests.clear()
