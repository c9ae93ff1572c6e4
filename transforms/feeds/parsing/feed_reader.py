"""Reads XML feeds with feedparser, with corrections for elements that it misreads."""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar
from xml.sax import SAXException, handler, make_parser
from xml.sax.saxutils import escape as escaped
from xml.sax.xmlreader import InputSource

from feedparser.api import LooseFeedParser, StrictFeedParser
from lxml import etree

from transforms.feeds.parsing.fields.xml_text import without_illegal
from transforms.web.usage.rsl import RSL_NAMESPACE

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


class _Corrections:
    """Keeps under their own names elements that feedparser takes for an entry's summary, content or last edit.

    ``media:description`` is the caption of a picture. ``itunes:summary`` and ``dc:description`` repeat ``description``,
    and ``dc:date`` may be any date of the entry.
    """

    push: Any
    pop: Any
    elementstack: list[list[Any]]
    contentparams: dict[str, str]

    def handle_data(self, text: str, escape: int = 1) -> None:
        """Add a piece of text to the open element.

        The parser calls this for each line. feedparser's own method looks into a slow dictionary, which takes a fifth
        of the whole time.
        """
        if self.elementstack:
            is_xhtml = escape and dict.get(self.contentparams, "type") == "application/xhtml+xml"
            self.elementstack[-1][2].append(escaped(text) if is_xhtml else text)

    def _start_media_description(self, _attributes: object) -> None:
        self.push("media_description", 1)

    def _end_media_description(self) -> None:
        self.pop("media_description")

    def _start_itunes_summary(self, _attributes: object) -> None:
        self.push("itunes_summary", 1)

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")

    def _start_dc_description(self, _attributes: object) -> None:
        self.push("dc_description", 1)

    def _end_dc_description(self) -> None:
        self.pop("dc_description")

    def _start_dc_date(self, _attributes: object) -> None:
        self.push("dc_date", 1)

    def _end_dc_date(self) -> None:
        self.pop("dc_date")

    _start_date, _end_date = _start_dc_date, _end_dc_date


class _Licensing:
    """Keeps the licensing terms (RSL 1.0, 4.7) of entries and feed: their ``rsl_contents`` are elements `content` with
    what stands in them. feedparser would keep the last attributes of each name, and no text."""

    namespaces: ClassVar = {**StrictFeedParser.namespaces, RSL_NAMESPACE: "rsl"}
    _matchnamespaces: ClassVar[dict[str, str]] = {}

    push: Any
    pop: Any
    _get_context: Any
    namespaces_in_use: dict[str, str]
    _content: etree._Element | None = None
    _license: etree._Element | None = None
    _term: etree._Element | None = None

    def _start_rsl_content(self, attributes: dict[str, str]) -> None:
        if self.namespaces_in_use.get("rsl", RSL_NAMESPACE).startswith(RSL_NAMESPACE):
            self._content = etree.Element("content", url=without_illegal(attributes.get("url") or ""))
            dict.setdefault(self._get_context(), "rsl_contents", []).append(self._content)

    def _end_rsl_content(self) -> None:
        self._content = self._license = None

    def _start_rsl_license(self, _attributes: object) -> None:
        self._license = None if self._content is None else etree.SubElement(self._content, "license")

    def _end_rsl_license(self) -> None:
        self._license = None

    def _start_rsl_permits(self, attributes: dict[str, str], name: str = "permits") -> None:
        if self._license is not None:
            self._term = etree.SubElement(self._license, name, type=without_illegal(attributes.get("type") or ""))
        self.push(f"rsl_{name}", 0)

    def _end_rsl_permits(self, name: str = "permits") -> None:
        text = self.pop(f"rsl_{name}")
        if self._term is not None:
            self._term.text = without_illegal(text or "")
        self._term = None

    def _start_rsl_prohibits(self, attributes: dict[str, str]) -> None:
        self._start_rsl_permits(attributes, "prohibits")

    def _end_rsl_prohibits(self) -> None:
        self._end_rsl_permits("prohibits")

    def _start_rsl_payment(self, attributes: dict[str, str]) -> None:
        if self._license is not None:
            etree.SubElement(self._license, "payment", type=without_illegal(attributes.get("type") or ""))

    def _end_rsl_payment(self) -> None:
        """Nothing: what stands in a payment is not kept."""


class _Strict(_Corrections, _Licensing, StrictFeedParser):
    """For documents that are well-formed XML."""


class _Loose(_Corrections, _Licensing, LooseFeedParser):
    """For all other documents."""


def read_feed(document: str) -> tuple[Any, SAXException | None]:
    """feedparser's reader after it has read a document without prolog, and the error if the document is not XML.

    The reader has `feeddata`, `entries` and `version`. Raises any exception of feedparser's code.
    """
    data = (_DECLARATION + document).encode()
    strict = _without_changes(_Strict("", None, "utf-8"))
    parser = make_parser()  # noqa: S317 - without a document type there are no entities, and the sandbox has limits
    parser.setFeature(handler.feature_namespaces, True)
    parser.setFeature(handler.feature_external_ges, False)
    parser.setContentHandler(strict)
    parser.setErrorHandler(strict)
    source = InputSource()
    source.setByteStream(BytesIO(data))
    try:
        parser.parse(source)
    except SAXException as error:
        loose = _without_changes(_Loose("", None, "utf-8", {}))
        loose.feed(document)
        return loose, strict.exc or error
    return strict, None


def _without_changes(reader: Any) -> Any:
    """The reader, told to leave markup as sent: later steps reduce it to text and resolve links by `web.urls`."""
    reader.resolve_relative_uris = False
    reader.sanitize_html = False
    return reader
