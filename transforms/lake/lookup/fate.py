"""Says in one word and one sentence what became of an address. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from schemas.run import iso
from transforms.lake.lookup.entry_facts import EntryFacts


class Fate(StrEnum):
    """What became of an address. The first that holds counts."""

    ARTICLE = "article"
    FORGOTTEN = "forgotten"
    PENDING = "pending"
    FAILED = "failed"
    NO_NEW_ARTICLE = "no_new_article"
    SEEN = "seen"
    FEED = "feed"
    LISTED = "listed"
    NEVER_SEEN = "never_seen"


class Told(NamedTuple):
    """The fate of an address, and the same for people."""

    fate: Fate
    sentence: str


def fate_of(facts: EntryFacts, is_feed: bool, listed_by: int) -> Told:
    """What became of an address or an article. `listed_by`: how many feeds listed it when they were last read."""
    if facts.articles:
        return Told(Fate.ARTICLE, _told_of_article(facts))
    if facts.forgotten is not None:
        asked = facts.forgotten.asked or "another address of the same article"
        why = f", because: {facts.forgotten.reason}" if facts.forgotten.reason else ""
        at = iso(facts.forgotten.forgotten_at_us)[:16]
        return Told(Fate.FORGOTTEN, f"forgotten at {at} ({asked}){why}; it is never fetched again")
    last = facts.failures[-1] if facts.failures else None
    if facts.pending:
        attempts = facts.pending[0]["attempts"]
        if attempts and last is not None:
            told = (
                f"waiting for another try: {attempts} failed so far, the last by {last['reason']} ({last['message']})"
            )
        else:
            told = "waiting for its first fetch: the run that found it had no time or no page left, or was offline"
        return Told(Fate.PENDING, told)
    is_fetched_since = last is not None and any(page["fetched_at"] > last["failed_at"] for page in facts.pages)
    if last is not None and not is_fetched_since:
        return Told(Fate.FAILED, f"failed in {last['stage']}: {last['reason']}, {last['message']}")
    if facts.pages:
        told = "fetched, and no row of its own: another page is the same article, or the text was that of a row before"
        return Told(Fate.NO_NEW_ARTICLE, told)
    if facts.seen is not None:
        at = iso(facts.seen.seen_at_us)[:16]
        told = f"fetched, or failed for good, at {at}; its rows are no longer kept"
        return Told(Fate.SEEN, told)
    if is_feed:
        return Told(Fate.FEED, "a feed of this lake, not an entry")
    if listed_by:
        told = (
            "listed by a feed, and neither fetched nor waiting: dropped by a rule, or another entry of its page counts"
        )
        return Told(Fate.LISTED, told)
    if facts.asked.url is None:
        return Told(Fate.NEVER_SEEN, "no article of this lake has this id")
    return Told(Fate.NEVER_SEEN, "no feed of this lake is known to have listed it")


def _told_of_article(facts: EntryFacts) -> str:
    last = facts.articles[-1]
    revisions = len(facts.articles)
    told = "an article" if revisions == 1 else f"an article in {revisions} revisions"
    relation = last.get("relation")
    if relation in ("exact", "near", "abridged"):
        told += f", {relation} copy of {last['duplicate_of']}"
    return told
