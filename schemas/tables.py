"""All tables of the lake, grouped by how long their parts live."""

from __future__ import annotations

from typing import Any

from schemas.archive import ARCHIVES
from schemas.article import ARTICLES
from schemas.draft import DRAFTS
from schemas.failure import FAILURES
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS
from schemas.page import PAGES
from schemas.revisit import REVISITS
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table

DATA: tuple[Table[Any], ...] = (PAGES, ARTICLES, FAILURES, FEED_POLLS)
"""Tables for readers, partitioned; their parts are kept for ever."""

SNAPSHOTS: tuple[Table[Any], ...] = (FEED_CURSORS, HOSTS, PENDING)
"""State tables whose newest part holds everything."""

GROWN: tuple[Table[Any], ...] = (SEEN, FINGERPRINTS, STORIES, SITES, FORGOTTEN, ARCHIVES, REVISITS)
"""State tables to which runs add parts, or in the case of `forgotten` each `newsbeam forget`."""

STATE: tuple[Table[Any], ...] = SNAPSHOTS + GROWN

PASSING: tuple[Table[Any], ...] = (DRAFTS,)
"""Tables under the state's folder whose files are deleted when their run commits, or the run that adopts them."""
