"""The elements of a page that name an agency as the source of the text, noted in one walk over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from transforms.extract.page.class_names import is_of_picture
from transforms.extract.page.page_marks import NO_BYLINE, follows_picture, text_of_element
from transforms.text.agency_names import load_agencies

_MAX_SOURCES: Final = 40
_MAX_CHARS: Final = 80
_COLON: Final = re.compile("[:：]")

_Placed = tuple[HtmlElement, int]
"""An element, and how many stand before it."""


class NamedSources:
    """`named` are the elements whose class says that they hold the source; none of a picture's."""

    def __init__(self) -> None:
        self.named: list[_Placed] = []
        self._lines: list[_Placed] = []
        self._seen = 0

    def see_named(self, element: HtmlElement, place: int) -> None:
        """Note an element that holds the source of the text, by its class, if it names an agency."""
        if self._seen >= _MAX_SOURCES:
            return
        text = text_of_element(element, _MAX_CHARS + 1)
        if not 0 < len(text) <= _MAX_CHARS or is_of_picture(element) or follows_picture(element):
            return
        self._seen += 1
        if load_agencies().names_in(text):
            self.named.append((element, place))

    def see_line(self, text: str, holder: HtmlElement, place: int) -> None:
        """Note an element without such a class that holds nothing but "Source:" and an agency, perhaps each in an
        element of its own; `text` is one in `holder`."""
        if len(text) > _MAX_CHARS or _COLON.search(text) is None or len(self._lines) >= _MAX_SOURCES:
            return
        if not load_agencies().opens_credit(text.strip().replace("：", ":")):
            return
        above = holder if text.strip()[-1] not in ":：" else holder.getparent()
        if above is None or above.tag in NO_BYLINE or is_of_picture(above) or follows_picture(above):
            return
        whole = text_of_element(above, _MAX_CHARS + 1)
        if len(whole) <= _MAX_CHARS and load_agencies().names_in(whole):
            self._lines.append((above, place))

    def lines(self) -> Iterator[_Placed]:
        """The elements that hold such a line and have no such class. Where they stand says whether they credit."""
        return (one for one in self._lines if one not in self.named)
