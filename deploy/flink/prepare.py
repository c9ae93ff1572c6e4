"""Makes what the cluster runs on: Flink and Beam's runner from Maven Central, and the library that binds to loopback.

Checked: by tests/flink.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / ".tools/flink"
"""Where the jars are kept between clusters; git ignores it."""


class MissingToolError(Exception):
    """The machine lacks a program; the message names it and what to install."""


def check_tools() -> None:
    """Raise MissingToolError if Java, Maven or gcc is missing."""
    for program, package in (("java", "a Java 11 or 17"), ("mvn", "Maven"), ("gcc", "gcc")):
        if shutil.which(program) is None:
            raise MissingToolError(f"a Flink cluster needs {program}, which is not installed; install {package}")


def prepare() -> tuple[Path, Path]:
    """The folder of the jars (163, 157 MB, fetched once) and the library to preload. Raises MissingToolError, and
    CalledProcessError if Maven or gcc fails."""
    check_tools()
    TOOLS.mkdir(parents=True, exist_ok=True)
    return _jars(), _preload()


def _jars() -> Path:
    jars = TOOLS / "lib"
    pom = HERE / "pom.xml"
    if not jars.is_dir() or jars.stat().st_mtime < pom.stat().st_mtime:
        fetched = TOOLS / f"lib.{os.getpid()}"
        goal = ("dependency:copy-dependencies", f"-DoutputDirectory={fetched}", "-DincludeScope=runtime")
        subprocess.run(["mvn", "-q", "-B", "-f", str(pom), *goal], check=True)
        shutil.rmtree(jars, ignore_errors=True)
        fetched.rename(jars)  # whole, or not there
    return jars


def _preload() -> Path:
    source, library = HERE / "bind_loopback.c", TOOLS / "bind_loopback.so"
    if not library.is_file() or library.stat().st_mtime < source.stat().st_mtime:
        built = TOOLS / f"bind_loopback.{os.getpid()}.so"
        command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", str(built), str(source), "-ldl"]
        subprocess.run(command, check=True)
        built.rename(library)
    return library
