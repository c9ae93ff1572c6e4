"""Tells markup in titles and summaries from literal text, such as a title about the ``<dialog>`` element."""

from __future__ import annotations

import re
from collections import defaultdict

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40}+)(\s[^<>]*+|/?)>")
_OPENING = re.compile(r"<(?=[^!?])")
_PROSE_TAGS = (
    "a abbr address article aside b big blockquote body br center cite code dd del details div dl dt em embed "
    "figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins li main mark nav "
    "object ol p pre q s samp script section small span strike strong style sub summary sup table tbody td tfoot "
    "th thead time tr tt u ul var video wbr"
)
_PROSE = frozenset(_PROSE_TAGS.split())
"""Elements found in summaries, which are often cut short, so that an end tag is missing."""

_EMPTY = frozenset(("br", "hr", "wbr"))


def without_literal_tags(markup: str, is_title: bool) -> str:
    """The fragment with ``&lt;`` in place of each ``<`` that is not markup.

    A tag is markup if its end tag follows, if it has attributes, or if it never has an end tag (``<br>``). In a title
    every other tag is literal text, except a start tag directly before the first word, whose end tag was cut off. In a
    summary elements of prose (`_PROSE`) need no end tag.
    """
    tags = list(_TAG.finditer(markup))
    paired = _paired(tags)
    real = {
        tag.start()
        for number, tag in enumerate(tags)
        if number in paired
        or (_opens_title(tag, markup) if is_title else tag[2].lower() in _PROSE)
        or _stands_alone(tag)
    }
    literal = _OPENING if is_title else _TAG

    def spelled(sign: re.Match[str]) -> str:
        return sign[0] if sign.start() in real else f"&lt;{sign[0][1:]}"

    return literal.sub(spelled, markup)


def _paired(tags: list[re.Match[str]]) -> set[int]:
    """The numbers of the tags that have a partner; an end tag is paired with the nearest start tag before it."""
    paired: set[int] = set()
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for number, tag in enumerate(tags):
        name = tag[2].lower()
        if not tag[1]:
            opened[name].append(number)
        elif opened[name]:
            paired |= {number, opened[name].pop()}
    return paired


def _stands_alone(tag: re.Match[str]) -> bool:
    return tag[2].lower() in _EMPTY or "=" in tag[3] or (tag[3] == "/" and not tag[1])


def _opens_title(tag: re.Match[str], markup: str) -> bool:
    return tag.start() == 0 and not tag[1] and markup[tag.end() : tag.end() + 1].strip() != ""
