"""Quick tests for texts and attributes that are worth reading as dates: a page has hundreds of texts, but few dates."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from transforms.text.dates.figures import plain_figures

_MAX_CHARS = 120
_MAX_ATTRIBUTES = 40
_DATE = re.compile(r"\A(?=.*(?:19|20)\d\d)(?:\D*+\d){5}", re.DOTALL)
"""What every whole date has: a year, and at least one more digit."""

_MARKED = re.compile(r"(?:\d\D*){5}")
"""A text that is marked as a date may also be a number: seconds since 1970."""

_FOREIGN = re.compile(
    r"(?=[\d年\u0600-\u06ff\u0e00-\u0e7f])"  # what all of these begin with: most signs are passed by with one look
    r"(?:(?![0-9])\d|年|(?<!\d)1[34]\d\d[/-]\d|\d[/.-]25\d\d(?!\d)|[\u0600-\u06ff\u0e00-\u0e7f]\W{0,3}\d\d"
    r"|\d[./-]\d{1,2}[./-]\d|\d.{2,18}['’-]\d\d(?!\d))"
)
_ANY_FIGURE = re.compile(r"[\d年]")
"""One of these is in whatever `_FOREIGN` finds, and a set of characters is found sooner than a choice of forms."""


_FOREIGN_DATE = re.compile(r"\A(?=.*(?:(?:19|20|2[4-6]|1[34])\d\d|年|[\u0e00-\u0e7f]))(?:\D*+\d){2}", re.DOTALL)
"""Other scripts have their own digits and calendars, and years of one to four figures."""

_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{1,2}(?!\d)|(?<!\d)\d.{2,18}['’-]\d\d(?!\d)")
"""A date with a year of two figures; it counts only where the text is marked as a date."""

_TIME_NAME = re.compile(r"date|time|stamp|publi|epoch")
_NO_TIME_NAME = re.compile(r"updat|modif|time-?out|times(?!tamp)|format|zone|expir|event|-end")
_CLOCK_TAG = re.compile(r"(?<![a-z])(?:date|time|published)(?![a-z])|timestamp|datetime|timeago")
_MAX_TITLE_CHARS = 40
_AGO = re.compile(
    r"\d|\bago\b|yesterday|today|gestern|heute|hier|ayer|hoy|ontem|ieri|oggi|вчера|сегодня|昨|今|어제|오늘|أمس|دیروز"
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def may_hold_date(text: str) -> bool:
    """Whether a text has something like a year, or figures of another script. Cheap."""
    return _ANY_FIGURE.search(text) is not None and ("20" in text or "19" in text or _FOREIGN.search(text) is not None)


def may_be_date(text: str, *, is_marked: bool = False) -> bool:
    """Whether a text has the figures of a whole date; if it is marked as a date, also those of a number of seconds."""
    if _DATE.search(text) is not None or (is_marked and _MARKED.search(text) is not None):
        return True
    if _FOREIGN.search(text) is None:
        return False
    plain = plain_figures(text)
    return _FOREIGN_DATE.search(plain) is not None or _SHORT_DATE.search(plain) is not None


def is_clock_tag(tag: str) -> bool:
    """Whether an element that a site made itself is for times: `relative-time`, `time-ago`, `lit-timestamp`."""
    return _CLOCK_TAG.search(tag) is not None


def shown_in_words(element: HtmlElement) -> str | None:
    """The date in the title of an element that shows it in words: `<span title="3 March 2026">2 days ago</span>`."""
    title = (element.get("title") or "")[: _MAX_TITLE_CHARS + 1].strip()
    if len(title) > _MAX_TITLE_CHARS or not may_hold_date(title) or not may_be_date(title):
        return None
    if len(element) > 1 or (len(element) and len(element[0])):
        return None
    shown = "".join(element.itertext())
    return title if len(shown) <= _MAX_TITLE_CHARS and _AGO.search(shown) is not None else None


def stated_time(element: HtmlElement) -> str | None:
    """The instant in an attribute of an element that shows it in words ("3 days ago"); None if there is none.

    Taken from `datetime`, else `title`, else a data attribute whose name says date or time.
    """
    best: tuple[int, str] | None = None
    is_own = "-" in element.tag
    for name, value in islice(element.items(), _MAX_ATTRIBUTES):
        rank = _rank(name, is_own)
        text = str(value[: _MAX_CHARS + 1]).strip()
        if rank is None or len(text) > _MAX_CHARS or (best is not None and best[0] <= rank):
            continue
        if may_be_date(text, is_marked=rank == 0) or (rank > 1 and _EPOCH.fullmatch(text) is not None):
            best = rank, text
    return best[1] if best is not None else None


def _rank(name: str, is_own: bool) -> int | None:
    """How surely an attribute tells the time of its element's text, 0 being the surest; None for other attributes.

    `is_own`: of an element that a site made for times, where no prefix is needed.
    """
    if name in ("datetime", "title"):
        return ("datetime", "title").index(name)
    is_time = (is_own or name.startswith("data-")) and _TIME_NAME.search(name) and not _NO_TIME_NAME.search(name)
    return 2 if is_time else None
