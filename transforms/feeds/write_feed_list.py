"""Feed lists as text, in the forms that `read_feed_list` reads: what is written is read back the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from schemas.feed import FeedSpec

FORMATS = ("opml", "csv", "json", "txt")

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_feed_list(specs: Iterable[FeedSpec], form: str) -> str:
    """The list in one of FORMATS, each feed with its address, title, language and country; ``txt`` has addresses only.

    White space within a value is collapsed. Raises ValueError for another form.
    """
    writers = {"opml": _opml, "csv": _csv, "json": _json, "txt": _txt}
    if form not in writers:
        raise ValueError(f"{form!r} is no form of a feed list: choose one of {', '.join(FORMATS)}")
    return writers[form]([_tidy(spec) for spec in specs])


def form_of(name: str) -> str | None:
    """The form that a file's name asks for; None where its ending says nothing."""
    ending = name.rpartition(".")[2].lower()
    return {"xml": "opml", "lst": "txt"}.get(ending, ending if ending in FORMATS else None)


def _tidy(spec: FeedSpec) -> FeedSpec:
    texts = (_text(value) for value in (spec.title, spec.language, spec.country))
    return FeedSpec(spec.url.strip(), *texts)


def _text(value: str | None) -> str | None:
    return " ".join(_NOT_XML.sub("", value or "").split()) or None


def _opml(specs: list[FeedSpec]) -> str:
    outlines = "".join(f"    {_outline(spec)}\n" for spec in specs)
    prolog = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
    return f"{prolog}  <head><title>Feeds</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"


def _outline(spec: FeedSpec) -> str:
    title = spec.title or spec.url  # OPML 2.0 demands a text
    values = {"text": title, "title": spec.title, "xmlUrl": spec.url}
    values |= {"language": spec.language, "country": spec.country}
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)
    return f'<outline type="rss"{attributes}/>'


def _csv(specs: list[FeedSpec]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("url", "title", "language", "country"))
    rows.writerows((spec.url, spec.title, spec.language, spec.country) for spec in specs)
    return text.getvalue()


def _json(specs: list[FeedSpec]) -> str:
    feeds = [
        {name: getattr(spec, name) for name in ("url", "title", "language", "country") if getattr(spec, name)}
        for spec in specs
    ]
    return json.dumps({"feeds": feeds}, ensure_ascii=False, indent=1) + "\n"


def _txt(specs: list[FeedSpec]) -> str:
    return "".join(f"{spec.url}\n" for spec in specs)
