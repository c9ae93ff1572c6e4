"""Writes feed lists in the formats that `read_feed_list` reads, so that a written list is read back equal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from schemas.feed import FeedSpec
from transforms.feeds.lists.csv_guard import guarded
from transforms.feeds.lists.folders import path_of
from transforms.feeds.parsing.fields.xml_text import without_illegal

FORMATS = ("opml", "csv", "json", "txt")

_COLUMNS = ("url", "title", "language", "country", "folder")


def write_feed_list(specs: Iterable[FeedSpec], form: str) -> str:
    """The list in one of FORMATS, each feed with its address, title, language, country and folders.

    OPML has an outline for each folder, CSV and JSON have its path; ``txt`` has addresses only. White space within a
    value is collapsed. In CSV a value that a spreadsheet would run (``=cmd…``) gets an apostrophe before it. Raises
    ValueError for an unknown format.
    """
    writers = {"opml": _opml, "csv": _csv, "json": _json, "txt": _txt}
    if form not in writers:
        raise ValueError(f"{form!r} is no form of a feed list: choose one of {', '.join(FORMATS)}")
    return writers[form]([_tidy(spec) for spec in specs])


def form_of(name: str) -> str | None:
    """The format that a file name's ending asks for; None for an unknown ending."""
    ending = name.rpartition(".")[2].lower()
    return {"xml": "opml", "lst": "txt"}.get(ending, ending if ending in FORMATS else None)


def _tidy(spec: FeedSpec) -> FeedSpec:
    title, language, country = (_text(value) for value in (spec.title, spec.language, spec.country))
    folders = tuple(filter(None, map(_text, spec.folders)))
    return FeedSpec(spec.url.strip(), title, language, country, folders)


def _text(value: str | None) -> str | None:
    return " ".join(without_illegal(value or "").split()) or None


class _Folder:
    """A folder to write: its feeds (by address) and folders (by ``/`` and name), in the order of first mention."""

    def __init__(self) -> None:
        self.inside: dict[str, FeedSpec | _Folder] = {}

    def folder(self, name: str) -> _Folder:
        inner = self.inside.setdefault(f"/{name}", _Folder())
        assert isinstance(inner, _Folder), "no address starts with a slash"
        return inner

    def lines(self, indent: str) -> Iterable[str]:
        for name, item in self.inside.items():
            if isinstance(item, FeedSpec):
                yield f"{indent}{outline_of(item)}\n"
            else:
                yield f"{indent}<outline text={quoteattr(name[1:])}>\n"
                yield from item.lines(f"{indent}  ")
                yield f"{indent}</outline>\n"


def _opml(specs: list[FeedSpec]) -> str:
    body = _Folder()
    for spec in specs:
        folder = body
        for name in spec.folders:
            folder = folder.folder(name)
        folder.inside[spec.url] = spec
    prolog = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
    outlines = "".join(body.lines("    "))
    return f"{prolog}  <head><title>Feeds</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"


def outline_of(spec: FeedSpec) -> str:
    """The outline of a feed in OPML."""
    title = spec.title or spec.url  # OPML 2.0 requires a text
    values = {"text": title, "title": spec.title, "xmlUrl": spec.url}
    values |= {"language": spec.language, "country": spec.country}
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)
    return f'<outline type="rss"{attributes}/>'


def _csv(specs: list[FeedSpec]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows([guarded(value) for value in _values(spec)] for spec in specs)
    return text.getvalue()


def _json(specs: list[FeedSpec]) -> str:
    feeds = [
        {name: value for name, value in zip(_COLUMNS, _values(spec), strict=True) if value is not None}
        for spec in specs
    ]
    return json.dumps({"feeds": feeds}, ensure_ascii=False, indent=1) + "\n"


def _values(spec: FeedSpec) -> tuple[str | None, ...]:
    return spec.url, spec.title, spec.language, spec.country, path_of(spec.folders)


def _txt(specs: list[FeedSpec]) -> str:
    return "".join(f"{spec.url}\n" for spec in specs)
