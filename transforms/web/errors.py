"""The exceptions of a request that ends without a usable answer."""

from __future__ import annotations

from typing import Literal

from schemas.failure import Reason

Phase = Literal["policy", "name", "connect", "certificate", "headers", "body", "answer"]
"""Where a request failed: we refused it (`policy`), the name has no address, no connection, a certificate that we
refuse, no head of an answer, a broken body, or an answer that cannot be used."""


class FetchError(Exception):
    """A request that failed for a reason of the closed list.

    `status` is set if a server answered, `retry_after_s` if it asked for patience. `phase` says how far the request
    came; with reason unreachable, `name` means that the host's name has no address, `connect` that the host took no
    connection. `timed_out` says that the failure took a whole time limit.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        status: int | None = None,
        retry_after_s: float | None = None,
        phase: Phase = "policy",
        timed_out: bool = False,
    ) -> None:
        super().__init__(reason, message, status, retry_after_s, phase, timed_out)
        self.reason = reason
        self.message = message
        self.status = status
        self.retry_after_s = retry_after_s
        self.phase = phase
        self.timed_out = timed_out

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"

    def again(self) -> FetchError:
        """A copy of this failure, to raise for another request: raising one exception twice keeps both traces alive."""
        return FetchError(*self.args)

    @property
    def worth_retrying(self) -> bool:
        """Whether the same request may succeed seconds later: it failed before any part of an answer came."""
        return self.phase in ("name", "connect", "headers") and self.reason in (Reason.UNREACHABLE, Reason.TIMEOUT)


class Deferred(Exception):  # noqa: N818
    """A request that was not made in this run, because its host asked for a rest or the run's time was over."""


_REASONS = {
    401: Reason.FORBIDDEN,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,
}


def reason_of_status(status: int) -> Reason:
    """The reason for an answer whose status is no success."""
    return _REASONS.get(status, Reason.SERVER_ERROR if 500 <= status < 600 else Reason.HTTP_STATUS)
