"""The exceptions of a request that ends without a usable answer."""

from __future__ import annotations

from enum import StrEnum

from schemas.failure import Reason, ReasonedError


class Phase(StrEnum):
    """Where a request ended: refused by us, no address for the name, no connection, a certificate that we refuse, no
    answer's head, a broken body, or an answer that says no."""

    POLICY = "policy"
    NAME = "name"
    CONNECT = "connect"
    CERTIFICATE = "certificate"
    HEADERS = "headers"
    BODY = "body"
    ANSWER = "answer"


class FetchError(ReasonedError):
    """A request that failed for a reason of the closed list.

    `status` and `retry_after_s` are set where a server answered and asked for patience. `phase` says how far the
    request came; with reason unreachable, NAME means that the host's name has no address and CONNECT that it did
    not even take a connection. `timed_out` says that it cost a whole time limit to find out.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        status: int | None = None,
        retry_after_s: float | None = None,
        phase: Phase = Phase.POLICY,
        timed_out: bool = False,
    ) -> None:
        super().__init__(reason, message)
        self.args = (reason, message, status, retry_after_s, phase, timed_out)
        self.status = status
        self.retry_after_s = retry_after_s
        self.phase = phase
        self.timed_out = timed_out

    def again(self) -> FetchError:
        """A copy of this failure, to raise for another request: raising one exception twice keeps both traces alive."""
        return FetchError(*self.args)

    @property
    def worth_retrying(self) -> bool:
        """Whether the same request may well succeed seconds later: nothing of an answer had come yet."""
        is_early = self.phase in (Phase.NAME, Phase.CONNECT, Phase.HEADERS)
        return is_early and self.reason in (Reason.UNREACHABLE, Reason.TIMEOUT)


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
