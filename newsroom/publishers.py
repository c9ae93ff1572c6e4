"""The publishers: their names and addresses, and how their pages and feeds look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from string import Template
from typing import Any

from babel.dates import format_datetime

from newsroom.texts import TEXTS

TEMPLATES = TEXTS.parent / "templates"


@dataclass(frozen=True, slots=True)
class Style:
    """How a publisher's system prints the pieces of a body. `inserts` maps n to what follows the n-th paragraph."""

    paragraph: str
    heading: str
    quote: str
    item: str
    list: str
    hour: str
    credit: str
    inserts: dict[str, str]


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A feed of a publisher. `validators` is both, etag, modified or none; with `section` None it lists every story."""

    path: str
    format: str
    title: str
    validators: str = "both"
    section: str | None = None
    track: str = ""
    full: bool = False
    relative: str | None = None


@dataclass(frozen=True, slots=True)
class BadFeed:
    """A feed address without a feed. `kind` is html or missing."""

    path: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A feed entry that leads to no article. `outcome` is not_found, gone, robots_denied or not_html."""

    path: str
    title: str
    at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher. `address` is its own loopback address; `charset_in` says where it declares its charset."""

    key: str
    address: str
    name: str
    language: str
    locale: str
    tz_minutes: int
    date_pattern: str
    path: str
    charset: str
    charset_in: tuple[str, ...]
    json_ld: str
    sections: tuple[str, ...]
    staff: str
    robots: str | None
    style: Style
    feeds: tuple[FeedPlan, ...]
    bad_feeds: tuple[BadFeed, ...]
    strays: tuple[Stray, ...]
    furniture: tuple[str, ...]
    paywall: str
    tagline: str
    slow: bool = False
    gzip: bool = False
    sitemap: bool = False

    def base(self, port: int) -> str:
        """The start of the publisher's URLs, without a slash at the end."""
        return f"http://{self.address}:{port}"

    def local(self, instant_us: int) -> datetime:
        """An instant in the publisher's time zone."""
        zone = UTC if not self.tz_minutes else timezone(timedelta(minutes=self.tz_minutes))
        return datetime.fromtimestamp(instant_us // 1_000_000, zone)

    def date_text(self, instant_us: int) -> str:
        """An instant as the publisher prints it above an article."""
        return str(format_datetime(self.local(instant_us), self.date_pattern, locale=self.locale))

    def template(self, name: str) -> Template:
        """The HTML template ``<name>.html``: a publisher's own, named by its key, or a shared one."""
        return _template(name)


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text("utf-8"))


@cache
def agencies() -> dict[str, dict[str, str]]:
    """How each invented news agency describes itself at the end of its stories, by agency and language."""
    loaded: dict[str, dict[str, str]] = json.loads((TEXTS / "agencies.json").read_text("utf-8"))
    return loaded


@cache
def publishers() -> tuple[Publisher, ...]:
    """All publishers, in the order of their addresses."""
    return tuple(_publisher(facts) for facts in json.loads((TEXTS / "publishers.json").read_text("utf-8")))


def _publisher(facts: dict[str, object]) -> Publisher:
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    made["style"] = Style(**_mapping(facts["style"]))
    for name, row in (("feeds", FeedPlan), ("bad_feeds", BadFeed), ("strays", Stray)):
        rows = facts.get(name, [])
        assert isinstance(rows, list)
        made[name] = tuple(row(**item) for item in rows)
    return Publisher(**made)  # type: ignore[arg-type]


def _mapping(value: object) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value
