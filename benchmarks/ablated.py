"""Rules of the product switched off, one at a time, in a process that ends afterwards."""

from __future__ import annotations

import ast
import multiprocessing
import pkgutil
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple, TypeVar

Found = TypeVar("Found")

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("transforms", "pipelines")
_FORK: Final = multiprocessing.get_context("fork")


class Off(NamedTuple):
    """One way to switch a rule off: in words, and as a value made of the rule's own and of the module it stands in."""

    told: str
    value: Callable[[Any, ModuleType], Any]


class Rule(NamedTuple):
    """A constant, function or method of a module that decides something, and the ways to switch it off.

    `name` may be that of a method: "Class.method".
    """

    module: str
    name: str
    ways: tuple[Off, ...]

    def __str__(self) -> str:
        return f"{self.module.removeprefix('transforms.')}.{self.name}"


class Failed(NamedTuple):
    """What a process raised instead of giving an answer."""

    error: str


def switch(rule: Rule, off: Off) -> None:
    """Switch a rule off in this process, in each module that has imported its name; what was computed is forgotten."""
    module = import_module(rule.module)
    holder, _, name = rule.name.rpartition(".")
    owner = getattr(module, holder) if holder else module
    value = off.value(vars(owner)[name], module)
    for one, as_name in [(owner, name), *([] if holder else _importers(rule.module, name))]:
        setattr(one, as_name, value)
    for loaded in list(sys.modules.values()):
        if loaded.__name__.partition(".")[0] in PACKAGES:
            for one in list(vars(loaded).values()):
                if callable(forget := getattr(one, "cache_clear", None)):
                    forget()


def in_process(work: Callable[[], Found], time_limit_s: float) -> Found | Failed:
    """What some work gives in a forked process, which has all that this one has read, or why it gave nothing."""
    here, there = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_answer, args=(work, there), daemon=True)
    process.start()
    there.close()
    try:
        answer: Found | Failed = (
            here.recv() if here.poll(time_limit_s) else Failed(f"no answer in {time_limit_s:.0f} s")
        )
    except EOFError:
        answer = Failed("the process died")
    process.kill()
    process.join()
    return answer


def _answer(work: Callable[[], object], to: Connection) -> None:
    try:
        to.send(work())
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        to.send(Failed(f"{type(error).__name__} in {where.name}: {error}"[:200]))


@cache
def needed_by(*modules: str) -> frozenset[str]:
    """The modules of our own that some modules import, directly or through others, and these themselves."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += {of for of, _, _ in _imports(one)}
    return frozenset(found)


def importers_of(module: str) -> list[str]:
    """The modules that import one directly."""
    return [one for one in our_modules() if any(of == module for of, _, _ in _imports(one))]


def _importers(module: str, name: str) -> Iterator[tuple[ModuleType, str]]:
    for one in our_modules():
        for of, imported, as_name in _imports(one):
            if (of, imported) == (module, name):
                yield import_module(one), as_name


@cache
def our_modules() -> tuple[str, ...]:
    """All modules of the packages, by name."""
    return tuple(
        one.name
        for package in PACKAGES
        for one in pkgutil.walk_packages([str(ROOT / package)], prefix=f"{package}.")
        if "__main__" not in one.name
    )


@cache
def _imports(module: str) -> tuple[tuple[str, str, str], ...]:
    """What a module imports of ours by name: (module, name there, name here)."""
    path = source_of(module)
    if path is None:
        return ()
    nodes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom))
    found = []
    for node in nodes:
        if node.module and node.module.partition(".")[0] in PACKAGES:
            for one in node.names:
                inner = f"{node.module}.{one.name}"
                is_module = source_of(inner) is not None
                found.append((inner if is_module else node.module, one.name, one.asname or one.name))
    return tuple(found)


def source_of(module: str) -> Path | None:
    """The file that a module is in."""
    path = ROOT.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def gives(value: object, told: str | None = None) -> Off:
    """A function that answers nothing else."""
    return Off(told or f"always {value!r}", lambda old, _: _like(old, lambda *args, **kwargs: value))


def _like(old: Any, function: Callable[..., Any]) -> Any:
    if isinstance(old, property):
        return property(function)
    return staticmethod(function) if isinstance(old, staticmethod) else function


def becomes(value: object) -> Off:
    """Another value."""
    return Off(repr(value), lambda *_: value)


NEVER: Final = gives(False, "never")
ALWAYS: Final = gives(True, "always")
NOTHING: Final = Off("empty", lambda old, _: type(old)())
"""Of a set, a tuple, a mapping or a text."""

_NO_MATCH: Final = "(?!)()()()"
"""Matches nothing; has groups, which replacements may name."""

NO_MATCH: Final = Off(
    "matches nothing", lambda old, _: re.compile(_NO_MATCH.encode() if isinstance(old.pattern, bytes) else _NO_MATCH)
)
HALF: Final = Off("half", lambda old, _: type(old)(old / 2))
DOUBLE: Final = Off("double", lambda old, _: type(old)(old * 2))
UNBOUNDED: Final = Off("no bound", lambda *_: 10**9)
ARGUMENT: Final = Off("gives back what it got", lambda *_: lambda first, *args, **kwargs: first)


def without(entry: int, told: str) -> Off:
    """A tuple of rules without one of them."""
    return Off(f"without {told}", lambda old, _: (*old[:entry], *old[entry + 1 :]))
