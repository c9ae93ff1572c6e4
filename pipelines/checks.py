"""Checks of option values: numbers, hosts, names of lakes. Each error is one line that names the remedy."""

from __future__ import annotations

import argparse
import errno
import math
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

MISTAKE: Final = 2
"""Exit status 2: a user's mistake, told by UsageError."""
LOCKED: Final = os.EX_TEMPFAIL
"""Exit status 75: another command holds the lake. This is no mistake; try again when it has ended."""
LOOK: Final = 3
"""Exit status 3: it was done, but someone should look; what is printed says at what."""
FINDINGS: Final = 4
"""Exit status 4 of `newsbeam check`: something is unlike the lake's past, or beyond a threshold."""
UNDELIVERED: Final = 5
"""Exit status 5 of `newsbeam check`: the message could not be delivered, whatever was found."""
INTERRUPTED: Final = 130
"""Exit status 130, as of all programs: SIGINT."""
TERMINATED: Final = 143
"""Exit status 143, as of all programs: SIGTERM, where the run's job on a cluster had to be ended first."""
SCHEMES = ("file", "s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl")
"""The schemes allowed in a lake's URI: those that obstore opens for writing."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HALF_SCHEME = re.compile(rf"({'|'.join(SCHEMES)})(?::/?|//)(?!/)", re.IGNORECASE)


class UsageError(ValueError):
    """A mistake in the user's command line or input files; the message names the remedy."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, while a run's job is on a cluster and must be ended first."""


class CommandError(Exception):
    """The command cannot be done, though it was given correctly: one line that says why, exit status 1."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """An option's type: a finite number from `least` to `most`, both included; a whole one if `is_whole`."""

    least: float
    most: float
    is_whole: bool = False

    def __call__(self, text: str) -> float:
        try:
            value = int(text) if self.is_whole else float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no {'whole ' if self.is_whole else ''}number") from None
        if not math.isfinite(value) or not self.least <= value <= self.most:
            raise argparse.ArgumentTypeError(f"{text} makes no sense: give {self.least:,} to {self.most:,}")
        return value


@dataclass(frozen=True, slots=True)
class OrNoLimit:
    """An option's type: a number, or the `word` for no limit, which is None."""

    number: Bounded
    word: str

    def __call__(self, text: str) -> float | None:
        return None if text.strip().lower() == self.word else self.number(text)


def number(least: float, most: float) -> Bounded:
    """An option's type: a finite number from `least` to `most`, both included."""
    return Bounded(least, most)


def whole(least: int, most: int) -> Bounded:
    """An option's type: a whole number from `least` to `most`, both included."""
    return Bounded(least, most, is_whole=True)


def hosts(text: str) -> frozenset[str]:
    """An option's type: names of hosts between commas, in the spelling that addresses have once they are asked."""
    from transforms.web.urls import BadUrl, host_of, is_word, name_of

    found = set()
    for name in filter(None, map(str.strip, text.split(","))):
        try:
            host = name_of(host_of(f"http://{name}"))
        except BadUrl:
            host = ""
        if not host or "/" in name or is_word(name):
            raise argparse.ArgumentTypeError(
                f"{name!r} is no host: write it like example.org, or with its port where its name has no dot"
            )
        found.add(host)
    if not found:
        raise argparse.ArgumentTypeError("there is no host: write it like example.org,example.com")
    return frozenset(found)


def lake(text: str) -> str:
    """An option's type: a lake's folder or URI. An existing local path must be a folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the lake has no name: give a folder, or a URI such as s3://bucket/lake")
    match = _SCHEME.match(text)
    if carries_more(text):
        raise argparse.ArgumentTypeError(  # which does not repeat the text, since there may be a secret in it
            "a lake's URI carries no user, password or options: they belong into the environment "
            "(docs/object_stores.md), and the URI is written like s3://bucket/lake"
        )
    if match is not None and not text[match.end() :].strip("/") and text != "file:///":
        raise argparse.ArgumentTypeError(f"{text!r} is no lake: it names nothing behind ://")
    if match is None and (half := _HALF_SCHEME.match(text)) is not None:
        meant = f"{half[1]}://{'/' if half[1].lower() == 'file' and half[0].endswith('/') else ''}{text[half.end() :]}"
        raise argparse.ArgumentTypeError(f"{text!r} is no lake; did you mean {meant}? A folder so called is ./{text}")
    if text.startswith("~"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no lake: the shell did not put your home for ~; write --output ~/lake with a space, "
            f"or for a folder of that name ./{text}"
        )
    if match is not None and match[1].lower() not in SCHEMES:
        near = nearest(match[1].lower(), SCHEMES)
        raise argparse.ArgumentTypeError(
            f"{text!r} is no lake: there is no storage {match[1]}://{f'; did you mean {near}://?' if near else ''}"
        )
    if match is not None:
        text = match[0].lower() + text[match.end() :]
        if not text[match.end() :].strip("/"):
            raise argparse.ArgumentTypeError(
                f"{text!r} is no lake: write it like file:///data/lake or s3://bucket/lake"
            )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{text!r} is no lake: its name is not UTF-8") from None
    folder = local_folder(text)
    if folder is not None:
        _refuse_files(text, folder)
    return text


def carries_more(text: str) -> bool:
    """Whether a URI holds a user, a password (in which there may be a slash), options or a fragment.

    Only Azure's ``abfss://container@account…`` has a name before an ``@``.
    """
    scheme, found, rest = text.partition("://")
    if not found or "/" in scheme or scheme.lower() == "file":
        return False
    authority = rest.partition("/")[0]
    has_password = ":" in authority or "@" in rest.partition(":")[2]
    has_user = "@" in authority and scheme.lower() not in ("abfs", "abfss")
    return has_password or has_user or "?" in rest or "#" in rest


def _refuse_files(text: str, folder: Path) -> None:
    """Raise ArgumentTypeError unless the longest existing part of a folder's path is a folder."""
    for place in (folder, *folder.parents):
        if os.path.lexists(place):
            if not place.is_dir():
                what = "is a file" if place.exists() else "is a link that leads nowhere"
                raise argparse.ArgumentTypeError(f"{text!r} is no lake: {place} {what}")
            return


def read_input(name: str, what: str = "") -> bytes:
    """The bytes of a file that the user named, ``-`` for standard input, or of an object by its URI (``s3://…``).

    Raises UsageError if it cannot be read.
    """
    shown = f"{what} {name or repr(name)}".strip()
    if not name:
        raise UsageError(f"cannot read {shown}: it is no file's name")
    if name == "-" and sys.stdin is None:
        raise UsageError("there is nothing to read: standard input is closed")
    if is_uri(name):
        return _object(name, shown)
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {shown}: {error.strerror}") from None


def is_uri(name: str) -> bool:
    """Whether a name is the URI of an object in a store, or of a file (``file://``)."""
    scheme = _SCHEME.match(name)
    return scheme is not None and scheme[1].lower() in SCHEMES


def _object(uri: str, shown: str) -> bytes:
    from transforms.lake.files.storage import Storage, StorageError

    folder, _, name = uri.rpartition("/")
    try:
        return Storage(folder, must_exist=True).get(name)
    except FileNotFoundError:
        raise UsageError(f"cannot read {shown}: there is no such object") from None
    except (StorageError, ValueError) as error:  # ValueError: no folder, or no name behind it
        raise UsageError(f"cannot read {shown}: {error}") from None


def check_output(name: str) -> None:
    """Raise UsageError if a file that is written at the end cannot be written; ``-`` is standard output."""
    if name == "-":
        return
    folder = os.path.dirname(name) or "."
    if not name or os.path.isdir(name):
        raise UsageError(f"cannot write {name or repr(name)}: it is no file's name")
    if not os.path.isdir(folder):
        raise UsageError(f"cannot write {name}: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"cannot write {name}: {os.strerror(errno.EACCES)}")


def local_folder(lake: str) -> Path | None:
    """The folder of a lake on the local disk; None for a lake in an object store."""
    path = lake.removeprefix("file://")
    return None if "://" in path else Path(path).absolute()


def unknown_option(
    word: str, known: Iterable[str], by_command: Mapping[str, Sequence[str]], otherwise: str = ""
) -> str:
    """The message for an unknown word on the command line: the subcommand it belongs to, or the nearest option.

    `known` are the options that are accepted here, `by_command` the options of all subcommands; `otherwise` ends the
    message if no option is near.
    """
    name = word.partition("=")[0]
    if not name.startswith("-"):
        return f"{word!r} is not expected here: every value needs its option"
    commands = [command for command, options in by_command.items() if name in options]
    if commands:
        return f"there is no option {name} here; it belongs to newsbeam {', '.join(commands[:3])}"
    near = nearest(name, known)
    return f"there is no option {name}" + (f"; did you mean {near}?" if near else otherwise)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; None if none is similar."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.7)), None)
