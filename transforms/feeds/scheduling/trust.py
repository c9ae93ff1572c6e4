"""The lie detector: decides whether a feed's "not modified" can be believed. Pure.

Some servers answer 304 to every conditional request, or keep an ETag while the entries change. Such a feed falls silent
without an error. Two steps find it, and neither can lose an entry:

1. A feed that has answered only 304 for long is read once without conditions. New entries with the same validators as
   before prove a lie. New entries with new validators do not: they may have come a minute ago.
2. In that case the old validators are sent once more. They are outdated now, so an honest server answers with the body;
   a 304 proves a lie.

A distrusted feed is polled without validators for good: a wrong suspicion costs some bytes, a wrong trust costs news.
Only if another address answers for the feed, after a move, is it trusted again.
"""

from __future__ import annotations

from dataclasses import replace

from schemas.feed import FeedCursor
from transforms.common.clock import DAY_US
from transforms.feeds.scheduling.listing import has_news
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings, jitter_of


def is_probe_due(cursor: FeedCursor, now_us: int, settings: PollSettings) -> bool:
    """Whether the next poll is made without conditions, to check a long row of 304s; never where polls are gentle."""
    if (
        settings.gently
        or cursor.suspected
        or cursor.last_read_at_us is None
        or cursor.unchanged_in_a_row < settings.probe_after
    ):
        return False
    return now_us - cursor.last_read_at_us >= DAY_US * (1 + jitter_of(cursor.feed_url))


def after_unchanged(before: FeedCursor) -> FeedCursor:
    """The cursor's trust after a 304; its validators stay."""
    return replace(
        before,
        unchanged_in_a_row=before.unchanged_in_a_row + 1,
        suspected=False,
        distrusted=before.distrusted or before.suspected,
    )


def with_updates(unchanged: FeedCursor, facts: PollFacts) -> FeedCursor:
    """The cursor with the validators that a 304 brings up to date (RFC 9111, 3.2 and 4.3.4).

    Only a 304 with the ETag of the body that was read speaks of that body. A date alone does not: some servers date
    each answer anew, and with the date of a 304 the feed would not be read again until it changes once more.
    """
    if facts.etag is None or unchanged.etag is None or facts.final_url != unchanged.validator_url:
        return unchanged
    if _opaque(facts.etag) != _opaque(unchanged.etag):
        return unchanged
    return replace(unchanged, etag=facts.etag, last_modified=facts.last_modified or unchanged.last_modified)


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")


def after_reading(before: FeedCursor, facts: PollFacts, now_us: int) -> FeedCursor:
    """The cursor's trust and validators after a body was read; the validators are the answer's, or none."""
    is_known = before.validator_url is not None and before.validator_url == facts.final_url
    is_changed = before.listing is not None and facts.listing is not None and has_news(before.listing, facts.listing)
    read = replace(before, unchanged_in_a_row=0, last_read_at_us=now_us, suspected=False)
    if is_known and is_changed and not before.distrusted:
        if _are_the_same(before, facts):
            return _with_validators(replace(read, distrusted=True), facts)
        if before.unchanged_in_a_row and not facts.conditional:
            return replace(read, suspected=True)
    return _with_validators(replace(read, distrusted=before.distrusted and is_known), facts)


def _with_validators(read: FeedCursor, facts: PollFacts) -> FeedCursor:
    # A distrusted feed keeps the address even without validators, because this address lied.
    is_kept = read.distrusted or facts.etag is not None or facts.last_modified is not None
    return replace(
        read,
        validator_url=facts.final_url if is_kept else None,
        etag=facts.etag,
        last_modified=facts.last_modified,
    )


def _are_the_same(before: FeedCursor, facts: PollFacts) -> bool:
    """Whether the validators are unchanged. If both have an ETag it decides, as at a server (RFC 9110, 13.2.2)."""
    if before.etag is not None and facts.etag is not None:
        return before.etag == facts.etag
    return before.last_modified is not None and before.last_modified == facts.last_modified
