"""Reads the stories in ``texts/``: one hand-written file for each publisher, with nothing of a real publisher.

Lines of ``=====`` separate the stories of a file. A story is a head of ``name: value`` lines, an empty line, and its
body: paragraphs, ``## `` subheadings, ``> `` quotes, ``- `` list items, ``@ `` the hour of a live-blog entry, and ``~
`` credits, which the page prints below the article and which are not part of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"

MARKS = {"## ": "heading", "> ": "quote", "- ": "item", "@ ": "hour", "~ ": "credit"}

NOT_BODY = frozenset({"hour", "credit"})

LIVE_KINDS = frozenset({"live_blog"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a story. `kind` is paragraph, heading, quote, item, hour or credit."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as one publisher prints it. `offset_s` is its publication in seconds from the newsroom's start.

    `relation` says what kind of copy it is, and `copy_of` is the `key` of its original. `revises` is the slug of the
    story that this text replaces at `offset_s`.
    """

    publisher: str
    slug: str
    headline: str
    blocks: tuple[Block, ...]
    summary: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    kind: str = "article"
    dateline: str | None = None
    wires: tuple[str, ...] = ()
    countries: tuple[str, ...] | None = None
    offset_s: int | None = None
    dated: bool = True
    moved_from: str | None = None
    revises: str | None = None
    relation: str = "original"
    copy_of: str | None = None

    @property
    def key(self) -> str:
        """The name of the story in the newsroom: ``publisher/slug``."""
        return f"{self.publisher}/{self.slug}"

    @property
    def body(self) -> str:
        """The text that an ideal extractor returns: paragraphs, subheadings, quotes and items, empty lines between."""
        return "\n\n".join(block.text for block in self.blocks if block.kind not in NOT_BODY)

    @property
    def first_paragraph(self) -> str:
        """The opening paragraph, which roundups quote and feeds use as a summary."""
        return next(block.text for block in self.blocks if block.kind == "paragraph")


def parse_offset(text: str) -> int:
    """The seconds of an offset in hours and minutes, such as ``-41:20`` or ``+0:25``."""
    sign = -1 if text.startswith("-") else 1
    hours, minutes = text.lstrip("+-").split(":")
    return sign * (int(hours) * 3600 + int(minutes) * 60)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _block(text: str) -> Block:
    for mark, kind in MARKS.items():
        if text.startswith(mark):
            return Block(kind, text.removeprefix(mark).strip())
    return Block("paragraph", text)


def _blocks(body: str) -> tuple[Block, ...]:
    lines = (line.strip() for line in body.splitlines())
    return tuple(_block(line) for line in lines if line)


def parse_story(publisher: str, text: str) -> Story:
    """The story in one part of a text file. Raises ValueError for unknown head lines."""
    head, _, body = text.strip().partition("\n\n")
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
    story = Story(
        publisher=publisher,
        slug=facts.pop("slug"),
        headline=facts.pop("headline"),
        blocks=_blocks(body),
        summary=facts.pop("summary", ""),
        authors=_listed(facts.pop("by", "")),
        section=facts.pop("section", ""),
        tags=_listed(facts.pop("tags", "")),
        kind=facts.pop("kind", "article"),
        dateline=facts.pop("place", None),
        wires=_listed(facts.pop("wires", "")),
        countries=_listed(facts.pop("countries")) if "countries" in facts else None,
        offset_s=parse_offset(facts.pop("at")) if "at" in facts else None,
        dated=facts.pop("dated", "yes") != "no",
        moved_from=facts.pop("moved_from", None),
        revises=facts.pop("revises", None),
    )
    if facts:
        raise ValueError(f"{publisher}/{story.slug}: unknown head lines {sorted(facts)}")
    return story


def read_stories(publisher: str) -> list[Story]:
    """All stories of one publisher, in the order of its file; [] if it has no file."""
    path = TEXTS / f"{publisher}.txt"
    if not path.exists():
        return []
    parts = path.read_text("utf-8").split("\n=====\n")
    return [parse_story(publisher, part) for part in parts if part.strip()]


def make_copies(originals: list[Story]) -> list[Story]:
    """The copies of the originals that ``texts/copies.json`` orders.

    In an order, `drop` lists the paragraphs to leave out (by their index among the blocks), `replace` the words to
    change.
    """
    by_key = {story.key: story for story in originals}
    return [_copy(by_key[order["of"]], order) for order in json.loads((TEXTS / "copies.json").read_text("utf-8"))]


def _copy(original: Story, order: dict[str, object]) -> Story:
    drop = order.get("drop", [])
    edits = order.get("replace", [])
    assert isinstance(drop, list)
    assert isinstance(edits, list)
    blocks = [block for at, block in enumerate(original.blocks) if at not in drop and block.kind != "credit"]
    for old, new in edits:
        if not any(old in block.text for block in blocks):
            raise ValueError(f"{order['slug']}: nothing to edit, {old!r} does not stand in {original.key}")
        blocks = [replace(block, text=block.text.replace(old, new)) for block in blocks]
    assert original.offset_s is not None
    return replace(
        original,
        publisher=str(order["publisher"]),
        slug=str(order["slug"]),
        headline=str(order["headline"]),
        summary=str(order.get("summary", "")),
        section=str(order.get("section", original.section)),
        authors=_listed(str(order.get("by", ""))),
        blocks=(*blocks, *(Block("credit", str(text)) for text in _texts(order.get("credits")))),
        offset_s=original.offset_s + 60 * int(str(order["delay_min"])),
        moved_from=None,
        relation=str(order["relation"]),
        copy_of=original.key,
    )


def _texts(value: object) -> list[object]:
    return value if isinstance(value, list) else []
