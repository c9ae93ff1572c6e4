"""Gathers all rows of a lake that tell what became of one address, or of one article."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from schemas.article import ARTICLES
from schemas.failure import FAILURES
from schemas.feed import FEED_POLLS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import ForgottenAddress, ForgottenKind
from schemas.host import HOSTS
from schemas.page import PAGES, page_id_of
from schemas.run import started_us
from schemas.state import Seen
from transforms.lake.committed import Committed
from transforms.lake.files.parts import PartReader
from transforms.lake.forget.record import read_record
from transforms.lake.lookup.find_rows import Finder, Row, as_rows, days_between
from transforms.lake.state import StateBefore, state_parts
from transforms.web.urls import BadUrl, host_of, name_of, normalize_url, request_url, url_key

_PAGE: Final = tuple(
    name for name in PAGES.schema.names if name not in ("body", "entry_content_html", "headers", "response_headers")
)
_FINGERPRINT: Final = (
    "page_id", "article_id", "canonical_url", "publisher_domain", "published", "fetched_at", "partition", "revision",
    "cluster_id",
)  # fmt: skip
_PENDING: Final = ("feed_url", "entry_id", "url", "url_key", "title", "published", "attempts", "waiting_since")


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What is asked about: an address, or an article by its id."""

    text: str
    url: str | None = None
    article_id: str | None = None


@dataclass
class EntryFacts:
    """The rows that belong to an address or an article, each list in order of time."""

    asked: AskedOf
    keys: set[str] = field(default_factory=set)
    """The `url_key` of the addresses that are the same page's, as far as they are known."""
    forgotten: ForgottenAddress | None = None
    seen: Seen | None = None
    pending: list[Row] = field(default_factory=list)
    pages: list[Row] = field(default_factory=list)
    failures: list[Row] = field(default_factory=list)
    articles: list[Row] = field(default_factory=list)
    """Its revisions, with all their columns."""
    fingerprints: list[Row] = field(default_factory=list)
    polls: list[Row] = field(default_factory=list)
    host: Row | None = None
    """What is remembered of its host, with robots.txt as it was read."""


def entry_facts(reader: PartReader, held: Committed, asked: AskedOf, articles_only: bool = False) -> EntryFacts:
    """All that the lake knows. Raises DamagedPartError.

    The state tells on which days the address was fetched, and in which partitions its articles are; only files of these
    are read. Where the state does not know it, all files are searched for it, also as the end of a redirect.
    `articles_only`: what tells of fetches, polls and robots is left out.
    """
    search = _Search(reader, held, asked)
    search.by_state()
    if not search.facts.articles:
        search.by_pages()
    if not articles_only:
        search.fetches()
    return search.facts


class _Search:
    def __init__(self, reader: PartReader, held: Committed, asked: AskedOf) -> None:
        self._reader = reader
        self._held = held
        self._finder = Finder(reader, held)
        self.facts = EntryFacts(asked)
        self._ids = {asked.article_id} if asked.article_id is not None else set()
        if asked.url is not None:
            self.facts.keys.add(url_key(asked.url))
            self._ids |= self.facts.keys  # an article's id is the key of its canonical address

    def by_state(self) -> None:
        """What the state knows of the keys, and the articles with these ids."""
        self.facts.forgotten = self._forgotten()
        self._by_keys()
        self._take_articles(self._ids)

    def _by_keys(self) -> None:
        """What is remembered of the keys, and whether one waits."""
        facts = self.facts
        seen = StateBefore(self._reader, state_parts(self._held)).seen(sorted(facts.keys))
        facts.seen = max(seen.values(), key=lambda one: one.seen_at_us, default=None)
        for path in self._finder.parts(PENDING)[-1:]:
            facts.pending = as_rows(self._reader.matching(path, {"url_key": frozenset(facts.keys)}, _PENDING))

    def by_pages(self) -> None:
        """The articles to which the address led under another one, by the pages that were fetched for it."""
        facts = self.facts
        if facts.asked.url is None:
            return
        days = self._known_days()
        self._take_pages(days or None)
        self._by_these_pages()
        if facts.pages and days and not facts.articles:  # the last fetch changed nothing; one before may have
            self._take_pages(None)
            self._by_these_pages()

    def _by_these_pages(self) -> None:
        facts = self.facts
        ends = {key for page in facts.pages if (key := _key(page["final_url"])) is not None}
        self._take_articles(ends - self._ids)
        if facts.pages and not facts.articles:
            pages = {page_id_of(page["url_key"], page["fetched_at"]) for page in facts.pages}
            made = self._finder.rows(FINGERPRINTS, {"page_id": pages}, ("article_id",))
            self._take_articles({row["article_id"] for row in made})

    def fetches(self) -> None:
        """Fetches, failures and polls of all addresses of the entry or article."""
        facts, finder = self.facts, self._finder
        urls = {facts.asked.url} if facts.asked.url is not None else set()
        urls |= {url for row in facts.articles for url in (row["url"], row["canonical_url"]) if url}
        more = {key for url in urls if (key := _key(url)) is not None} - facts.keys
        if more:
            facts.keys |= more
            self._by_keys()
        names = FAILURES.schema.names
        spelled = {one for url in urls for one in _spellings(url)}
        facts.failures = _in_time(finder.rows(FAILURES, {"url_key": facts.keys, "input": spelled}, names), "failed_at")
        if days := self._known_days():
            self._take_pages(days)
        runs = {row["run_id"] for row in (*facts.pages, *facts.failures)}
        feeds = {row["feed_url"] for row in (*facts.pages, *facts.failures, *facts.pending)}
        found = finder.rows(FEED_POLLS, {"run_id": runs}, FEED_POLLS.schema.names, days_of_runs(runs))
        facts.polls = _in_time([row for row in found if row["feed_url"] in feeds], "polled_at")
        url = facts.asked.url or next((row["url"] for row in facts.pages), None)
        hosts = {host_of(url)} if url is not None else set()
        for path in finder.parts(HOSTS)[-1:]:
            known = as_rows(self._reader.matching(path, {"host": frozenset(hosts)}, HOSTS.schema.names))
            facts.host = known[0] if known else None

    def _forgotten(self) -> ForgottenAddress | None:
        url = self.facts.asked.url
        name = name_of(host_of(url)) if url is not None else ""
        for row in read_record(self._held.storage):
            if row.kind == ForgottenKind.URL and row.key in self.facts.keys | self._ids:
                return row
            if row.kind == ForgottenKind.DOMAIN and (name == row.key or name.endswith(f".{row.key}")):
                return row
        return None

    def _take_articles(self, ids: Collection[str]) -> None:
        """Read the revisions of articles, in the partitions that the fingerprints name."""
        self._ids |= set(ids)
        fingerprints = self._finder.of_articles(FINGERPRINTS, set(ids), _FINGERPRINT)
        self.facts.fingerprints += fingerprints
        ids = {row["article_id"] for row in fingerprints}
        days = {date.fromisoformat(row["partition"]) for row in fingerprints if row.get("partition")}
        all_days = None if any(not row.get("partition") for row in fingerprints) else days
        rows = self._finder.rows(ARTICLES, {"article_id": ids}, ARTICLES.schema.names, all_days)
        self.facts.articles = _in_time([*self.facts.articles, *rows], "fetched_at")

    def _take_pages(self, days: Collection[date] | None) -> None:
        wanted: dict[str, Collection[str]] = {"url_key": self.facts.keys}
        if days is None and self.facts.asked.url is not None:
            wanted["final_url"] = _spellings(self.facts.asked.url)
        pages = self._finder.rows(PAGES, wanted, _PAGE, days)
        self.facts.keys |= {row["url_key"] for row in pages}
        self.facts.pages = _in_time(pages, "fetched_at")

    def _known_days(self) -> set[date]:
        """The days between the first and the last fetch that is known of."""
        facts = self.facts
        instants = [row["fetched_at"] for row in (*facts.fingerprints, *facts.articles, *facts.pages)]
        instants += [row["failed_at"] for row in facts.failures]
        instants += [facts.seen.seen_at_us] if facts.seen is not None else []
        return days_between(instants)


def days_of_runs(run_ids: Collection[str]) -> set[date]:
    """The days on which runs may have worked: no run takes longer than to the end of the next day."""
    found: set[date] = set()
    for run_id in run_ids:
        found |= days_between([started_us(run_id)])
    return found


def _in_time(rows: list[Row], name: str) -> list[Row]:
    return sorted(rows, key=lambda row: row[name])


def _key(url: str) -> str | None:
    try:
        return url_key(url)
    except BadUrl:
        return None


def _spellings(url: str) -> set[str]:
    """An address as it may stand in a table: as given, as asked for, and in its normal spelling."""
    found = {url}
    with suppress(BadUrl):
        found |= {normalize_url(url), request_url(url)}
    return found
