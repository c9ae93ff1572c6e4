"""Frees what an element without text of its own has swallowed, because its end was not heeded.

In ``<button><div>Menu</button>`` libxml2 ignores the end of the button, as HTML parsers of browsers do not, and most of
the page becomes a part of it.
"""

from __future__ import annotations

from collections import Counter
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
    """Replace each element that holds a third of the page's paragraphs, links and list items by what it holds, unless
    the page tells it outside too, as where a notice for readers without scripts holds the story once more.

    Takes linear time: of elements in one another only the outermost is counted, unless it is replaced.
    """
    in_page = 0
    told: dict[HtmlElement, str] = {}
    closed: HtmlElement | None = None
    for element in list(tree.iter(*_SWALLOWING)):
        if closed is not None and any(around is closed for around in element.iterancestors(closed.tag)):
            continue
        held = sum(1 for _ in element.iter(*_PAGE_PARTS))
        if held >= _MIN_PARTS:
            in_page = in_page or sum(1 for _ in tree.iter(*_PAGE_PARTS))
        if held >= _MIN_PARTS and held >= _SHARE * in_page and element is not tree:
            told = told or {one: " ".join(one.text_content().split()) for one in tree.iter("p")}
            if not _is_copy(element, told):
                element.drop_tag()
                continue
        closed = element


def _is_copy(element: HtmlElement, told: dict[HtmlElement, str]) -> bool:
    """Whether most of the texts inside an element stand outside it too; `told` is the text of each paragraph."""
    inside = Counter(text for one in element.iter("p") if (text := told[one]))
    if not inside:
        return False
    everywhere = Counter(told.values())
    return 2 * sum(everywhere[text] > times for text, times in inside.items()) > len(inside)
