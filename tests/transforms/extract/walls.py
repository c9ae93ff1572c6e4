"""Pages that stand in place of an article, and short articles about just such pages, from the tables of walls.json.

A wall is ``[kind, title, entry title, markup of its body, markup of its head]``. A story is ``[what it is about,
stated, title, paragraphs…]``; `stated` says what its page states of itself: all that articles do, its headline alone,
or nothing that is known from the feed.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from schemas.page import Page
from tests.rows import page

NAV = "<header><img src=/logo.svg alt='Harbour Post'><nav><a href=/city>City</a> <a href=/sea>Sea</a></nav></header>"
FOOT = "<footer><a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a> <p>© 2026 Harbour Post</p></footer>"
NOINDEX = "<meta name=robots content='noindex, nofollow'>"
FERRIES = "Two ferries less before the winter"
FERRIES_TOLD = (
    "<meta property=og:type content=article><meta property=og:title content='Two ferries less before the winter'>"
)
TEASERS = "".join(
    f"<article><h3><a href=/{n}/{text.replace(' ', '-')}>{text}</a></h3></article>"
    for n, text in enumerate(
        ("Bakery offers a fourth loaf after a century", "Tree falls onto the old school of Ostrem",
         "Chess club loses to a team of children", "Bridge stays shut until the spring")
    )
)  # fmt: skip


class Wall(NamedTuple):
    """A page in place of an article, by its kind."""

    kind: str
    title: str
    entry_title: str
    body: str
    head: str = ""


class Story(NamedTuple):
    """A short article that speaks of walls, or is as short as one."""

    about: str
    stated: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def entry_title(self) -> str | None:
        """What the feed calls it."""
        return None if self.stated == "nothing" else self.title


def _tables() -> tuple[tuple[Wall, ...], tuple[Story, ...]]:
    rows = json.loads(Path(__file__).with_name("walls.json").read_text(encoding="utf-8"))
    pieces = {"NAV": NAV, "FOOT": FOOT, "TEASERS": TEASERS, "FERRIES_TOLD": FERRIES_TOLD, "NOINDEX": NOINDEX}
    walls = ([text.format_map(pieces) for text in row] for row in rows["walls"])
    stories = (Story(about, stated, title, tuple(told)) for about, stated, title, *told in rows["stories"])
    return tuple(Wall(*row) for row in walls), tuple(stories)


WALLS, STORIES = _tables()

TEASED = (
    "The ferry company said on Monday that its two oldest boats would be taken out of service before the winter.",
    "Passengers on the northern line will have to change at Ostrem, which adds forty minutes to the trip.",
)
BANNER = (
    "<div class=banner><p>We and our partners store cookies. We value your privacy. You can manage your choices at any "
    "time, and some of our partners rely on their own interest.</p><button>Accept</button></div>"
)


def wall_page(wall: Wall, **values: Any) -> Page:
    """A wall as a fetched page, with what the feed says of the article behind it."""
    html = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(wall.title)}</title>{wall.head}</head>"
        f"<body>{wall.body}</body></html>"
    )
    return _fetched(html, wall.entry_title, values)


def story_page(story: Story, around: str = "", **values: Any) -> Page:
    """A short article as a fetched page, after `around` (a banner); the page states as much of it as `stated` says."""
    head = ""
    if story.stated == "all":
        data = {"@type": "NewsArticle", "headline": story.title, "datePublished": "2026-03-01T10:00:00Z"}
        head = (
            f"<meta property=og:type content=article><meta property=og:title content='{escape(story.title)}'>"
            f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        )
    told = "".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)
    html = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(story.title)} | Harbour Post</title>{head}"
        f"</head><body>{NAV}{around}<main><h1>{escape(story.title)}</h1>{told}</main>{FOOT}</body></html>"
    )
    return _fetched(html, story.entry_title, values)


def _fetched(html: str, entry_title: str | None, values: dict[str, Any]) -> Page:
    return page(body=html.encode(), **{"entry_title": entry_title, "feed_title": "Harbour Post", **values})
