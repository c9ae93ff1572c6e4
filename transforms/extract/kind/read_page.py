"""A page after its text was found: all that tells what kind of page it is."""

from __future__ import annotations

from typing import NamedTuple

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.story_tree import StoryTree


class ReadPage(NamedTuple):
    """A fetched page with what its feed says of it, what it states of itself, its tree, and the text found on it."""

    page: Page
    facts: PageFacts
    story: StoryTree
    body: str
