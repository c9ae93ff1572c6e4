"""Tells which newsbeam this is: its commit, and a checksum of its code and what that depends on."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class OtherVersionError(Exception):
    """A worker runs another version than the process that began the run."""


@cache
def this_code() -> str:
    """A checksum of all that results depend on: our code and data files, and the versions of the libraries we need."""
    checksum = hashlib.blake2b(digest_size=16)
    for room in ("schemas", "transforms", "pipelines"):
        for path in sorted((_ROOT / room).rglob("*")):
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


def commit(root: Path = _ROOT) -> str:
    """The commit that this code is from, such as `1a2b3c4d5e6f` or `1a2b3c4d5e6f-changed`; empty if nobody knows.

    Packages carry it in a file that setup.py writes. Elsewhere git is asked, which knows it in a checkout.
    """
    if (root / "pipelines/COMMIT").exists():
        return (root / "pipelines/COMMIT").read_text().strip()
    if not (root / ".git").exists():  # git would look further up, where other projects are
        return ""
    ask = ["git", "-C", str(root), "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty=-changed"]
    try:
        return subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""


def check_version(expected: str) -> None:
    """Raise OtherVersionError unless this process runs the `expected` version, as `this_version` states it."""
    if this_version() != expected:
        raise OtherVersionError(
            f"a worker runs {this_version()}, this command {expected}; install one version, with its libraries, on both"
        )
