"""The tree that text, walls and kind of a page are read from: the page's own story, without code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class StoryTree:
    """A page's tree as every step after `page_facts` reads it. No step changes it."""

    root: HtmlElement


def into_story_tree(tree: HtmlElement, others: Iterable[HtmlElement] = ()) -> StoryTree:
    """The story tree of a page, made out of its parsed tree, which is used up: read its facts before.

    `others` are the elements that hold other stories (`other_stories`); they and all code are taken out.
    """
    for element in others:
        if element.getparent() is not None:
            element.drop_tree()
    _drop_code(tree)
    return StoryTree(tree)


def _drop_code(tree: HtmlElement) -> None:
    """Take out what holds no text but is copied with the tree, five times a page: saves a tenth and more of the time.

    JSON-LD stays: trafilatura looks for a text there as a last resort, and `page_structure` for types.
    """
    for element in list(tree.iter("script", "style", "svg", etree.Comment)):
        holder = element.getparent()
        if holder is None or (element.tag == "script" and "ld+json" in (element.get("type") or "")):
            continue
        if element.tail:
            previous = element.getprevious()
            if previous is None:
                holder.text = (holder.text or "") + element.tail
            else:
                previous.tail = (previous.tail or "") + element.tail
        holder.remove(element)
