"""What a host's robots.txt lets us fetch, by RFC 9309."""

from __future__ import annotations

from functools import cached_property

from protego import Protego

from schemas.failure import Reason
from transforms.web.settings import PRODUCT, Limits

ROBOTS_LIMITS = Limits(total_s=30.0, wire_bytes=500 * 1024, decoded_bytes=500 * 1024, cut=True)
"""RFC 9309, 2.5: at least 500 KiB are read; what stands beyond them is not."""

MAX_AGE_US = 86_400 * 1_000_000
"""RFC 9309, 2.4: a copy is not used for longer than a day."""


class RobotsPolicy:
    """The verdicts of one host. `status` is that of the last answer to /robots.txt, None when there was none.

    A file that was sent rules; 4xx means that there are no rules; 5xx and no answer at all mean that nothing may be
    fetched for now (RFC 9309, 2.3.1).
    """

    def __init__(self, status: int | None, body: str | None, max_crawl_delay_s: float = 60.0) -> None:
        self.status = status
        self.body = body if status is not None and 200 <= status < 300 else None
        self._max_crawl_delay_s = max_crawl_delay_s

    def verdict(self, url: str) -> Reason | None:
        """None if `url` (as requested) may be fetched, else why not."""
        if self.body is not None:
            return None if self._rules.can_fetch(url, PRODUCT) else Reason.ROBOTS_DENIED
        # Redirects past the limit and other oddities count as unavailable rules: allowed (RFC 9309, 2.3.1.2).
        return Reason.ROBOTS_UNAVAILABLE if self.status is None or self.status >= 500 else None

    @property
    def crawl_delay_s(self) -> float:
        """The Crawl-delay asked of us, at most the bound; 0 without one."""
        delay = self._rules.crawl_delay(PRODUCT) if self.body else None
        return min(float(delay or 0.0), self._max_crawl_delay_s)

    @cached_property
    def _rules(self) -> Protego:
        """Parsed only when asked: most hosts of a poll send no entry worth fetching."""
        return Protego.parse(self.body or "")


def robots_text(body: bytes) -> str:
    """The text of a robots.txt body: UTF-8, with or without a byte-order mark, broken bytes replaced."""
    return body.decode("utf-8-sig", "replace").replace("\x00", "\ufffd")
