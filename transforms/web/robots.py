"""What a host's robots.txt lets us fetch, by RFC 9309."""

from __future__ import annotations

from functools import cached_property

from schemas.failure import Reason
from transforms.text.clock import DAY_US
from transforms.web.robots_rules import RobotsRules
from transforms.web.settings import PRODUCT, Limits

ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least 500 KiB are read; what stands beyond them is not."""

ROBOTS_LIMITS = Limits(total_s=30.0, wire_bytes=ROBOTS_BYTES, decoded_bytes=ROBOTS_BYTES, cut=True)

MAX_AGE_US = DAY_US
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
            return None if self._rules.allows(url) else Reason.ROBOTS_DENIED
        # Redirects past the limit and other oddities count as unavailable rules: allowed (RFC 9309, 2.3.1.2).
        return Reason.ROBOTS_UNAVAILABLE if self.status is None or self.status >= 500 else None

    @property
    def crawl_delay_s(self) -> float:
        """The Crawl-delay asked of us, at most the bound; 0 without one."""
        return min(self._rules.crawl_delay_s or 0.0, self._max_crawl_delay_s) if self.body else 0.0

    @cached_property
    def _rules(self) -> RobotsRules:
        """Parsed only when asked: most hosts of a poll send no entry worth fetching."""
        return RobotsRules(self.body or "", PRODUCT)


def robots_text(body: bytes) -> str:
    """The text of a robots.txt body: UTF-8, with or without a byte-order mark, broken bytes replaced.

    A body of the full 500 KiB was cut: its last line may be half a rule, which would say something else, and goes.
    """
    if len(body) >= ROBOTS_BYTES:
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    return body.decode("utf-8-sig", "replace").replace("\x00", "\ufffd")
