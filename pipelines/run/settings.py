"""The settings of runs: plain values, of which every worker gets a copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from pipelines.start_workers import PRELOAD
from transforms.enrich.entities.by_spacy.models import OWN
from transforms.feeds.scheduling.cursor import PollSettings
from transforms.lake.editions.edition import GRACE_S
from transforms.lake.revisits.schedule import kept_us
from transforms.sandbox import Sandbox
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

_LEAST_POLLING_S = 60.0


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """The user's choices for runs.

    `shards` is the number of groups of hosts that are polled and fetched in parallel, each in one event loop: one for
    each worker of the runner. No request starts later than `max_run_s` seconds after the run's start, and none to a
    feed after half of that time (or a minute, if that is longer), so that a slow host with many feeds does not use up
    the time for pages. Feeds and entries left at the end are deferred. Articles have the links of their texts where a
    run `keep_links`. Reports in several languages can be one story where a run tells `stories_across_languages`. Names
    are told by our own rules or by spaCy (`entities`: "own" or "spacy"). Pages of articles are asked for again so many
    microseconds after their first fetch (`revisit_us`), at most `max_revisits` in a run. After its commit a run makes
    fewer files of partitions with many, if it `compacts`, and deletes files that were replaced `grace_s` seconds ago.
    `feeds` are the rules of the settings file for entries and drafts, and where texts come from; what it says of
    requests to hosts is in `http`.
    """

    http: HttpSettings = field(default_factory=HttpSettings)
    guard: AddressGuard = field(default_factory=AddressGuard)
    polling: PollSettings = field(default_factory=PollSettings)
    sandbox: Sandbox = field(default_factory=partial(Sandbox, preload=PRELOAD))
    shards: int = 1
    max_pages: int | None = None
    max_run_s: float | None = None
    page_flush_s: float = 60.0
    keep_links: bool = False
    stories_across_languages: bool = False
    entities: str = OWN
    copies_horizon_days: int = 30
    revisit_us: tuple[int, ...] = ()
    max_revisits: int = 500
    compacts: bool = True
    grace_s: float = GRACE_S
    feeds: FeedChoices = NO_CHOICES

    @property
    def awaited_us(self) -> int:
        """For how many microseconds after its fetch a new article is remembered for its revisits; 0: not at all."""
        return kept_us(self.revisit_us) if self.revisit_us else 0

    @property
    def max_poll_s(self) -> float | None:
        """The seconds after the run's start from which no feed is asked; None without a limit."""
        return None if self.max_run_s is None else max(self.max_run_s / 2, min(self.max_run_s, _LEAST_POLLING_S))
