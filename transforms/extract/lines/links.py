"""The links of an article's text, by its lines."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.article import Link
from transforms.extract.lines.lines import Line
from transforms.text.body_blocks import line_starts
from transforms.web.urls import BadUrl, resolve


def links_of(lines: Sequence[Line], base: str) -> tuple[Link, ...]:
    """The links of a text to pages, in text order; `base` is the address that they are relative to.

    A link to a place on the same page, to a mail address or to a program is none.
    """
    return tuple(
        Link(anchor.text, url, anchor.rel, start + anchor.start)
        for line, start in zip(lines, line_starts(line.text for line in lines), strict=True)
        for anchor in line.anchors
        if (url := _address(base, anchor.href))
    )


def _address(base: str, href: str) -> str:
    """The address of a page that a link leads to; "" if it leads to none."""
    if href.startswith("#"):
        return ""
    try:
        return resolve(base, href)
    except BadUrl:
        return ""
