"""Starts the fork server of a run's workers while the run itself is still being loaded."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from transforms.enrich.entities.by_spacy.models import OWN, SPACY
from transforms.sandbox.fork_server import start_fork_server

PRELOAD: Final = ("pipelines.run.preload",)


def preload(entities: str) -> tuple[str, ...]:
    """What workers load before they are forked, by what tells names."""
    return (*PRELOAD, "transforms.enrich.entities.by_spacy.preload") if entities == SPACY else PRELOAD


def start_workers(entities: str = OWN) -> None:
    """Start the fork server of a run that builds pages for certain."""
    start_fork_server(preload(entities))


def start_workers_early(feeds: str, output: str, entities: str = OWN) -> None:
    """Start the fork server if the run has a feed list and will probably build pages.

    It takes as long to load as Beam does, and a run without new pages needs none. So it starts only where the lake's
    newest run fetched pages, or there is none; in any other run the first call to a worker starts it.
    """
    if os.path.isfile(feeds) and _fetched_pages(output):  # `Path.is_file` raises for a name that is too long
        start_fork_server(preload(entities))


def _fetched_pages(lake: str) -> bool:
    """Whether the newest run of a local lake fetched pages; True for a new lake, False if that cannot be told."""
    if "://" in lake:
        return False
    try:
        newest = max(Path(lake).glob("runs/*.json"), default=None)
        return newest is None or bool(json.loads(newest.read_bytes())["counts"].get("fetches.page"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # the run itself tells of a damaged lake
        return False
