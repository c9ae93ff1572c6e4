"""The settings of a run, made from the options that a command was given."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipelines.checks import UsageError
from pipelines.given.config_choices import choices_of, config_shown
from pipelines.given.network import network_settings
from transforms.enrich.entities.by_spacy.models import SPACY, is_installed

if TYPE_CHECKING:  # settings import the parsers and Beam, which `--help` does not need
    from pipelines.run.settings import IngestSettings
    from transforms.sandbox import Sandbox

_SHOWN = (
    "feeds", "output", "host_delay", "max_pages", "max_run_minutes", "poll_interval", "poll_gently",
    "copies_horizon_days", "keep_links", "stories_across_languages", "entities",
)  # fmt: skip
_MOST_SHARDS = 256
"""The most shards (groups of hosts) of a run, however many workers a runner has; more are of no use."""


def build_settings(given: argparse.Namespace, beam_args: Sequence[str]) -> IngestSettings:
    """The settings of building articles without a request. Raises UsageError where an extra is missing."""
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.run.runners import parallel_workers
    from pipelines.run.settings import IngestSettings

    workers = parallel_workers(PipelineOptions(list(beam_args)))
    return IngestSettings(
        feeds=choices_of(given)[0],
        sandbox=_sandbox(given, workers),
        shards=min(workers, _MOST_SHARDS),
        keep_links=given.keep_links,
        stories_across_languages=_stories_across_languages(given),
        entities=entities_by(given),
        copies_horizon_days=given.copies_horizon_days,
        compacts=getattr(given, "compact", "off") == "auto",
        grace_s=given.grace,
    )


def ingest_settings(
    given: argparse.Namespace, beam_args: Sequence[str], feed_urls: Sequence[str], run_gap_s: float = 0.0
) -> IngestSettings:
    """The settings of a run. Raises UsageError for a value that is not possible.

    `run_gap_s` is the time to the next run, 0 if unknown.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    from pipelines.run.runners import is_local, parallel_workers
    from pipelines.run.settings import IngestSettings
    from transforms.feeds.scheduling.cursor import PollSettings

    workers = parallel_workers(PipelineOptions(list(beam_args)))
    http, guard = network_settings(given, feed_urls, here=is_local(PipelineOptions(list(beam_args))))
    _check_revisits(given)
    if given.poll_gently and not given.poll_interval:
        raise UsageError("--poll_gently and --poll_interval 0, which polls in every run, exclude each other: drop one")
    try:
        return IngestSettings(
            feeds=choices_of(given)[0],
            http=http,
            guard=guard,
            polling=PollSettings(
                min_interval_s=int(given.poll_interval * 60),
                run_gap_s=run_gap_s,
                force=given.force,
                gently=given.poll_gently,
            ),
            sandbox=_sandbox(given, workers),
            shards=min(workers, _MOST_SHARDS),
            max_pages=given.max_pages,
            max_run_s=None if given.max_run_minutes is None else given.max_run_minutes * 60,
            page_flush_s=given.flush_seconds,
            keep_links=given.keep_links,
            stories_across_languages=_stories_across_languages(given),
            entities=entities_by(given),
            copies_horizon_days=given.copies_horizon_days,
            revisit_us=tuple(round(seconds * 1_000_000) for seconds in given.revisit),
            max_revisits=given.max_revisits,
            compacts=given.compact == "auto",
            grace_s=given.grace,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def shown_settings(given: argparse.Namespace, beam_args: Sequence[str]) -> dict[str, Any]:
    """The options that the manifest records: of the settings file only its path and digest, so that nothing that it
    says of access to feeds and hosts comes into the lake."""
    shown = {name: getattr(given, name) for name in _SHOWN} | config_shown(given, beam_args)
    return shown | ({"revisit": list(given.revisit), "max_revisits": given.max_revisits} if given.revisit else {})


def entities_by(given: argparse.Namespace) -> str:
    """What tells names. Raises UsageError if that is spaCy and no model of its is installed."""
    asked: str = given.entities
    if asked == SPACY and not is_installed():
        raise UsageError("--entities spacy needs spaCy and a model of it: pip install 'newsbeam[entities]'")
    return asked


def _stories_across_languages(given: argparse.Namespace) -> bool:
    """Whether stories are told across languages. Raises UsageError if the model for that is not installed."""
    from transforms.compare.stories.across.embedding import PACKAGE, is_installed

    asked: bool = given.stories_across_languages
    if asked and not is_installed():
        raise UsageError(f"--stories_across_languages needs {PACKAGE}: pip install 'newsbeam[stories]'")
    return asked


def _sandbox(given: argparse.Namespace, workers: int) -> Sandbox:
    """The processes that parse pages, of each of the runner's workers."""
    from pipelines.start_workers import preload
    from transforms.sandbox import Sandbox

    return Sandbox(
        workers=given.extract_workers or _share_of_cores(workers),
        cpu_limit_s=given.page_seconds,
        preload=preload(given.entities),
    )


def _share_of_cores(workers: int) -> int:
    return max(1, (os.cpu_count() or 1) // workers)


def _check_revisits(given: argparse.Namespace) -> None:
    """Raise UsageError if the former revisions of what is to be revisited are not looked up."""
    days = given.copies_horizon_days
    if given.revisit and max(given.revisit) > days * 86_400:
        raise UsageError(
            f"--revisit {max(given.revisit) / 86_400:g}d is longer than --copies_horizon_days {days}, for which former "
            "revisions are looked up: give shorter intervals or more days"
        )
