"""Places the stories of all publishers on the newsroom's clock and on its addresses."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from newsroom.publishers import FeedPlan, Publisher, publishers
from newsroom.texts import Block, Story, make_copies, parse_offset, read_stories

SPAN_S = 72 * 3600
"""Stories without a time of their own are spread over this many seconds before the start."""


@dataclass(frozen=True, slots=True)
class Item:
    """A story at its address. `revision` replaces it there from `revised_us` on."""

    publisher: Publisher
    story: Story
    path: str
    published_us: int
    revision: Story | None = None
    revised_us: int | None = None

    def story_at(self, now_us: int) -> Story:
        """The text at the address at `now_us`."""
        return self.revision if self.revision and self.is_revised(now_us) else self.story

    def is_revised(self, now_us: int) -> bool:
        """Whether the revision has replaced the first text."""
        return self.revised_us is not None and self.revised_us <= now_us

    def updated_us(self, now_us: int) -> int:
        """When the text that is at the address at `now_us` was published."""
        return self.revised_us if self.revised_us is not None and self.is_revised(now_us) else self.published_us

    def canonical_url(self, port: int) -> str:
        """The address on the publisher's own host, without tracking."""
        return self.publisher.base(port) + self.path

    def link(self, feed: FeedPlan, port: int) -> str:
        """The absolute address in a feed's entry: the old one if the story has moved, with the feed's tracking."""
        path = self.story.moved_from or self.path
        return self.publisher.base(port) + path + (f"?{feed.track}" if feed.track else "")


class Press:
    """All items of all publishers, for one start. Immutable; methods that take `now_us` give what is visible then."""

    def __init__(self, start_us: int) -> None:
        self.start_us = start_us
        stories = _placed_stories()
        revisions = {f"{story.publisher}/{story.revises}": story for story in stories if story.revises}
        self.items: list[Item] = []
        for publisher in publishers():
            own = [story for story in stories if story.publisher == publisher.key and not story.revises]
            own.sort(key=lambda story: (story.offset_s or 0, story.slug))
            self.items += [
                self._item(publisher, story, number, revisions.get(story.key)) for number, story in enumerate(own)
            ]
        self.by_key = {item.story.key: item for item in self.items}
        if len(self.by_key) != len(self.items):
            raise ValueError("two stories of one publisher have the same slug")

    def _item(self, publisher: Publisher, story: Story, number: int, revision: Story | None) -> Item:
        published_us = self.start_us + (story.offset_s or 0) * 1_000_000
        day = publisher.local(published_us)
        path = publisher.path.format(
            y=f"{day:%Y}", m=f"{day:%m}", d=f"{day:%d}", slug=story.slug, number=48_211 + 7 * number,
            section=publisher.sections.index(story.section) + 1 if story.section in publisher.sections else 0,
        )  # fmt: skip
        revised_us = None if revision is None else self.start_us + (revision.offset_s or 0) * 1_000_000
        return Item(publisher, story, path, published_us, revision, revised_us)

    def visible(self, publisher: Publisher, now_us: int) -> list[Item]:
        """The publisher's items that are published by `now_us`, newest first."""
        shown = [item for item in self.items if item.publisher is publisher and item.published_us <= now_us]
        return sorted(shown, key=lambda item: (-item.published_us, item.path))

    def in_feed(self, publisher: Publisher, feed: FeedPlan, now_us: int) -> list[Item]:
        """The items that a feed lists at `now_us`, newest first."""
        shown = self.visible(publisher, now_us)
        return [item for item in shown if feed.section is None or item.story.section == feed.section]


def _placed_stories() -> list[Story]:
    written = [story for publisher in publishers() for story in _spread(read_stories(publisher.key))]
    stories = written + make_copies(written)
    by_key = {story.key: story for story in stories}
    return [_quote_others(story, by_key) for story in stories]


def _spread(stories: list[Story]) -> list[Story]:
    """The stories, each with a time; those without one are spread evenly over SPAN_S, with a few odd minutes."""
    step_s = SPAN_S // max(1, len(stories))
    placed = []
    for at, story in enumerate(stories):
        odd_s = zlib.crc32(story.slug.encode()) % 2400
        offset_s = story.offset_s if story.offset_s is not None else -(at * step_s + step_s // 3 + odd_s)
        placed.append(replace(story, offset_s=offset_s))
    return placed


def _quote_others(story: Story, by_key: dict[str, Story]) -> Story:
    """A roundup with each ``{{publisher/slug}}`` paragraph replaced by the opening paragraph of that story."""

    def quoted(block: Block) -> Block:
        if not (block.text.startswith("{{") and block.text.endswith("}}")):
            return block
        return replace(block, text=by_key[block.text.strip("{}")].first_paragraph)

    return replace(story, blocks=tuple(quoted(block) for block in story.blocks)) if story.kind == "roundup" else story


def stray_us(start_us: int, at: str) -> int:
    """When a feed announced an entry that has no article."""
    return start_us + parse_offset(at) * 1_000_000
