"""Adds feeds to a list, and removes them, in any of its formats; the result is read back before it counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress

from schemas.feed import FeedSpec
from transforms.feeds.editing.edit_csv import rows_with, rows_without
from transforms.feeds.editing.edit_json import objects_with, objects_without
from transforms.feeds.editing.edit_lines import lines_with, lines_without
from transforms.feeds.editing.edit_opml import outlines_with, outlines_without
from transforms.feeds.lists.csv_list import find_header
from transforms.feeds.lists.feed_list import (
    URL_COLUMNS,
    FeedListError,
    charset_of,
    form_of_content,
    read_feed_list,
    same_lines,
)
from transforms.feeds.lists.write_feed_list import form_of, write_feed_list
from transforms.web.urls import BadUrl, url_key


def with_feeds(content: bytes, name: str, specs: Sequence[FeedSpec]) -> bytes:
    """The list with these feeds, which it must not have yet, at its end or at the end of their folders.

    An empty list becomes one of the format that its file's name asks for. Raises FeedListError for a list that cannot
    be read, or not be edited so that all else stays as it is.
    """
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        return write_feed_list(specs, form_of(name) or "txt").encode()
    before = read_feed_list(content, name, may_be_empty=True)

    def edit(text: str, form: str) -> str:
        if form == "opml":
            return outlines_with(text, specs)
        if form == "json":
            return objects_with(text, specs)
        if form == "csv" and (header := find_header(same_lines(text), URL_COLUMNS)) is not None:
            return rows_with(text, header, specs)
        return lines_with(text, specs)

    after, read = _edited(content, name, edit)
    known, new = {spec.url for spec in before}, {spec.url for spec in specs}
    if [spec for spec in read if spec.url in known] != before or {spec.url for spec in read} != known | new:
        raise _refused(name)
    return after


def without_feeds(content: bytes, name: str, gone: Collection[str]) -> bytes:
    """The list without these feeds, given as it spells their addresses. Raises FeedListError as `with_feeds`."""
    before = read_feed_list(content, name, may_be_empty=True)
    is_gone = frozenset(gone).__contains__

    def edit(text: str, form: str) -> str:
        if form == "opml":
            return outlines_without(text, is_gone)
        if form == "json":
            return objects_without(text, is_gone)
        if form == "csv" and (header := find_header(same_lines(text), URL_COLUMNS)) is not None:
            return rows_without(text, header, is_gone)
        return lines_without(text, is_gone)

    after, read = _edited(content, name, edit)
    if read != [spec for spec in before if not is_gone(spec.url)]:
        raise _refused(name)
    return after


def spellings(urls: Iterable[str]) -> dict[str, str]:
    """These addresses of feeds by their `url_key`, so that one is found in any equivalent spelling."""
    found: dict[str, str] = {}
    for url in urls:
        with suppress(BadUrl):
            found.setdefault(url_key(url), url)
    return found


def _edited(content: bytes, name: str, edit: Callable[[str, str], str]) -> tuple[bytes, list[FeedSpec]]:
    charset = charset_of(content, name)
    text = content.decode(charset)
    form = form_of_content(text)
    errors = "xmlcharrefreplace" if form == "opml" else "strict"
    try:
        after = edit(text, form).encode(charset, errors)
        return after, read_feed_list(after, name, may_be_empty=True)
    except UnicodeEncodeError:
        raise _refused(name) from None


def _refused(name: str) -> FeedListError:
    return FeedListError(f"{name}: it cannot be edited so that all else in it stays as it is; edit it by hand")
