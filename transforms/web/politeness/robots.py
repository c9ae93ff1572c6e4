"""Decides by a host's robots.txt what may be fetched (RFC 9309)."""

from __future__ import annotations

from functools import cached_property

from schemas.failure import Reason
from transforms.common.clock import DAY_US
from transforms.web.politeness.robots_rules import RobotsRules
from transforms.web.settings import PRODUCT, Limits
from transforms.web.usage.robots_usage import RobotsUsage

ROBOTS_BYTES = 500 * 1024
"""How much of a robots.txt is read: RFC 9309, 2.5 asks for at least 500 KiB."""

ROBOTS_LIMITS = Limits(total_s=30.0, wire_bytes=ROBOTS_BYTES, decoded_bytes=ROBOTS_BYTES, cut=True)

MAX_AGE_US = DAY_US
"""RFC 9309, 2.4: a copy is not used for longer than a day."""


class RobotsPolicy:
    """The verdicts of one host's robots.txt. `status` is that of the answer to /robots.txt, None without an answer.

    If the file was sent (2xx), its rules decide. A 4xx means that there are no rules. A 5xx, or no answer, means that
    nothing may be fetched for now (RFC 9309, 2.3.1).
    """

    def __init__(self, status: int | None, body: str | None, max_crawl_delay_s: float = 60.0) -> None:
        self.status = status
        self.body = body if status is not None and 200 <= status < 300 else None
        self._max_crawl_delay_s = max_crawl_delay_s

    def verdict(self, url: str) -> Reason | None:
        """None if `url` (as requested) may be fetched, else the reason against it."""
        if self.body is not None:
            return None if self._rules.allows(url) else Reason.ROBOTS_DENIED
        # Too many redirects and other odd answers count as "unavailable", which allows all (RFC 9309, 2.3.1.2).
        return Reason.ROBOTS_UNAVAILABLE if self.status is None or self.status >= 500 else None

    def usage(self, url: str) -> tuple[str, ...] | None:
        """What the file states of the use of `url`, for readers of the lake; none of it decides what is fetched.

        Empty where there is no file, None where the file is too intricate (`RobotsUsage.of`).
        """
        return self._usage.of(url) if self.body else ()

    @property
    def crawl_delay_s(self) -> float:
        """The Crawl-delay that the file asks of us, at most `max_crawl_delay_s`; 0 without one."""
        return min(self._rules.crawl_delay_s or 0.0, self._max_crawl_delay_s) if self.body else 0.0

    @cached_property
    def _rules(self) -> RobotsRules:
        """The parsed rules. Parsed at first use, because from most hosts of a poll nothing is fetched."""
        return RobotsRules(self.body or "", PRODUCT)

    @cached_property
    def _usage(self) -> RobotsUsage:
        return RobotsUsage(self.body or "", PRODUCT)


def robots_text(body: bytes) -> str:
    """The text of a robots.txt body: UTF-8, with or without a byte-order mark, broken bytes replaced.

    A body of the full 500 KiB was cut. Its last line may be half a rule, which would mean something else, so it is
    dropped.
    """
    if len(body) >= ROBOTS_BYTES:
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return body.decode("utf-8-sig", "replace").replace("\x00", "\ufffd")
