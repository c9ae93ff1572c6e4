"""Every table of the lake, by what becomes of its parts."""

from __future__ import annotations

from typing import Any

from schemas.article import ARTICLES
from schemas.draft import DRAFTS
from schemas.failure import FAILURES
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.host import HOSTS
from schemas.page import PAGES
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table

DATA: tuple[Table[Any], ...] = (PAGES, ARTICLES, FAILURES, FEED_POLLS)
"""What readers read, by partition; a part stays for good."""

SNAPSHOTS: tuple[Table[Any], ...] = (FEED_CURSORS, HOSTS, PENDING)
"""State that is whole in its newest part."""

GROWN: tuple[Table[Any], ...] = (SEEN, FINGERPRINTS, STORIES, SITES)
"""State that grows by a part a run."""

STATE: tuple[Table[Any], ...] = SNAPSHOTS + GROWN

PASSING: tuple[Table[Any], ...] = (DRAFTS,)
"""Files below the state's folder that live no longer than until their run, or the run after one that died, commits."""
