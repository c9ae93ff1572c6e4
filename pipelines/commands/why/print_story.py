"""Prints the story of one address or article for people. All foreign text is made safe to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pipelines.printable import masked, plain

_MOST_CHARACTERS: Final = 160
_MOST_LINES: Final = 12
_MOST_GROUP: Final = 12


def story_lines(story: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a story, as `story_of` gives it."""
    yield masked(story["url"] or f"article {story['article_id']}")
    fate = story["fate"].replace("_", " ")
    told = masked(story["told"])
    yield f"  {told}" if told.startswith(fate) else f"  {fate}: {told}"
    if story["article_id"] is not None and story["revisions"]:
        yield f"  article {story['article_id']}, {masked(story['revisions'][-1]['canonical_url'])}"
    yield from _section("listed by", map(_listing, story["listed_by"]))
    if story["pending"] is not None:
        one = story["pending"]
        yield from _section("waiting", [f"since {_time(one['waiting_since'])}, {one['attempts']} tries so far"])
    yield from _section("fetched", map(_fetch, story["fetches"]))
    yield from _section("failed", map(_failure, story["failures"]))
    yield from _section("robots.txt", _robots(story["robots"]))
    for one in story["revisions"]:
        yield from _section(f"revision {one['number']}", _revision(one, of=len(story["revisions"])))
    yield from _section("copies", _group(story["copies"]))
    yield from _section("story", _group(story["story"]))
    if story["run_outcomes"] is not None:
        one = story["run_outcomes"]
        told = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(one["entries"].items()))
        yield from _section(f"entries of run {one['run_id']}, which read it last", [plain(told or "none")])
    if story["feed"] is not None:
        yield from _section("feed", [_feed(story["feed"])])
    if story["fate"] in ("never_seen", "listed"):
        yield from _section("feeds of the site", map(_feed, story["feeds_of_site"]), otherwise=story["url"] is not None)


def _section(name: str, lines: Iterator[str] | Sequence[str], otherwise: bool = False) -> Iterator[str]:
    found = list(lines)
    if found or otherwise:
        yield ""
        yield name
        yield from (f"  {line}" for line in found or ["none in this lake"])


def _listing(one: Mapping[str, Any]) -> str:
    told = masked(one["feed_url"])
    if one.get("run_id"):
        when = f"{_time(one['polled_at'])} {one['outcome']}" if one["polled_at"] else f"run {one['run_id']}"
        told += f"  {when}"
    if one.get("entry_title"):
        told += f'  "{_short(one["entry_title"])}"'
    if one.get("entry_published"):
        told += f"  dated {_time(one['entry_published'])}"
    if one["listed_when_read_at"]:
        told += f"  listed still when read {_time(one['listed_when_read_at'])}"
    return told


def _fetch(one: Mapping[str, Any]) -> str:
    ended = {"article": f"revision {one['number']}", "failed": f"failed: {one['reason']}"}
    told = f"{_time(one['fetched_at'])}  {one['status']}  {masked(one['url'])}"
    if one["final_url"] != one["url"]:
        told += f" -> {masked(one['final_url'])}"
    if one["warc_file"]:
        told += f"  from {plain(one['warc_file'])}"
    return f"{told}  {ended.get(one['ended'], 'no row of its own: no new words, or one article with another page')}"


def _failure(one: Mapping[str, Any]) -> str:
    status = f" ({one['status']})" if one["status"] else ""
    return f"{_time(one['failed_at'])}  {one['stage']}  {one['reason']}{status}: {masked(_short(one['message']))}"


def _robots(one: Mapping[str, Any] | None) -> Iterator[str]:
    if one is not None:
        told = f"{one['verdict']}, as read {_time(one['read_at'])} (status {one['status'] or 'none'})"
        yield told + (f"; the host rests until {_time(one['host_rests_until'])}" if one["host_rests_until"] else "")


def _revision(one: Mapping[str, Any], of: int) -> Iterator[str]:
    yield f"{_short(one['headline'] or 'no headline')}"
    parts = [
        f"fetched {_time(one['fetched_at'])}",
        f"published {_time(one['date_published'])} ({one['date_published_source'] or 'nobody says'})",
        f"{one['word_count']} words",
        one["in_language"] or "language unknown",
        (one["page_kind"] or "kind unknown").replace("_", " "),
        f"text from {one['body_source']}, {one['extractor']}",
        *([] if one["is_complete"] is None else ["whole" if one["is_complete"] else "not whole"]),
    ]
    yield plain(", ".join(parts))
    if one["relation"] and one["relation"] != "original" and one["duplicate_of"]:
        share = f", {one['similarity']:.0%} of the shorter text" if one["similarity"] is not None else ""
        yield f"{one['relation']} of {one['duplicate_of']}{share}"
    for removed in one["removed"]:
        yield f"removed ({removed['reason']}): {_short(removed['text'])}"
    for change in one.get("changed", ()):
        yield f"{change['name']}: {_short(change['before'])} -> {_short(change['after'])}"
    diff = one.get("diff", ())
    for line in diff[:_MOST_LINES]:
        yield _short(line)
    if len(diff) > _MOST_LINES:
        yield f"… {len(diff) - _MOST_LINES} lines more: newsbeam diff --between {one['number'] - 1} {one['number']}"


def _group(one: Mapping[str, Any] | None) -> Iterator[str]:
    if one is None:
        return
    yield f"{one['id']}, with {one['others']} other {'article' if one['others'] == 1 else 'articles'}"
    for member in one["articles"][:_MOST_GROUP]:
        relation = member["relation"]
        told = f"{relation} of {member['duplicate_of'][:8]}…" if member["duplicate_of"] else relation or ""
        headline = _short(member["headline"] or "")
        yield f"{_time(member['date_published'])}  {told:24}  {masked(member['canonical_url'])}  {headline}"
    if one["others"] > _MOST_GROUP:
        yield f"… and {one['others'] - min(_MOST_GROUP, len(one['articles']))} more"


def _feed(one: Mapping[str, Any]) -> str:
    order = ""
    if one["order"]:
        order = f"  ordered: {one['order']}" + (f" ({_short(one['order_reason'])})" if one["order_reason"] else "")
    errors = f", {one['errors_in_a_row']} errors in a row" if one["errors_in_a_row"] else ""
    state = one["state"].replace("_", " ") + (" by settings" if one["paused_by_settings"] else "")
    times = f"last success {_time(one['last_success_at'])}, next poll {_time(one['next_poll_at'])}"
    return f"{masked(one['feed_url'])}  {state}{errors}, last asked {_time(one['last_polled_at'])}, {times}{order}"


def _time(instant: str | None) -> str:
    return "-" if instant is None else instant[:16].replace("T", " ")


def _short(value: Any) -> str:
    text = plain(str(value))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
