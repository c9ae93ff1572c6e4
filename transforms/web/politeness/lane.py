"""What a run knows of a host, its name and its domain: whether they answer, and how patient they are."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

FIRST_REST_S = 30.0
"""The rest after a first refusal (429) without a Retry-After; each further refusal doubles it."""

LEAST_SLOW_S = 1.0
"""The shortest pause between requests that a host gets after a 429."""

_MOST_DOUBLINGS = 12
"""The rest doubles at most this often, to a day and a half: no run waits that long, and the number cannot overflow."""

_NEW_SHARE = 0.3
"""The weight of the latest answer in the moving mean of a host's answer time."""


@dataclass(slots=True)
class Reach:
    """Whether a name or an address can be reached; `silences` counts the requests in a row without an answer."""

    silences: int = 0
    is_dead: bool = False


@dataclass(slots=True)
class Patience:
    """How patient a host, or a whole registrable domain, is with us. Times are seconds of the loop's clock.

    `slow_s` is the pause between requests after its refusals, `last_s` the start of the last request.
    """

    slow_s: float = 0.0
    rest_until_s: float = -math.inf
    refusals: int = 0
    last_s: float = -math.inf

    def refused(self, now_s: float, pause_s: float, asked_s: float | None) -> None:
        """Rest for `asked_s`, or without it longer each time; from now on pause `pause_s` between requests."""
        rest_s = FIRST_REST_S * 2 ** min(self.refusals, _MOST_DOUBLINGS) if asked_s is None else asked_s
        self.refusals += 1
        self.rest_until_s = max(self.rest_until_s, now_s + rest_s)
        self.slow_s = pause_s

    def served(self) -> None:
        """Reset the count of refusals, and shorten the pause by a quarter (a pause of at most `LEAST_SLOW_S` ends)."""
        self.refusals = 0
        self.slow_s = 0.75 * self.slow_s if self.slow_s > LEAST_SLOW_S else 0.0


@dataclass(slots=True)
class Lane(Patience):
    """One host: the lock of its turn, its patience, and its reach.

    `domain` is the patience of its registrable domain and `name` the reach of its name, both shared with other lanes;
    `schemes` has the reach of http and https. `crawl_delay_s` is what its robots.txt asks for, `answer_s` its mean
    answer time.
    """

    domain: Patience = field(default_factory=Patience)
    name: Reach = field(default_factory=Reach)
    schemes: dict[str, Reach] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    crawl_delay_s: float = 0.0
    answer_s: float = 0.0
    started_s: float = -math.inf
    last_end_s: float = -math.inf
    errors: int = 0

    def reach(self, scheme: str | None) -> Reach:
        """The reach of one of the host's addresses, or of its name."""
        return self.name if scheme is None else self.schemes.setdefault(scheme, Reach())

    def is_dead(self, scheme: str | None = None) -> bool:
        """Whether the host's name, or its address of this scheme, does not answer in this run."""
        return self.name.is_dead or (scheme is not None and self.reach(scheme).is_dead)

    @property
    def rests_until_s(self) -> float:
        """When the host's rest and its domain's rest have both ended."""
        return max(self.rest_until_s, self.domain.rest_until_s)

    def took(self, seconds: float) -> None:
        """Record how long the host took for a request."""
        self.answer_s = seconds if not self.answer_s else self.answer_s + _NEW_SHARE * (seconds - self.answer_s)
