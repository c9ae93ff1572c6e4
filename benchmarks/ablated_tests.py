"""Which test fails when a rule is off: the one that pins it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks.ablated import ROOT, Off, Rule, importers_of, switch

_SLOW: Final = re.compile(r"hostile|build_twice|extract_drafts|library_errors|stored_history|linear|crash")
"""Of times, processes and libraries, which no rule decides."""

_ROOMS: Final = {
    "transforms.compare.copies": ("tests/transforms/compare/copies",),
    "transforms.compare.sites": ("tests/transforms/compare/sites",),
    "transforms.extract": ("tests/transforms/extract", "tests/transforms/clean", "tests/transforms/text"),
    "transforms.clean": ("tests/transforms/clean", "tests/transforms/extract"),
}


class _First:
    """Remembers the first test that fails."""

    def __init__(self) -> None:
        self.failed: str | None = None
        self.passed = 0

    def pytest_collection(self) -> None:
        """A busy machine is no failure, nor is chance: examples are the same with a rule on and off."""
        settings = import_module("hypothesis").settings  # imported late: pytest has to be the first to do so
        settings.register_profile("ablate", deadline=None, derandomize=True, database=None, max_examples=30)
        settings.load_profile("ablate")

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Called for each phase of each test."""
        if report.failed and self.failed is None:
            self.failed = report.nodeid
        self.passed += report.passed and report.when == "call"

    def pytest_collectreport(self, report: Any) -> None:
        """Called for each file; one that cannot be read with the rule off pins it, too."""
        if report.failed and self.failed is None:
            self.failed = report.nodeid


def pinning_test(rule: Rule, off: Off, near: bool) -> str:
    """The first test that fails with a rule off; "" for none. First asked are the tests of its module and of those that
    import it, then, unless only `near` ones are wanted, all others of the rule's room."""
    switch(rule, off)
    first, others = _by_nearness(rule)
    return next((failed for some in (first, [] if near else others) if some and (failed := _failed(some))), "")


def failing_anyhow() -> str:
    """The first test of all rooms that fails with every rule on; "" where none does."""
    folders = {folder for some in _ROOMS.values() for folder in some}
    return _failed([file for folder in sorted(folders) for file in _tests_in(folder)]) or ""


def _failed(files: Sequence[Path]) -> str | None:
    os.chdir(ROOT)
    first = _First()
    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=no", "--timeout=60"]
    options += ["-k", "not linear and not time_grows and not cost_no_time"]
    with Path(os.devnull).open("w") as sink, contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        pytest.main([*options, *map(str, files)], [first])
    assert first.passed or first.failed, files
    return first.failed


def _by_nearness(rule: Rule) -> tuple[list[Path], list[Path]]:
    folders = next(folders for room, folders in _ROOMS.items() if rule.module.startswith(room))
    files = [file for folder in folders for file in _tests_in(folder)]
    stem, *above = (one.rpartition(".")[2] for one in (rule.module, *importers_of(rule.module)))
    own = [file for file in files if stem in file.stem]
    named = [file for file in files if any(one in file.stem for one in above)]
    telling = [file for file in files if f"{stem} import" in file.read_text()]
    first = list(dict.fromkeys([*own, *named, *telling]))
    return first, [file for file in files if file not in first]


def _tests_in(folder: str) -> list[Path]:
    return [file for file in sorted((ROOT / folder).rglob("test_*.py")) if _SLOW.search(file.name) is None]
