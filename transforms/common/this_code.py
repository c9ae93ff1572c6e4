"""Tells whether two processes run one version of newsbeam, by a checksum of its code and what that depends on."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from importlib import metadata
from pathlib import Path


class OtherVersionError(Exception):
    """A worker runs another version than the process that began the run."""


@cache
def this_code() -> str:
    """A checksum of all that results depend on: our code and data files, and the versions of the libraries we need."""
    checksum = hashlib.blake2b(digest_size=16)
    root = Path(__file__).resolve().parents[2]
    for room in ("schemas", "transforms", "pipelines"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".json", ".csv", ".txt"):
                checksum.update(path.name.encode() + b"\0" + path.read_bytes())
    for needed in sorted(metadata.requires("newsbeam") or ()):
        if "extra ==" not in needed:
            checksum.update(metadata.version(re.split(r"[^\w.-]", needed, maxsplit=1)[0]).encode())
    return checksum.hexdigest()


@cache
def this_version() -> str:
    """This process's version in words, with its code's checksum; equal where runs give equal results."""
    ours, beam = metadata.version("newsbeam"), metadata.version("apache-beam")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"newsbeam {ours} (code {this_code()[:12]}, Beam {beam}, Python {python})"


def check_version(expected: str) -> None:
    """Raise OtherVersionError unless this process runs the `expected` version, as `this_version` states it."""
    if this_version() != expected:
        raise OtherVersionError(
            f"a worker runs {this_version()}, this command {expected}; install one version, with its libraries, on both"
        )
