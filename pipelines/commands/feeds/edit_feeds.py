"""``newsbeam feeds add`` and ``remove``: edit a feed list in place."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from pipelines.checks import UsageError, check_output, is_uri, read_input
from pipelines.commands.feeds.look_at_feeds import look_at_sites
from pipelines.printable import json_text, masked
from schemas.feed import FeedSpec
from transforms.feeds.editing.edit_list import spellings, with_feeds, without_feeds
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.feeds.lists.find_feeds import FoundFeed, SiteFeeds
from transforms.feeds.lists.folders import folders_of
from transforms.lake.files.storage import Storage, StorageError
from transforms.web.urls import BadUrl, parse_url, typed_url, url_key


class Outcome(StrEnum):
    """What became of one address. LISTED: the list had it before; UNKNOWN: the list does not have it."""

    ADDED = "added"
    LISTED = "listed"
    REFUSED = "refused"
    REMOVED = "removed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an address: the feeds that it stands for, other feeds that were found there, and a problem."""

    url: str
    outcome: Outcome
    feeds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problem: str | None = None


def add_feeds(given: argparse.Namespace) -> int:
    """0 after all addresses were added to the list or stood there, 1 if one was refused; the others are added."""
    if given.title and len(given.urls) > 1:
        raise UsageError("--title is for one feed: name one address")
    _check_list(given.feeds)
    read_list(_content(given.feeds), given.feeds)  # a list that cannot be read is told before anybody is asked
    try:
        urls = [typed_url(url) for url in dict.fromkeys(given.urls)]
    except BadUrl as error:
        raise UsageError(masked(str(error))) from None
    bad = {url: problem for url in urls if (problem := _problem_of(url)) is not None}
    good = [url for url in urls if url not in bad]
    sites = {site.url: site for site in ([] if given.unchecked else look_at_sites(given, good))}

    content = _content(given.feeds)  # as it is now: looking took its time
    listed = spellings(spec.url for spec in read_list(content, given.feeds))
    specs: dict[str, FeedSpec] = {}
    results = [
        Edited(url, Outcome.REFUSED, problem=bad[url])
        if url in bad
        else _added(given, url, sites.get(url), listed, specs)
        for url in urls
    ]
    if specs:
        try:
            _replace(given.feeds, content, with_feeds(content, given.feeds, list(specs.values())))
        except FeedListError as error:
            raise UsageError(str(error)) from None
    _show(given, results)
    return 1 if any(one.outcome is Outcome.REFUSED for one in results) else 0


def remove_feeds(given: argparse.Namespace) -> int:
    """0 after all addresses were taken out of the list, 1 if it did not have one; the others are taken out."""
    _check_list(given.feeds)
    content = _content(given.feeds)
    specs = read_list(content, given.feeds)
    listed = spellings(spec.url for spec in specs)
    results: list[Edited] = []
    gone: set[str] = set()
    for url in dict.fromkeys(given.urls):
        try:
            key = url_key(url if "://" in url else f"https://{url}")
        except BadUrl as error:
            results.append(Edited(url, Outcome.UNKNOWN, problem=str(error)))
            continue
        same = tuple(spec.url for spec in specs if key in listed and url_key(spec.url) == key)
        gone.update(same)
        results.append(
            Edited(url, Outcome.REMOVED, same) if same else Edited(url, Outcome.UNKNOWN, problem="not in the list")
        )
    if gone:
        try:
            _replace(given.feeds, content, without_feeds(content, given.feeds, gone))
        except FeedListError as error:
            raise UsageError(str(error)) from None
    _show(given, results)
    return 1 if any(one.outcome is Outcome.UNKNOWN for one in results) else 0


def read_list(content: bytes, name: str) -> list[FeedSpec]:
    """The feeds of a list, which may have none. Raises UsageError."""
    try:
        return read_feed_list(content, name, may_be_empty=True) if content.strip() else []
    except FeedListError as error:
        raise UsageError(str(error)) from None


def _problem_of(url: str) -> str | None:
    try:
        parse_url(url)
    except BadUrl as error:
        return str(error)
    return None


def _added(
    given: argparse.Namespace, url: str, site: SiteFeeds | None, listed: dict[str, str], specs: dict[str, FeedSpec]
) -> Edited:
    """What becomes of one address; puts the feeds to add into `specs` and `listed`."""
    if site is None:
        found = [FoundFeed(url, "unchecked", "", 0)]
    elif not site.feeds:
        return Edited(url, Outcome.REFUSED, problem=site.problem)
    else:
        found = [feed for feed in site.feeds if feed.same_as is None]
    chosen = found if given.all else found[:1]
    others = tuple(feed.url for feed in found[len(chosen) :])
    new = [feed for feed in chosen if url_key(feed.url) not in listed]
    if not new:
        return Edited(url, Outcome.LISTED, tuple(listed[url_key(feed.url)] for feed in chosen), others)
    for feed in new:
        listed[url_key(feed.url)] = feed.url
        language = given.language or feed.language
        folders = folders_of(given.folder)
        specs[feed.url] = FeedSpec(feed.url, given.title or feed.title, language, given.country, folders)
    return Edited(url, Outcome.ADDED, tuple(feed.url for feed in new), others)


def _check_list(name: str) -> None:
    if name == "-":
        raise UsageError("--feeds: a list is edited in its file; standard input is none")
    if not is_uri(name):
        check_output(os.path.realpath(name))


def _content(name: str) -> bytes:
    """The bytes of the list; none where it is not there yet."""
    if not is_uri(name) and not os.path.lexists(name):
        return b""
    return read_input(name, "the feed list")


def _replace(name: str, before: bytes, after: bytes) -> None:
    """Write the whole list or, after an error, nothing. Raises UsageError, also where another has changed the list."""
    if _content(name) != before:
        raise UsageError(f"{name} was changed by another just now; nothing was written, run it again")
    if is_uri(name):
        folder, _, last = name.rpartition("/")
        try:
            Storage(folder, must_exist=True).put(last, after)
        except (StorageError, ValueError) as error:
            raise UsageError(f"cannot write {name}: {error}") from None
        return
    path = Path(os.path.realpath(name))  # a link stays one
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("xb") as file:
            file.write(after)
            file.flush()
            if path.exists():
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder_handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder_handle)
        finally:
            os.close(folder_handle)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UsageError(f"cannot write {name}: {error.strerror}") from None


def _show(given: argparse.Namespace, results: Sequence[Edited]) -> None:
    if given.json:
        shown = [
            asdict(one) | {"url": masked(one.url), "problem": one.problem and masked(one.problem)} for one in results
        ]
        print(json_text({"feeds": given.feeds, "urls": shown}))
        return
    for one in results:
        for line in _lines(one):
            print(line)


def _lines(one: Edited) -> Iterator[str]:
    url = masked(one.url)
    same = one.feeds == (one.url,)
    told = "" if same or not one.feeds else f": {', '.join(map(masked, one.feeds))}"
    yield f"{one.outcome:8} {url}{told}" + (f": {masked(one.problem)}" if one.problem else "")
    if one.others:
        yield f"         also found there (add them with --all): {', '.join(map(masked, one.others))}"
