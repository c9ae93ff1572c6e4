"""Charts as small SVG elements: bars by day, bars by name, dots by name and day. Drawn by pygal, without scripts.

pygal's own style sheet, script and description elements are left out: the page has one style sheet for all charts,
light and dark. Words stay text, so that the reader's browser shapes them in any script. Numbers are in the table below
each chart, where a screen reader finds them; the chart itself is one picture with a sentence.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipelines.printable import plain

_WIDTH: Final = 400
_DAYS_HEIGHT: Final = 170
_ROW_HEIGHT: Final = 24
_FRAME: Final = 44
_FONT: Final = 13
_LABEL_COLUMNS: Final = 20
_WIDE: Final = "mwMW&@%+=#"
_FEW: Final = 5
_LEAST_RADIUS: Final = 1.5
_LONG_NUMBER: Final = re.compile(r"\d+\.\d+")
_SPARE: Final = ("style", "script", "desc", "title", "defs")
"""Elements of pygal's that are left out."""


def bars_by_day(days: Sequence[str], counts: Mapping[str, int], what: str) -> str:
    """A bar for each day, also for those without any."""
    most = max((counts.get(day, 0) for day in days), default=0)
    chart = _chart("Bar", height=_DAYS_HEIGHT, show_minor_x_labels=False, **_whole_steps(most))
    _name_days(chart, days)
    chart.add("", [{"value": counts.get(day, 0), "label": f"{day}: {counts.get(day, 0)}"} for day in days])
    return _svg(chart, f"{what} by day, from {days[0]} to {days[-1]}")


def bars_by_name(counts: Sequence[tuple[str, int]], what: str, columns: int = _LABEL_COLUMNS) -> str:
    """A bar for each name, the first at the top. Names are cut to so many columns."""
    labels = [_cut(name, columns) for name, _ in counts]
    chart = _chart(
        "HorizontalBar",
        height=_FRAME + _ROW_HEIGHT * len(counts),
        margin_left=4 + _missing_width(labels),
        print_values=True,
        print_values_position="top",
        margin_right=40,
        **_whole_steps(max(count for _, count in counts)),
    )
    chart.x_labels = labels[::-1]
    chart.add("", [{"value": count, "label": f"{plain(name)}: {count}"} for name, count in reversed(counts)])
    return _svg(chart, what)


def dots_by_day(
    days: Sequence[str], rows: Sequence[tuple[str, Mapping[str, int]]], what: str, columns: int = _LABEL_COLUMNS
) -> str:
    """A line of dots for each name, the first at the top: the larger a dot, the larger its day's number.

    Names are cut to so many columns.
    """
    labels = [_cut(name, columns) for name, _ in rows]
    chart = _chart(
        "Dot",
        height=_FRAME + _ROW_HEIGHT * len(rows),
        margin_left=4 + _missing_width(labels),
        show_minor_x_labels=False,
        show_x_guides=False,
    )
    _name_days(chart, days, 2)  # beside long names there is no room for more
    for label, (name, counts) in zip(labels, rows, strict=True):
        values = [
            {"value": counts[day], "label": f"{plain(name)}, {day}: {counts[day]}"} if counts.get(day) else None
            for day in days
        ]
        chart.add(label, values)
    return _svg(chart, f"{what} by day, from {days[0]} to {days[-1]}; the larger a dot, the more")


def _chart(kind: str, **settings: Any) -> Any:
    pygal = _pygal()
    style = pygal.style.Style(label_font_size=_FONT, major_label_font_size=_FONT, value_font_size=_FONT)
    common: dict[str, Any] = {
        "css": [], "js": [], "classes": ["chart"], "disable_xml_declaration": True, "show_legend": False,
        "no_prefix": True, "width": _WIDTH, "margin": 4, "truncate_label": -1, "style": style, "no_data_text": "",
        "value_formatter": _number, "max_scale": 6,
    }  # fmt: skip
    return getattr(pygal, kind)(**common | settings)


def _whole_steps(most: int) -> dict[str, Any]:
    """The steps of an axis of small counts, which would else have steps such as 0.8."""
    return {"y_labels": list(range(max(1, most) + 1))} if most <= _FEW else {}


def _pygal() -> Any:
    """pygal, without its finder of pygal's plugins, which Python would ask at every later import: it is of a kind that
    Python 3.11 warns of and 3.12 no longer knows.
    """
    import pygal  # here: only the page needs it  # noqa: PLC0415
    import pygal.style  # noqa: PLC0415

    sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("pygal")]
    return pygal


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:g}"


def _svg(chart: Any, says: str) -> str:
    """The chart as one picture with a sentence that says what it shows."""
    from lxml import etree  # noqa: PLC0415

    root = chart.render_tree()
    for spare in list(root.iter(*_SPARE, etree.Comment)):
        spare.getparent().remove(spare)
    for overlay in [one for one in root.iter("g") if "tooltip-overlay" in (one.get("class") or "")]:
        overlay.getparent().remove(overlay)
    _tell_values(root, chart)
    for group in [one for one in root.iter("g") if _is_empty(one)]:
        group.getparent().remove(group)
    for name in ("id", "width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", says)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _tell_values(root: Any, chart: Any) -> None:
    """Give each mark the words that a pointer finds, and round its numbers."""
    from lxml import etree  # noqa: PLC0415

    given = [value for serie in chart.raw_series for value in serie[0] if value is not None]
    marks = [mark for mark in root.iter("rect", "circle") if "reactive" in (mark.get("class") or "")]
    for value, mark in zip(given, marks, strict=True):
        etree.SubElement(mark, "title").text = value["label"]
        mark.set("class", "mark")
    for element in root.iter():
        for name in ("x", "y", "cx", "cy", "r", "width", "height", "rx", "ry"):
            if name in element.attrib and element is not root:
                element.set(name, _short(element.get(name)))
        if "d" in element.attrib:
            element.set("d", _LONG_NUMBER.sub(lambda found: _short(found[0]), element.get("d")))
        if element.tag == "circle":
            element.set("r", str(max(_LEAST_RADIUS, float(element.get("r")))))
        element.attrib.pop("text-anchor", None)


def _short(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def _is_empty(group: Any) -> bool:
    return not any(True for element in group.iter() if element.tag != "g")


def _name_days(chart: Any, days: Sequence[str], step: int = 1) -> None:
    """Name the newest day and each `step` days before it, or of more than a week each seven days."""
    step = 7 if len(days) > 7 else step
    chart.x_labels = [day[5:] for day in days]
    chart.x_labels_major = chart.x_labels[::-1][::step]


def _cut(name: str, most: int = _LABEL_COLUMNS) -> str:
    """The name on one line, in at most so many columns."""
    shown, columns = "", 0.0
    for letter in plain(name):
        columns += _columns(letter)
        if columns > most:
            return f"{shown.rstrip()}…"
        shown += letter
    return shown or "(none)"


def _columns(letter: str) -> float:
    """About how wide a letter is, in widths of a narrow one."""
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    if letter in _WIDE:
        return 1.7
    return 1.25 if letter.isupper() else 1


def _missing_width(labels: Sequence[str]) -> int:
    """What pygal, which takes all letters for narrow ones, leaves too little for the labels, in pixels."""
    columns = max((sum(map(_columns, label)) for label in labels), default=0)
    return round((columns - max(map(len, labels), default=0)) * 0.6 * _FONT)
