"""``newsbeam rebuild``: makes the articles of stored pages anew, or tells what that would change."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from pipelines.checks import LOCKED, LOOK, CommandError, UsageError
from pipelines.commands.run_once import told_of_termination
from pipelines.given.config_choices import config_shown
from pipelines.given.lakes import read_run, reading_lake
from pipelines.given.run_settings import build_settings
from pipelines.given.times import clock_of
from pipelines.logs import shown_progress
from pipelines.printable import json_text, plain
from pipelines.run.ingest import RunFailedError
from pipelines.run.rebuild.rebuild import AskedRebuild, Rebuilt
from pipelines.run.rebuild.rebuild import rebuild as made_anew
from pipelines.run.run_errors import no_room
from schemas.failure import Reason
from transforms.lake.editions.rebuild.changes import GROUPS, OTHER
from transforms.lake.editions.rebuild.range import Days
from transforms.lake.files.lock import LakeLockedError

_UNREAD = f"pages_failed_{Reason.UNREACHABLE}"
_SHOWN = (
    "since", "until", "source", "reason", "copies_horizon_days", "keep_links", "stories_across_languages", "entities",
)  # fmt: skip


def rebuild(given: argparse.Namespace, beam_args: Sequence[str]) -> int:
    """The exit status of a rebuild whose command line was checked (`check_early`): 0 if it is done, 75 if the lake is
    locked.

    Raises CommandError (status 1) if it could not be done, and UsageError for a mistake.
    """
    asked = _asked(given, beam_args)
    _tell_of_rules(given)
    settings = build_settings(given, beam_args)
    try:
        with shown_progress(), told_of_termination(beam_args):
            rebuilt = made_anew(given.output, asked, settings, beam_args, clock_of(given))
    except LakeLockedError as error:
        print(f"newsbeam rebuild: {plain(str(error))}", file=sys.stderr)
        return LOCKED
    except RunFailedError as error:
        raise CommandError(f"nothing was changed: {error}") from error
    except UsageError:
        raise
    except Exception as error:
        if (said := no_room(error)) is None:
            raise
        raise CommandError(f"nothing was changed: {said}") from error
    if given.json:
        print(json_text(_as_json(rebuilt, given), sort_keys=True))
    else:
        _print(rebuilt, given)
    return LOOK if rebuilt.counts["kept_after_an_accident"] or rebuilt.counts.get(_UNREAD) else 0


def _tell_of_rules(given: argparse.Namespace) -> None:
    """Say on standard error that the rules of runs do not hold, if runs had a settings file and this command has
    none."""
    if getattr(given, "chosen", None) is None:
        with reading_lake():
            named = read_run(given.output, None).settings.get("config")
        if named:
            said = (
                f"the newest run read {named}, and this rebuild reads no settings file: its rules and texts do not hold"
            )
            print(f"newsbeam rebuild: {plain(said)} (--config)", file=sys.stderr)


def _asked(given: argparse.Namespace, beam_args: Sequence[str]) -> AskedRebuild:
    last = given.until - timedelta(days=1) if given.until else None
    return AskedRebuild(
        days=Days(*(one.isoformat() if one else "" for one in (given.since, last))),
        failures=given.source == "failures",
        reason=given.reason,
        dry_run=given.dry_run,
        examples=given.examples,
        shown_settings=_shown(given) | config_shown(given, beam_args),
    )


def _shown(given: argparse.Namespace) -> dict[str, Any]:
    """The options that the edition's manifest records."""
    values = {name: getattr(given, name) for name in _SHOWN}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _as_json(rebuilt: Rebuilt, given: argparse.Namespace) -> dict[str, Any]:
    return {
        "output": given.output,
        "dry_run": given.dry_run,
        "edition": None if rebuilt.manifest is None else rebuilt.manifest.run_id,
        "counts": dict(rebuilt.counts),
        "examples": [asdict(one) for one in rebuilt.examples],
    }


_LINES = (
    ("same", "articles are the same"),
    ("changed", "articles changed"),
    ("new", "articles are new"),
    ("gone", "articles are gone"),
    ("failures_mended", "failures are mended"),
    ("pages_failed", "pages gave no article"),
    ("kept_without_page", "articles stay as they are: no page of theirs is kept"),
    (
        "kept_after_an_accident",
        "articles stay as they are: building took too much, met a bug, or an archive cannot be read",
    ),
    ("pages_elsewhere", "pages are kept outside the lake, and were not built"),
)


def _print(rebuilt: Rebuilt, given: argparse.Namespace) -> None:
    counts = rebuilt.counts
    if not counts["pages"]:
        print("No stored page is in question: nothing to do.")
        if counts["pages_elsewhere"]:
            print(f"{counts['pages_elsewhere']:>8} {dict(_LINES)['pages_elsewhere']}")
        return
    what = "would be built" if given.dry_run else "built"
    print(f"{counts['pages']} pages {what} anew")
    for name, words in _LINES:
        if counts.get(name):
            print(f"{counts[name]:>8} {words}{_parts(counts, name)}")
    for one in rebuilt.examples:
        print(plain(f"\n[{one.kind}] {one.url}"))
        for line in one.lines:
            print(plain(f"  {line}"))
    if given.dry_run:
        print("\nDry run: nothing was changed.")
    elif rebuilt.manifest is None:
        print("\nAll rows are as they were: the lake stays as it is.")
    else:
        print(f"\nSwitched to edition {rebuilt.manifest.run_id}.")


def _parts(counts: Mapping[str, int], name: str) -> str:
    """What a count is made of, in brackets."""
    if name not in ("changed", "gone", "pages_failed"):
        return ""
    order = (f"changed_{group}" for group in (*GROUPS, OTHER)) if name == "changed" else sorted(counts)
    prefix = f"{name}_"
    parts = [f"{one.removeprefix(prefix)} {counts[one]}" for one in order if one.startswith(prefix) and counts.get(one)]
    return f" ({', '.join(parts)})" if parts else ""
