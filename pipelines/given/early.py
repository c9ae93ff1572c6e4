"""Mistakes of a command line that are told before Beam is imported, which takes a second and more."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pipelines.checks import UsageError, nearest, unknown_option
from pipelines.given.run_settings import entities_by
from pipelines.given.times import days_of, instants_of, now_of
from pipelines.push.push_options import push_options
from pipelines.telemetry.options import check_telemetry

_BEAMS_OPTION: Final = re.compile(r"""["']--([\w-]{1,100})["']""")


def check_early(given: argparse.Namespace, rest: Sequence[str], by_command: Mapping[str, Sequence[str]]) -> None:
    """Raise UsageError for what is wrong whatever Beam says: a mistyped option, an extra that is missing, and what
    the command itself checks.

    `rest` are the words that are not newsbeam's, `by_command` its options. Puts `--since` and `--until` as instants or
    days into `given`, and of a backfill the `archives` that it names.
    """
    _check_options(rest, by_command[given.command], by_command)
    entities_by(given)
    check_telemetry(given)
    if given.command == "rebuild":
        _check_rebuild(given)
    elif given.command == "backfill":
        _check_backfill(given)
    elif given.command == "stream":
        push_options(given)


def _check_options(rest: Sequence[str], own: Sequence[str], by_command: Mapping[str, Sequence[str]]) -> None:
    """Raise UsageError for an option that Beam's source does not name, if what was meant is known.

    All others are left to Beam's own parser, or to a job server, which has options of its own.
    """
    names = [name for word in rest if (name := word.partition("=")[0]).startswith("--")]
    beams = beams_options() if names and "--job_endpoint" not in names else []
    if not beams:
        return
    others = {name for inner in by_command.values() for name in inner}
    for name in names:
        is_beams = any(one.startswith(name) for one in beams)  # whose parser takes the beginnings of names too
        if not is_beams and (name in others or nearest(name, [*own, *beams])):
            raise UsageError(unknown_option(name, [*own, *beams], by_command))


def beams_options() -> list[str]:
    """The options that the source of Beam's parser names, ``--runner`` and so on; none if it is not where it was."""
    found = find_spec("apache_beam")
    folder = Path(found.origin).parent if found is not None and found.origin is not None else Path()
    try:
        source = (folder / "options" / "pipeline_options.py").read_text("utf-8")
    except OSError:
        return []
    return [f"--{name}" for name in dict.fromkeys(_BEAMS_OPTION.findall(source))]


def nearest_of_beam(name: str, known: Sequence[str]) -> str:
    """The end of a message on an option that Beam does not have: the one that was probably meant."""
    near = nearest(f"--{name}", known)
    return f"; did you mean {near.removeprefix('--')}?" if near else ""


def _check_rebuild(given: argparse.Namespace) -> None:
    from pipelines.given.lakes import lake_at, reading_lake, runs_of  # noqa: PLC0415
    from schemas.failure import Reason  # noqa: PLC0415

    given.since, given.until = days_of(given.since, given.until, now_of(given))
    if given.reason is not None and given.source != "failures":
        raise UsageError("--reason chooses among failures: give --from failures too")
    if given.reason is not None and given.reason not in set(Reason):
        near = nearest(given.reason, [str(one) for one in Reason])
        raise UsageError(f"there is no reason {given.reason!r}" + (f"; did you mean {near}?" if near else ""))
    with reading_lake():
        runs_of(lake_at(given.output), given.output)


def _check_backfill(given: argparse.Namespace) -> None:
    from pipelines.archives.find_archives import find_archives  # noqa: PLC0415

    given.since, given.until = instants_of(given.since, given.until, now_of(given))
    given.archives = find_archives(given.warc, given.prefix)
