"""Reads the user's list of feeds: OPML, CSV, JSON or plain lines, told apart by content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from schemas.feed import FeedSpec
from transforms.feeds.lists.csv_guard import unguarded
from transforms.feeds.lists.csv_list import CsvError, Header, find_header, rows_below
from transforms.feeds.lists.folders import MAX_DEPTH, folders_of
from transforms.feeds.parsing.fields.xml_text import mended_xml
from transforms.text.charset import python_charset
from transforms.text.well_formed import well_formed, well_formed_values
from transforms.web.urls import BadUrl, parse_url

MAX_SHOWN = 5

URL_COLUMNS = ("url", "xmlurl", "xml_url", "feed", "feed_url", "feedurl", "rss", "link")
_TITLE_COLUMNS = ("title", "name", "text")
_LANGUAGE_COLUMNS = ("language", "lang")
_COUNTRY_COLUMNS = ("country",)
_FOLDER_COLUMNS = ("folder", "folders", "category", "group")
CSV_COLUMNS = (URL_COLUMNS, _TITLE_COLUMNS, _LANGUAGE_COLUMNS, _COUNTRY_COLUMNS, _FOLDER_COLUMNS)
"""The names that columns of CSV may have: of the address, the title, the language, the country and the folder."""
_LINE_END = re.compile(r"\r\n?")
_SPACE = re.compile(r"\s")
_XML_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDE = (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")


class FeedListError(ValueError):
    """A feed list that cannot be used; the message names the file, the lines and the remedy."""


class _Listed(NamedTuple):
    line: int
    url: str
    title: str | None = None
    language: str | None = None
    country: str | None = None
    folders: tuple[str, ...] = ()


def read_feed_list(text: bytes, name: str, may_be_empty: bool = False) -> list[FeedSpec]:
    """The feeds of a list, in its order, each address once (the first mention counts). Raises FeedListError.

    The list may be OPML (outlines with an ``xmlUrl``, nested or not), JSON (a list of addresses or of objects, bare or
    under ``feeds``), CSV (a header with a column such as ``url``, or addresses alone), or lines of one address each,
    where ``#`` starts a comment line. Lines may end as on any system. The text is UTF-8 or, with a byte-order mark,
    UTF-16; XML may declare another charset. An address with white space in it is refused: mostly it is two things on
    one line. All texts of the result are well-formed. `name` is the file's name for messages. A list without a feed is
    refused unless it `may_be_empty`.
    """
    content = same_lines(text.decode(charset_of(text, name)))
    form = form_of_content(content)
    if form == "opml":
        listed = list(_opml(content, name))
    elif form == "json":
        listed = list(_json(content, name))
    elif (header := find_header(content, URL_COLUMNS)) is not None:
        listed = list(_csv(content, header, name))
    else:
        listed = list(_lines(content))
    if listed or not may_be_empty:
        _check(listed, name)
    specs: dict[str, FeedSpec] = {}
    for feed in listed:
        specs.setdefault(feed.url, FeedSpec(*feed[1:]))
    return list(specs.values())


def form_of_content(content: str) -> str:
    """The format of a list, one of `FORMATS`, by its content."""
    start = content.lstrip("\ufeff \t\r\n\f\v")
    if start.startswith("<"):
        return "opml"
    if start.startswith(("[", "{")):
        return "json"
    return "txt" if find_header(same_lines(content), URL_COLUMNS) is None else "csv"


def same_lines(text: str) -> str:
    r"""A list's text with lines that end in ``\n``, well-formed, without byte-order marks."""
    return _LINE_END.sub("\n", well_formed(text).replace("\ufeff", ""))


def charset_of(text: bytes, name: str) -> str:
    """The codec of a list, which keeps a byte-order mark as a character. Raises FeedListError."""
    charset = next((charset for start, charset in (*_MARKS, *_WIDE) if text.startswith(start)), "utf-8")
    try:
        text.decode(charset)
        return charset
    except UnicodeDecodeError as error:
        place = error.start
    declared = _DECLARED.match(text.lstrip())
    label = python_charset(declared[1].decode("ascii", "replace")) if declared else None
    if label is not None and label.startswith(("utf-16", "utf-32")):  # it cannot be: the declaration was read as ASCII
        label = None
    try:
        text.decode(label or "ascii")
        return label or "ascii"
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, place) + 1
        raise FeedListError(f"{name}, line {line}: not UTF-8 text; save the list as UTF-8") from error


def _check(listed: list[_Listed], name: str) -> None:
    if not listed:
        raise FeedListError(
            f"{name}: no feed in it; give OPML, CSV with a column 'url', JSON or one feed address a line"
        )
    bad = []
    for feed in listed:
        try:
            parse_url(feed.url)
            if _SPACE.search(feed.url):
                raise BadUrl(f"not one address, in which a space would be %20: {feed.url[:200]!r}")
        except BadUrl as error:
            bad.append(f"  line {feed.line}: {error}")
    if bad:
        more = f"\n  and {len(bad) - MAX_SHOWN} more" if len(bad) > MAX_SHOWN else ""
        shown = "\n".join(bad[:MAX_SHOWN])
        raise FeedListError(
            f"{name}: {len(bad)} of {len(listed)} feed addresses cannot be used; "
            f"correct them or take them out (an address starts with http:// or https://)\n{shown}{more}"
        )


def _opml(content: str, name: str) -> Iterator[_Listed]:
    # Addresses with a bare & are the commonest fault of handmade OPML. Nothing else is repaired, because a repairing
    # parser would drop feeds without a message.
    document = mended_xml(_XML_DECLARATION.sub("", content, count=1))
    dropped_lines = content[: len(content) - len(content.lstrip())].count("\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(document.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 1) + dropped_lines
        raise FeedListError(
            f"{name}, line {line}: broken XML ({error.msg}); correct that line, or give the addresses one a line"
        ) from error
    for outline in root.iter("{*}outline"):
        attributes = _attributes(outline)
        if "xmlurl" in attributes:
            yield _Listed(
                (outline.sourceline or 0) + dropped_lines,
                attributes["xmlurl"],
                _outline_title(attributes),
                attributes.get("language") or None,
                attributes.get("country") or None,
                _outline_folders(outline) or folders_of(attributes.get("category", "").partition(",")[0]),
            )


def _attributes(outline: etree._Element) -> dict[str, str]:
    return {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}


def _outline_folders(outline: etree._Element) -> tuple[str, ...]:
    """The names of the outlines that enclose a feed, outermost first."""
    around = map(_attributes, reversed([*outline.iterancestors("{*}outline")]))
    names = (attributes.get("text") or attributes.get("title") for attributes in around if "xmlurl" not in attributes)
    return tuple(name for name in names if name)[:MAX_DEPTH]


def _outline_title(attributes: dict[str, str]) -> str | None:
    title = attributes.get("title") or attributes.get("text") or None
    # OPML requires a text; without a title, programs put the address there.
    return None if title == attributes["xmlurl"] else title


def _json(content: str, name: str) -> Iterator[_Listed]:
    try:
        document = well_formed_values(json.loads(content))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise FeedListError(f"{name}, line {line}: broken JSON ({error}); correct that line") from error
    feeds = document.get("feeds") if isinstance(document, dict) else document
    if not isinstance(feeds, list):
        raise FeedListError(f"{name}: JSON without a list of feeds; give a list, or an object with a list 'feeds'")
    position, line = 0, 1
    for feed in feeds:
        fields = _fields(feed)
        url = json_url(feed)
        # JSON values have no line numbers, so the address is searched after the last one, in each possible spelling.
        found = (content.find(spelled, position) for spelled in _json_spellings(url)) if url else ()
        at = next((place for place in found if place >= 0), position)
        line += content.count("\n", position, at)
        position = at
        yield _Listed(
            line,
            url or "",
            _field(fields, _TITLE_COLUMNS),
            _field(fields, _LANGUAGE_COLUMNS),
            _field(fields, _COUNTRY_COLUMNS),
            folders_of(_field(fields, _FOLDER_COLUMNS)),
        )


def json_url(feed: Any) -> str | None:
    """The address of an element of a list in JSON; None without one."""
    return _field(_fields(feed), URL_COLUMNS)


def _fields(feed: Any) -> dict[str, Any]:
    return {key.lower(): value for key, value in feed.items()} if isinstance(feed, dict) else {"url": feed}


def _json_spellings(url: str) -> Iterator[str]:
    for is_ascii in (False, True):
        spelled = json.dumps(url, ensure_ascii=is_ascii)[1:-1]
        yield spelled
        yield spelled.replace("/", "\\/")  # as PHP writes it


def _field(fields: dict[str, Any], names: tuple[str, ...]) -> str | None:
    values = (fields.get(name) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), None)


def _csv(content: str, header: Header, name: str) -> Iterator[_Listed]:
    columns = [column_in(header.names, names) for names in CSV_COLUMNS]
    try:
        for line, row in rows_below(content, header):
            url, title, language, country, folder = (
                _one_line(unguarded(row[column].strip())) if column is not None and column < len(row) else ""
                for column in columns
            )
            if "://" in url or not row[0].startswith("#"):
                yield _Listed(line, url, title or None, language or None, country or None, folders_of(folder))
    except CsvError as error:
        raise FeedListError(f"{name}, line {error.line}: broken CSV ({error.message}); correct that line") from error


def _one_line(cell: str) -> str:
    return " ".join(part.strip() for part in cell.splitlines())


def column_in(header: list[str], names: tuple[str, ...]) -> int | None:
    """The place of the first of these names in a header; None if it has none of them."""
    return next((header.index(name) for name in names if name in header), None)


def _lines(content: str) -> Iterator[_Listed]:
    for number, line in enumerate(content.split("\n"), 1):
        if (address := address_in(line)) is not None:
            yield _Listed(number, address)


def address_in(line: str) -> str | None:
    """The address that a line holds; None for a comment or a blank line."""
    address = line.strip().strip('"').strip()
    return address if address and not address.startswith("#") else None
