"""Frees what an element without text of its own has swallowed, because its end was not heeded.

In ``<button><div>Menu</button>`` libxml2 ignores the end of the button, as HTML parsers of browsers do not, and most of
the page becomes a part of it.
"""

from __future__ import annotations

from typing import Final

from lxml.html import HtmlElement

_SWALLOWING: Final = (
    "button select option datalist audio video canvas object embed applet map meter progress svg math noscript".split()
)
"""Elements that are skipped as a whole, and hold no part of a page where they are closed."""

_PAGE_PARTS: Final = ("p", "a", "li")
_MIN_PARTS: Final = 3
_SHARE: Final = 1 / 3
"""Menus in a control, links in a drawing and notices for readers without scripts are smaller parts of their page."""


def free_swallowed(tree: HtmlElement) -> None:
    """Replace each element that holds a third of the page's paragraphs, links and list items by what it holds.

    Takes linear time: of elements in one another only the outermost is counted, unless it is replaced.
    """
    in_page = 0
    closed: HtmlElement | None = None
    for element in list(tree.iter(*_SWALLOWING)):
        if closed is not None and any(around is closed for around in element.iterancestors(closed.tag)):
            continue
        held = sum(1 for _ in element.iter(*_PAGE_PARTS))
        if held >= _MIN_PARTS:
            in_page = in_page or sum(1 for _ in tree.iter(*_PAGE_PARTS))
        if held >= _MIN_PARTS and held >= _SHARE * in_page and element is not tree:
            element.drop_tag()
        else:
            closed = element
