"""Finds the feeds of a site, and reads each before it is reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from schemas.failure import Reason
from schemas.feed import FeedSpec
from transforms.feeds.lists.discover import Lead, guesses, sitemap_leads
from transforms.feeds.lists.read_source import BoundedClient, Source, source_of
from transforms.feeds.parsing.parsed import FeedBugError, FeedError, Parse
from transforms.web.errors import Deferred, FetchError
from transforms.web.http.fetcher import Fetcher
from transforms.web.http.response import Response
from transforms.web.urls import BadUrl, url_key

ReadLinks = Callable[[bytes, str | None, str], Awaitable[tuple[Lead, ...]]]
"""`transforms.feeds.lists.discover.feed_links`, run in the sandbox; raises FeedError."""

RobotsOf = Callable[[str], str | None]
"""Takes a URL, returns the robots.txt that was read for its host; None without one."""


_MAX_DIRECTORIES = 2
_NOTHING = "nothing here could be read as a feed with articles"


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found and read. `same_as` is the address of an earlier feed that lists the same articles."""

    url: str
    found_by: str
    format: str
    entries: int
    newest_us: int | None = None
    title: str | None = None
    language: str | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class SiteFeeds:
    """The feeds of a site, those from the surest sources first, the number of requests made, and a problem.

    `problem` says why no feed was found, or names a bug of ours that may have hidden a feed; else None.
    """

    url: str
    feeds: tuple[FoundFeed, ...]
    requests: int
    problem: str | None = None


async def find_feeds(
    url: str,
    client: Fetcher,
    parse: Parse,
    read_links: ReadLinks,
    robots_of: RobotsOf,
    now_us: int,
    most_requests: int,
    with_guesses: bool = False,
) -> SiteFeeds:
    """The feeds of the page at `url`, found with at most `most_requests` requests besides robots.txt.

    Tries, in this order: the address itself; if it is not a feed, the feeds that the page names, also on pages that
    list feeds, and the sitemaps of robots.txt; if the page named no feed, the usual addresses of feeds. `with_guesses`
    tries sitemaps and usual addresses in any case. Only feeds with entries to fetch are in the result.
    """
    bounded = BoundedClient(client, most_requests)
    search = _Search(bounded, parse, now_us)
    try:
        page = await bounded.fetch(url)
    except (FetchError, Deferred) as error:
        return SiteFeeds(url, (), most_requests - bounded.left, str(error))
    problem: str | None = _NOTHING
    try:
        search.take(Lead(url, "itself"), await source_of(page, FeedSpec(url), bounded, parse, now_us))
    except FeedBugError as bug:
        search.bugs.append(bug.message)
    except FeedError as error:
        problem = _NOTHING if error.reason is Reason.NOT_A_FEED else error.message
    except (FetchError, Deferred) as error:
        problem = str(error)
    is_feed = bool(search.found)
    if not is_feed:
        await search.try_all(await search.named(page, read_links))
        for directory in search.pages[:_MAX_DIRECTORIES]:
            await search.try_all(await search.named(directory, read_links))
    is_named = bool(search.found)
    if with_guesses or not is_feed:
        await search.try_all(sitemap_leads(robots_of(page.final_url) or robots_of(url) or ""))
    if with_guesses or not is_named:
        await search.try_all(guesses(page.final_url))
    found = tuple(search.found)
    if search.bugs:
        problem = search.bugs[0]
    elif found:
        problem = None
    return SiteFeeds(url, found, most_requests - bounded.left, problem)


@dataclass
class _Search:
    """The state of the search on one site."""

    client: BoundedClient
    parse: Parse
    now_us: int
    found: list[FoundFeed] = field(default_factory=list)
    pages: list[Response] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    _tried: set[str] = field(default_factory=set)
    _listed: dict[frozenset[str], str] = field(default_factory=dict)

    async def named(self, page: Response, read_links: ReadLinks) -> tuple[Lead, ...]:
        if not page.is_success:
            return ()
        try:
            return await read_links(page.body, page.headers.get("content-type"), page.final_url)
        except FeedBugError as bug:
            self.bugs.append(f"{page.final_url}: {bug.message}")
        except FeedError:
            pass  # a page that cannot be parsed may be on a site with feeds all the same
        return ()

    async def try_all(self, leads: Iterable[Lead]) -> None:
        for lead in leads:
            key = url_key(lead.url)
            if key in self._tried or self.client.left <= 0:
                continue
            self._tried.add(key)
            try:
                response = await self.client.fetch(lead.url)
                if url_key(response.final_url) not in self._tried - {key}:
                    await self._read(lead, response)
            except FeedBugError as bug:
                self.bugs.append(f"{lead.url}: {bug.message}")
            except (FetchError, FeedError, Deferred, BadUrl):
                continue  # most leads lead nowhere

    async def _read(self, lead: Lead, response: Response) -> None:
        try:
            self.take(lead, await source_of(response, FeedSpec(lead.url), self.client, self.parse, self.now_us))
        except FeedBugError:
            raise
        except FeedError as error:
            if error.reason is Reason.NOT_A_FEED and lead.found_by == "link":
                self.pages.append(response)  # it may be a page that lists feeds

    def take(self, lead: Lead, source: Source) -> None:
        self._tried |= {url_key(lead.url), url_key(source.response.final_url)}
        if not source.entries:
            return
        listed = frozenset(entry.url_key for entry in source.entries)
        # The shortest name of a feed is the one it is asked for by, unless it has moved for good.
        url = source.response.final_url if source.response.has_moved else lead.url
        self.found.append(
            FoundFeed(
                url=url,
                found_by=lead.found_by,
                format=source.parsed.format,
                entries=len(source.entries),
                newest_us=source.newest_us,
                title=source.parsed.title or lead.title,
                language=source.parsed.language,
                same_as=self._listed.get(listed),
            )
        )
        self._listed.setdefault(listed, url)
