"""The day with which a text opens, as press releases and agencies print it: "OLDPORT, 3 March 2026 – The …"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from transforms.extract.dates.day_words import FIRST, POSTED, in_small_letters
from transforms.extract.dates.may_be_date import may_hold_date
from transforms.text.dates.day_order import Habits
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.printed_dates import days_in

_TEXTS = 3
"""Of the page's long texts, only the first may open the story: a standfirst and a notice may stand before it."""

_MAX_OPENING_CHARS = 110
_MAX_PLACE_CHARS = 45
_MAX_AFTER_CHARS = 60
_PLACE = re.compile(
    r"[(\[]?|[(\[]?[^\W\d_a-z][^\d,;:()]{1,30}(?:, ?| - )(?:den |le |el |il |on |am )?|[【(]?[\u3400-\u9fff·]{1,14}"
)
"""What may stand before the day: nothing, a bracket, or a place or agency."""

_ENDS = re.compile(r"[.]? ?(?:[)\]|]|-{1,2} |[(/](?=[^\W\d_]))|: |[电電讯訊】]")
"""What parts a dateline from the text: a bracket, a dash, a colon, the agency, or "reports" in Chinese."""


def opening_day(texts: Iterable[str], habits: Habits) -> date | None:
    """The day in the dateline of one of a page's first long texts; None if there is none. Linear."""
    found = (dateline_day(text, habits) for text, _ in zip(texts, range(_TEXTS), strict=False))
    return next((day for day in found if day is not None), None)


def first_day(texts: Iterable[str], habits: Habits) -> date | None:
    """The day after the words "originally published", or "this entry was posted on" and the like, in one of a page's
    long texts; None if there is none. Linear."""
    for text in texts:
        small = in_small_letters(text) if may_hold_date(text) else ""
        words = (FIRST.search(small) or POSTED.search(small)) if small else None
        if words is not None:
            after = plain_figures(text[words.end() : words.end() + _MAX_AFTER_CHARS])
            day = min(days_in(after, habits), key=lambda one: one.start, default=None)
            if day is not None:
                return day.day
    return None


def dateline_day(text: str, habits: Habits) -> date | None:
    """The day in the dateline with which a text opens; None if there is none."""
    opening = text[:_MAX_OPENING_CHARS]
    if not may_hold_date(opening):
        return None
    opening = plain_figures(opening)
    for day in days_in(opening, habits):
        is_first = day.start <= _MAX_PLACE_CHARS and _PLACE.fullmatch(opening, 0, day.start) is not None
        if is_first and _ENDS.match(opening, day.end) is not None:
            return day.day
    return None
