"""`newsbeam.ingest`: one run over a list of feeds, as the ``ingest`` command makes it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

import newsbeam.quiet_beam  # noqa: F401
from newsbeam import given
from newsbeam.errors import LockedError, RunError, UsageError
from pipelines import checks, options
from pipelines.config.option_values import options_of
from pipelines.config.precedence import load_config
from pipelines.given.run_settings import ingest_settings, shown_settings
from pipelines.given.times import clock_of
from pipelines.parser import command_parser
from pipelines.read_feeds import read_feeds
from pipelines.run.beam_options import check_beam_options
from pipelines.run.ingest import RunFailedError
from pipelines.run.ingest import ingest as make_run
from pipelines.run.run_errors import no_room
from schemas.feed import FeedSpec
from schemas.run import RunManifest
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.lake.files.lock import LakeLockedError
from transforms.web.chosen.feed_settings import with_settings

_OPTION = re.compile(r"(?:argument )?--(\w+)")


def ingest(
    feeds: str | os.PathLike[str] | Iterable[str],
    output: str | os.PathLike[str],
    *,
    contact: str = "",
    allow_networks: Iterable[str] = (),
    host_delay: float = 1.0,
    max_pages: int | None = None,
    max_run_minutes: float | None = 30.0,
    flush_seconds: float = 60.0,
    poll_interval: float = 15.0,
    poll_gently: bool = False,
    force: bool = False,
    keep_links: bool = False,
    stories_across_languages: bool = False,
    entities: str = "own",
    revisit: Iterable[str] = (),
    max_revisits: int = 500,
    copies_horizon_days: int = 30,
    extract_workers: int = 0,
    page_seconds: float = 20.0,
    compact: str = "auto",
    grace: float = 900.0,
    now: datetime | None = None,
    beam_options: Sequence[str] = (),
    config: str | os.PathLike[str] | None = None,
) -> RunManifest:
    """Poll feeds once, fetch what is new, write it to the lake; the report of the run.

    >>> import newsbeam
    >>> from newsroom import Newsroom  # the bundled sample newsroom, served on this machine
    >>> with Newsroom() as room:
    ...     done = newsbeam.ingest(room.feeds[:1], "lake", allow_networks=["127.0.0.0/8"], host_delay=0)
    >>> done.counts["polls.ok"], done.tables["articles"], done.attention
    (1, 11, ())

    `feeds` is the path of a feed list (OPML, CSV, JSON, lines), or the addresses themselves. `output` is the lake's
    folder or URI; it is made if it is not there. The settings are those of ``newsbeam ingest``, with the same defaults,
    and are told in docs/commands.md: a pause of `host_delay` seconds, a run of `max_run_minutes` (None: no limit), a
    poll of a feed every `poll_interval` minutes at most, pages asked for again after ``revisit=["1h", "24h"]``, a
    `grace` of so many seconds for files that others replace, and so on. `contact` (a web page or mail address) stands
    in the User-Agent and is required for anything beyond loopback. `beam_options` go to Beam, such as
    ``["--runner=DirectRunner"]``. `config` is a settings file whose tables of feeds and hosts count (docs/settings.md);
    options are those given here, and not the file's or the environment's.

    The report is the run's manifest, what ``--json`` prints: `counts`, `reasons` (of failures), `tables` (rows
    written), `files`, `run_id`, and `attention`, lines that someone should look at. docs/tables.md tells each.

    Nothing is printed; the logger ``newsbeam`` tells of the run. Raises `newsbeam.UsageError` for a value that makes no
    sense, before anything is asked or written; `newsbeam.LockedError` if another run is writing to the lake;
    `newsbeam.RunError` if the run was not committed. Then, as after a crash, call it again: pages that were stored are
    not fetched again. May be called at the top level of a script or in a notebook; pages are parsed in worker
    processes, which do not run the caller's script. Ctrl-C ends a run at once, but where an event loop is running, as
    in a notebook, only when the run is over: a short `max_run_minutes` keeps the wait short.
    """
    settings: dict[str, Any] = {
        "output": given.path("output", output),
        "contact": contact,
        "allow_networks": allow_networks,
        "host_delay": host_delay,
        "max_pages": max_pages,
        "max_run_minutes": "none" if max_run_minutes is None else max_run_minutes,
        "flush_seconds": flush_seconds,
        "poll_interval": poll_interval,
        "poll_gently": poll_gently,
        "force": force,
        "keep_links": keep_links,
        "stories_across_languages": stories_across_languages,
        "entities": entities,
        "revisit": revisit,
        "max_revisits": max_revisits,
        "copies_horizon_days": copies_horizon_days,
        "extract_workers": extract_workers,
        "page_seconds": page_seconds,
        "compact": compact,
        "grace": grace,
        "now": now,
    }
    _check_types(settings)
    to_beam = _texts("beam_options", beam_options)
    try:
        specs, named = _feed_specs(feeds)
        read = _parser().parse_args([f"--feeds={named}", *_arguments(settings)])
        if config is not None:
            read.chosen = load_config(given.path("config", config), dict(options_of(command_parser())))
            specs = [with_settings(spec, read.chosen.feeds.of(spec.url)) for spec in specs]
        check_beam_options(to_beam, ())
        chosen = ingest_settings(read, to_beam, [spec.url for spec in specs])
        shown = shown_settings(read, to_beam)
        run = partial(make_run, specs, read.output, chosen, to_beam, clock_of(read), shown)
        return _away_from_loops(run)
    except (checks.UsageError, FeedListError) as error:
        raise UsageError(_as_keywords(str(error), settings)) from None
    except LakeLockedError as error:
        raise LockedError(str(error)) from error
    except RunFailedError as error:
        raise RunError(no_room(error) or str(error)) from error
    except Exception as error:
        if (full := no_room(error)) is None:
            raise
        raise RunError(full) from error


def _feed_specs(feeds: str | os.PathLike[str] | Iterable[str]) -> tuple[list[FeedSpec], str]:
    """The feeds, and what the manifest names them by. Raises UsageError and FeedListError."""
    if isinstance(feeds, str) and "://" in feeds:
        raise checks.UsageError(f"feeds is the path of a list, or a list of addresses: write [{feeds!r}]")
    if isinstance(feeds, str | os.PathLike):
        path = given.path("feeds", feeds)
        return read_feeds(path), path
    urls = _texts("feeds", feeds)
    as_list = json.dumps(urls, separators=(",\n", ":"))  # so that an error's line is the address's place
    return read_feed_list(as_list.encode(), "feeds"), f"{len(urls)} addresses"


_NUMBERS = (
    "host_delay max_pages max_run_minutes flush_seconds poll_interval max_revisits copies_horizon_days extract_workers "
    "page_seconds grace"
).split()


def _check_types(settings: dict[str, Any]) -> None:
    """Raise UsageError for a setting of another type, as its text could make sense. None is a setting's default."""
    kinds = {
        "contact": given.TEXT,
        "compact": given.TEXT,
        "force": given.FLAG,
        "poll_gently": given.FLAG,
        "keep_links": given.FLAG,
        "stories_across_languages": given.FLAG,
        "entities": given.TEXT,
        "now": (datetime, "a datetime"),
    }
    kinds |= dict.fromkeys(_NUMBERS, given.NUMBER)
    for name, kind in kinds.items():
        if settings[name] is not None and settings[name] != "none":
            given.check(name, settings[name], *kind)
    for name in ("allow_networks", "revisit"):
        given_texts = settings[name]
        settings[name] = given_texts if isinstance(given_texts, str) else _texts(name, given_texts or ())


def _texts(name: str, values: Any) -> list[str]:
    """A series of texts. Raises UsageError."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise UsageError(f"{name}: give a list of str, not {type(values).__name__}")
    texts = list(values)
    for text in texts:
        if not isinstance(text, str):
            raise UsageError(f"{name}: give a list of str; there is a {type(text).__name__} in it")
    return texts


def _as_keywords(message: str, settings: Mapping[str, object]) -> str:
    """A message of the command line that speaks of keyword arguments."""
    return _OPTION.sub(lambda option: option[1] if option[1] in settings else option[0], message)


def _away_from_loops(run: Callable[[], RunManifest]) -> RunManifest:
    """The result of a run, in a thread of its own if an event loop is running in this one, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run()
    with ThreadPoolExecutor(1, thread_name_prefix="newsbeam") as thread:
        return thread.submit(run).result()


class _Parser(argparse.ArgumentParser):
    """Raises UsageError for a value that makes no sense, where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        raise checks.UsageError(message)


def _parser() -> _Parser:
    parser = _Parser(add_help=False)
    options.add_ingest(parser)
    return parser


def _arguments(settings: Mapping[str, object]) -> list[str]:
    """The settings as on the command line, so that both ways into a run check them alike."""
    words = []
    for name, value in settings.items():
        if isinstance(value, bool):
            words += [f"--{name}"] * value
        elif isinstance(value, datetime):
            words.append(f"--{name}={value.isoformat()}")
        elif isinstance(value, list):
            words.append(f"--{name}={','.join(value)}")
        elif value is not None:
            words.append(f"--{name}={value}")
    return words
