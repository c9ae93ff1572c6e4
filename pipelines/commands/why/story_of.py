"""Puts together the story of one address or article, as the values of a JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pipelines.commands.why.changes import changed_facts, shown, text_diff
from pipelines.printable import masked
from schemas.feed import FeedCursor
from schemas.run import iso, started_us
from transforms.feeds.editing.edit_list import spellings
from transforms.feeds.lists.feed_status import FeedStatus, feed_status
from transforms.feeds.scheduling.listing import lists
from transforms.lake.committed import committed
from transforms.lake.feed_orders import read_orders
from transforms.lake.files.manifests import read_manifest
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.lookup.entry_facts import AskedOf, EntryFacts, entry_facts
from transforms.lake.lookup.fate import Fate, fate_of
from transforms.lake.lookup.find_rows import Row
from transforms.lake.lookup.relatives import Relatives, relatives
from transforms.lake.state import cursors_in
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices
from transforms.web.politeness.robots import RobotsPolicy
from transforms.web.urls import normalize_url, registrable_domain, request_url, url_key

MOST_RELATIVES: Final = 50
"""Copies and members of a story that are read, from the earliest on: some stories have thousands."""
_MOST_FEEDS: Final = 20
_LATER: Final = 1 << 62
"""Later than all instants, in microseconds."""
_REVISION: Final = (
    "url", "canonical_url", "publisher_name", "headline", "date_published", "date_published_source", "in_language",
    "word_count", "page_kind", "is_complete", "body_source", "extractor", "relation", "duplicate_of", "similarity",
    "cluster_id", "story_id", "run_id", "fetched_at",
)  # fmt: skip
_RELATIVE: Final = (
    "article_id", "canonical_url", "publisher_name", "headline", "in_language", "date_published", "relation",
    "duplicate_of", "similarity",
)  # fmt: skip


def story_of(storage: Storage, asked: AskedOf, now_us: int, choices: FeedChoices = NO_CHOICES) -> dict[str, Any]:
    """All that the lake knows of an address or article; feeds as they were at `now_us`, with what the settings file
    chooses for them. Raises DamagedPartError."""
    reader, held = PartReader(storage), committed(storage)
    facts = entry_facts(reader, held, asked)
    cursors, orders = cursors_in(storage), read_orders(storage).by_feed

    def status(url: str) -> dict[str, Any]:
        paused = bool(choices.of(url).pause)
        return _feed(feed_status(url, cursors.get(url), (), now_us, orders.get(url), paused))

    listed_by = [cursor for cursor in cursors.values() if _lists(cursor, facts.keys)]
    feed = spellings({**cursors, **orders}).get(url_key(asked.url)) if asked.url is not None else None
    told = fate_of(facts, feed is not None, len(listed_by))
    latest = facts.articles[-1] if facts.articles else None
    found = relatives(reader, held, latest, MOST_RELATIVES) if latest is not None else Relatives()
    is_only_listed = told.fate is Fate.LISTED
    return {
        "asked": masked(asked.text),
        "url": normalize_url(asked.url) if asked.url is not None else None,
        "url_key": url_key(asked.url) if asked.url is not None else None,
        "article_id": latest["article_id"] if latest is not None else asked.article_id,
        "fate": str(told.fate),
        "told": told.sentence,
        "forgotten": _forgotten(facts),
        "listed_by": _listings(facts, listed_by),
        "pending": _pending(facts),
        "seen": _seen(facts),
        "fetches": _fetches(facts),
        "failures": [_failure(row) for row in facts.failures],
        "robots": _robots(facts),
        "revisions": _revisions(facts),
        "copies": _group(latest, "cluster_id", found.copies, found.copies_count),
        "story": _group(latest, "story_id", found.story, found.story_count),
        "run_outcomes": _outcomes(storage, held.runs, listed_by) if is_only_listed else None,
        "feed": None if feed is None else status(feed),
        "feeds_of_site": []
        if facts.articles or feed is not None
        else list(map(status, _of_site(asked, {*cursors, *orders}))),
    }


def _lists(cursor: FeedCursor, keys: set[str]) -> bool:
    return cursor.listing is not None and any(lists(cursor.listing, key) for key in keys)


def _listings(facts: EntryFacts, listed_by: list[FeedCursor]) -> list[dict[str, Any]]:
    """The feeds that listed it: the poll of the run that took it in, or only that it stands in the feed now."""
    polls = {(row["feed_url"], row["run_id"]): row for row in facts.polls}
    now = {cursor.feed_url: cursor.last_read_at_us for cursor in listed_by}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (*facts.pages, *facts.failures, *facts.pending):
        feed, run_id = row.get("feed_url"), row.get("run_id", "")
        if not feed or (feed, run_id) in found or row.get("input_kind") == "feed":
            continue
        poll = polls.get((feed, run_id))
        found[feed, run_id] = {
            "feed_url": feed,
            "run_id": run_id or None,
            "polled_at": _iso(poll["polled_at"]) if poll is not None else None,
            "outcome": poll["outcome"] if poll is not None else None,
            "entry_id": row.get("entry_id"),
            "entry_title": row.get("entry_title", row.get("title")),
            "entry_published": _iso(row.get("entry_published", row.get("published"))),
            "listed_when_read_at": _iso(now.get(feed)),
        }
    known = {feed for feed, _ in found}
    alone = [
        {"feed_url": feed, "listed_when_read_at": _iso(read_us)}
        for feed, read_us in sorted(now.items())
        if feed not in known
    ]
    return [*found.values(), *alone]


def _forgotten(facts: EntryFacts) -> dict[str, Any] | None:
    row = facts.forgotten
    if row is None:
        return None
    return {"kind": row.kind, "asked": row.asked, "forgotten_at": iso(row.forgotten_at_us), "reason": row.reason}


def _pending(facts: EntryFacts) -> dict[str, Any] | None:
    if not facts.pending:
        return None
    row = facts.pending[0]
    return {"feed_url": row["feed_url"], "attempts": row["attempts"], "waiting_since": _iso(row.get("waiting_since"))}


def _seen(facts: EntryFacts) -> dict[str, Any] | None:
    seen = facts.seen
    return None if seen is None else {"seen_at": iso(seen.seen_at_us), "updated": _iso(seen.updated_us)}


def _fetches(facts: EntryFacts) -> list[dict[str, Any]]:
    """The fetched pages and how each ended; failed fetches are among the failures."""
    revisions = {(row["fetched_at"], row["url"]): number for number, row in enumerate(facts.articles, 1)}
    failed = [row for row in facts.failures if row["stage"] == "extract"]
    found = []
    for place, page in enumerate(facts.pages, 1):
        next_us = facts.pages[place]["fetched_at"] if place < len(facts.pages) else _LATER
        number = revisions.get((page["fetched_at"], page["url"]))
        reason = next((row["reason"] for row in failed if page["fetched_at"] <= row["failed_at"] <= next_us), None)
        ended = "article" if number is not None else "failed" if reason is not None else "no_new_article"
        found.append(
            {
                "fetched_at": iso(page["fetched_at"]),
                "run_id": page["run_id"],
                "url": page["url"],
                "final_url": page["final_url"],
                "status": page["status"],
                "elapsed_ms": page.get("elapsed_ms"),
                "warc_file": page.get("warc_file"),
                "usage": page.get("robots_usage"),
                "ended": ended,
                "reason": reason if ended == "failed" else None,
                "number": number,
            }
        )
    return found


def _failure(row: Row) -> dict[str, Any]:
    return {
        "failed_at": iso(row["failed_at"]),
        "run_id": row["run_id"],
        "stage": row["stage"],
        "reason": row["reason"],
        "message": row["message"],
        "status": row.get("status"),
        "input": row["input"],
    }


def _robots(facts: EntryFacts) -> dict[str, Any] | None:
    """What robots.txt, as it was read last, says to the address."""
    host, url = facts.host, facts.asked.url or next((row["url"] for row in facts.pages), None)
    if host is None or url is None or host.get("robots_fetched_at") is None:
        return None
    reason = RobotsPolicy(host.get("robots_status"), host.get("robots_body")).verdict(request_url(url))
    return {
        "host": host["host"],
        "verdict": "allowed" if reason is None else str(reason),
        "status": host.get("robots_status"),
        "read_at": iso(host["robots_fetched_at"]),
        "host_rests_until": _iso(host.get("rest_until")),
    }


def _revisions(facts: EntryFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, row in enumerate(facts.articles, 1):
        told = {"number": number, "revision": row["revision"]} | {
            name: shown(name, row.get(name)) for name in _REVISION
        }
        told["removed"] = [dict(one) for one in row.get("removed") or ()]
        told["recovered"] = len(row.get("recovered") or ())
        if number > 1:
            before = facts.articles[number - 2]
            told["changed"] = [one._asdict() for one in changed_facts(before, row)]
            told["diff"] = text_diff(before, row, (number - 1, number))
        found.append(told)
    return found


def _group(latest: Row | None, name: str, members: list[Row], count: int) -> dict[str, Any] | None:
    """A group of articles; None for an article that is alone in it."""
    if latest is None or not latest.get(name) or not count:
        return None
    told = [{column: shown(column, row.get(column)) for column in _RELATIVE} for row in members]
    return {"id": latest[name], "others": count, "articles": told}


def _outcomes(storage: Storage, runs: Sequence[str], listed_by: Sequence[FeedCursor]) -> dict[str, Any] | None:
    """What became of the entries in the run that read the feed last: all outcomes that it counted, by their names."""
    read_us = max((cursor.last_read_at_us or 0 for cursor in listed_by), default=0)
    before = [run_id for run_id in runs if started_us(run_id) <= read_us]
    if not before:
        return None
    counts = read_manifest(storage, before[-1]).counts
    outcomes = {name.removeprefix("entries."): n for name, n in counts.items() if name.startswith("entries.") and n}
    return {"run_id": before[-1], "entries": outcomes}


def _of_site(asked: AskedOf, feeds: Iterable[str]) -> list[str]:
    """The feeds of the same site, which would have listed it."""
    if asked.url is None:
        return []
    site = registrable_domain(asked.url)
    return sorted(url for url in feeds if registrable_domain(url) == site)[:_MOST_FEEDS]


def _feed(one: FeedStatus) -> dict[str, Any]:
    return {
        "feed_url": one.feed_url,
        "state": str(one.state),
        "last_polled_at": _iso(one.last_polled_at_us),
        "last_success_at": _iso(one.last_success_at_us),
        "next_poll_at": _iso(one.next_poll_at_us),
        "errors_in_a_row": one.errors_in_a_row,
        "order": one.order,
        "order_reason": one.order_reason,
        "paused_by_settings": one.paused_by_settings,
    }


def _iso(instant_us: int | None) -> str | None:
    return None if instant_us is None else iso(instant_us)
