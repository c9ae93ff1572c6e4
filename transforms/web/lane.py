"""What is known of a host, its name and its domain: whether they answer, and how patient they are."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field

FIRST_REST_S = 30.0
"""A host that refuses for load (429, 503) without saying for how long rests this long, then twice as long each time."""

LEAST_SLOW_S = 1.0
"""A host that said 429 gets at least this pause between requests from then on."""

_MOST_DOUBLINGS = 12
"""A day and a half of rest: no run waits for that, and no number of refusals makes it overflow."""

_NEW_SHARE = 0.3
"""The weight of the latest answer in the mean answer time of a host."""


@dataclass(slots=True)
class Reach:
    """Whether a name or an address can be reached: `silences` are the requests in a row that got nothing from it."""

    silences: int = 0
    is_dead: bool = False


@dataclass(slots=True)
class Patience:
    """How patient a host, or a whole registrable domain, is with us. Times are seconds of the loop's clock.

    `slow_s` is the pause its refusals made us take, `last_s` the start of the last request.
    """

    slow_s: float = 0.0
    rest_until_s: float = -math.inf
    refusals: int = 0
    last_s: float = -math.inf

    def refused(self, now_s: float, pause_s: float, asked_s: float | None) -> None:
        """Rest as long as was asked for, else longer each time; take `pause_s` between requests from now on."""
        rest_s = FIRST_REST_S * 2 ** min(self.refusals, _MOST_DOUBLINGS) if asked_s is None else asked_s
        self.refusals += 1
        self.rest_until_s = max(self.rest_until_s, now_s + rest_s)
        self.slow_s = pause_s

    def served(self) -> None:
        """Forget the refusals, and a quarter of the pause."""
        self.refusals = 0
        self.slow_s = 0.75 * self.slow_s if self.slow_s > LEAST_SLOW_S else 0.0


@dataclass(slots=True)
class Lane(Patience):
    """One host: its turn, and what is known of its patience.

    `domain` is the patience of its registrable domain and `name` the reach of its name, both shared with other lanes;
    `schemes` has the reach of http and https. `crawl_delay_s` is what its robots.txt asks for, `answer_s` how long it
    takes to answer, in the mean.
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
        """The end of its rest, and of its domain's."""
        return max(self.rest_until_s, self.domain.rest_until_s)

    def took(self, seconds: float) -> None:
        """Tell how long the host held a request."""
        self.answer_s = seconds if not self.answer_s else self.answer_s + _NEW_SHARE * (seconds - self.answer_s)
