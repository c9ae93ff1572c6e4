"""What the user chose for feeds: found by a feed's address, from the least to the most particular table."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from schemas.credentials import Credentials
from schemas.feed import FeedSpec
from transforms.web.chosen.tables import Tables
from transforms.web.urls import BadUrl, host_of, request_url


class TextFrom(StrEnum):
    """Where an article's text is taken from: the feed's full content if it carries one, else the page; or the page
    alone."""

    FEED = "feed"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """The settings of one feed, or of one table of the settings file; None where nothing is said.

    `keep_…` and `drop_…` are rules: an entry or draft goes if a drop rule fits it, or if there is a keep rule of a
    kind and none fits it.
    """

    interval_s: int | None = None
    polls_gently: bool | None = None
    pause: bool | None = None
    tags: tuple[str, ...] | None = None
    title: str | None = None
    language: str | None = None
    country: str | None = None
    credentials: Credentials | None = None
    text: TextFrom | None = None
    keep_urls: tuple[str, ...] | None = None
    drop_urls: tuple[str, ...] | None = None
    keep_words: tuple[str, ...] | None = None
    drop_words: tuple[str, ...] | None = None
    keep_languages: tuple[str, ...] | None = None
    drop_languages: tuple[str, ...] | None = None
    keep_sections: tuple[str, ...] | None = None
    drop_sections: tuple[str, ...] | None = None

    def over(self, below: FeedSettings) -> FeedSettings:
        """These settings, and those of `below` where these say nothing."""
        said = {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}
        return replace(below, **said)


NOTHING_CHOSEN = FeedSettings()

_RULES_OF_ENTRIES = ("keep_urls", "drop_urls", "keep_words", "drop_words")
_RULES_OF_DRAFTS = ("keep_languages", "drop_languages", "keep_sections", "drop_sections")


@dataclass(frozen=True, slots=True)
class FeedChoices:
    """The tables of the settings file that speak of feeds, in the file's order. Can be pickled.

    `hosts` have the host of a feed's own address, or a pattern of hosts; `feeds` the address itself, or a pattern.
    """

    hosts: tuple[tuple[str, FeedSettings], ...] = ()
    feeds: tuple[tuple[str, FeedSettings], ...] = ()
    _by_host: Tables[FeedSettings] = field(init=False, repr=False, compare=False)
    _by_feed: Tables[FeedSettings] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_host", Tables(self.hosts))
        object.__setattr__(self, "_by_feed", Tables(self.feeds))

    def of(self, feed_url: str) -> FeedSettings:
        """The settings of a feed: a table of its address counts before one of a pattern, a longer pattern before a
        shorter one, any of these before a table of its host; of equal ones the later."""
        chosen = NOTHING_CHOSEN
        for _, settings in self.tables_of(feed_url):
            chosen = settings.over(chosen)
        return chosen

    def tables_of(self, feed_url: str) -> list[tuple[str, FeedSettings]]:
        """The tables that fit a feed, each with its name, the most particular last."""
        try:
            host, url = host_of(feed_url), request_url(feed_url)
        except BadUrl:  # a page of an archive that no feed is known to have listed
            host, url = "", ""
        found = [(f'host."{name}"', one) for name, one in self._by_host.fitting(host)] if host else []
        return [*found, *((f'feed."{name}"', one) for name, one in self._by_feed.fitting(url))]

    @property
    def judge_entries(self) -> bool:
        """Whether there is any rule for entries."""
        return self._say(_RULES_OF_ENTRIES)

    @property
    def judge_drafts(self) -> bool:
        """Whether there is any rule for drafts."""
        return self._say(_RULES_OF_DRAFTS)

    @property
    def choose_texts(self) -> bool:
        """Whether any table says where texts are taken from."""
        return self._say(("text",))

    def _say(self, names: tuple[str, ...]) -> bool:
        return any(getattr(one, name) is not None for _, one in (*self.hosts, *self.feeds) for name in names)


NO_CHOICES = FeedChoices()


def with_settings(spec: FeedSpec, chosen: FeedSettings) -> FeedSpec:
    """A feed of the list with what the settings file says of it, which counts first."""
    return replace(
        spec,
        title=chosen.title or spec.title,
        language=chosen.language or spec.language,
        country=chosen.country or spec.country,
        tags=chosen.tags or (),
        interval_s=chosen.interval_s,
        polls_gently=chosen.polls_gently,
        is_paused=bool(chosen.pause),
        credentials=chosen.credentials,
    )
