"""Every regular expression of our packages takes linear time on the worst that can be made of its own parts.

The patterns are found, not listed. From the tree of each, inputs are built: what it repeats, repeated, behind what must
stand before it, with an end that does not fit. A pattern is tried as its module uses it: where only `match` is called,
at the start of a text; anything else tries every place.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from transforms.feeds.lists.discover import feed_links, sitemap_leads
from transforms.feeds.lists.folders import folders_of
from transforms.feeds.parsing.fields.plain import html_of_text, plain_title
from transforms.feeds.parsing.fields.xml_text import mended_xml
from transforms.feeds.scheduling.wishes import wishes_of
from transforms.pages.sniff import sniff_other
from transforms.text.charset import decode_body
from transforms.web.politeness.robots_rules import RobotsRules

PACKAGES = ("schemas", "transforms", "pipelines", "newsbeam", "newsroom")
WITH_ICEBERG = ("pipelines.commands.lake.catalog", "pipelines.commands.lake.iceberg_table")
"""Modules that import pyiceberg, which is an extra. They hold no pattern."""
SMALL = range(4, 27)
"""Repetitions at which an exponential pattern shows before it hangs the test; only nested repeats can be one."""
SOME, FEW, MANY = 400, 1_500, 6_000
"""Lengths of the inputs that are compared, in characters."""
FLOOR_S = 0.008
"""What hardly a pattern needs for MANY characters in linear time; a quadratic one needs much more."""
RATIO = 9.0
MOST_S = 0.05
"""What nothing up to SOME characters may take: an exponential or cubic pattern is stopped there."""
_CATEGORIES = {
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_DIGIT: "0",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}
_FILLERS = ("a", "A", "0", " ", "\n", "-", ".", "_", "é", "年", "<", "\x00", "&", "%", "/")
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_GROUPS = {codes.SUBPATTERN: 3, codes.ATOMIC_GROUP: None}


class Named(NamedTuple):
    """A pattern, where it stands, and how it is tried."""

    name: str
    pattern: re.Pattern[Any]
    method: str


def _modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if module.name not in WITH_ICEBERG:
                yield importlib.import_module(module.name)


def _patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns_in(tuple(value.values()))
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _patterns_in(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _patterns_in(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text("utf-8")


def _method(module: ModuleType, name: str) -> str:
    """``match`` or ``fullmatch`` where the module calls nothing else on this name, else ``search``."""
    uses = set(re.findall(rf"\b{name}\b\.(\w+)", _source(module)))
    return uses.pop() if len(uses) == 1 and uses <= {"match", "fullmatch"} else "search"


def _inline(module: ModuleType) -> Iterator[Named]:
    """Patterns that are written where they are used: ``re.sub(r"…", …)``."""
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            function, first = node.func, node.args[0]
            if isinstance(function.value, ast.Name) and function.value.id == "re" and isinstance(first, ast.Constant):
                method = function.attr if function.attr in ("match", "fullmatch") else "search"
                yield Named(f"{module.__name__}, line {node.lineno}", re.compile(first.value), method)


def _all_patterns() -> list[Named]:
    found: dict[tuple[Any, int, str], Named] = {}
    for module in _modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                method = _method(module, name)
                named = Named(f"{module.__name__}:{name}", pattern, method)
                found.setdefault((pattern.pattern, pattern.flags, method), named)
    known = {text for text, _, _ in found}
    for module in _modules():
        for named in _inline(module):
            if named.pattern.pattern not in known:  # a pattern with a name is tried as its name is used
                found.setdefault((named.pattern.pattern, named.pattern.flags, named.method), named)
    return list(found.values())


def _signs(items: Iterable[tuple[Any, Any]]) -> list[str]:
    """One sign for each part of a class; for a class of all but some, one that is in it."""
    items = list(items)
    if items and items[0][0] is codes.NEGATE:
        barred = "".join(_signs(items[1:]))
        return [sign for sign in _FILLERS if sign not in barred][:4]
    signs = []
    for code, value in items:
        if code is codes.LITERAL:
            signs.append(chr(value))
        elif code is codes.RANGE:
            signs.append(chr(value[0]))
        elif code is codes.CATEGORY:
            signs.append(_CATEGORIES[value])
    return list(dict.fromkeys(signs))[:6]


def _shortest(node: tuple[Any, Any]) -> str:
    """A short text that the node matches, without regard for assertions."""
    code, value = node
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return next(sign for sign in _FILLERS if ord(sign) != value)
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return _signs(value)[0]
    if code is codes.BRANCH:
        return min((_sequence(branch) for branch in value[1]), key=len)
    if code in _REPEATS:
        return _sequence(value[2]) * value[0]
    if code in _GROUPS:
        return _sequence(value if _GROUPS[code] is None else value[_GROUPS[code]])
    return ""


def _sequence(nodes: Iterable[tuple[Any, Any]]) -> str:
    return "".join(map(_shortest, nodes))


def _units(nodes: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Texts worth repeating: each sign, each alternative, each whole of a sequence."""
    for code, value in (nodes := list(nodes)):
        if code is codes.IN:
            yield from _signs(value)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _units(branch)
        elif code in _REPEATS:
            yield from _units(value[2])
            yield _sequence(value[2]) * max(1, value[0])
        elif code in _GROUPS:
            yield from _units(value if _GROUPS[code] is None else value[_GROUPS[code]])
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _units(value[1])
        else:
            yield _shortest((code, value))
    yield _sequence(nodes)


def _heads(nodes: Iterable[tuple[Any, Any]], before: str = "") -> Iterator[str]:
    """What stands before each repetition."""
    for code, value in nodes:
        if code in _REPEATS:
            yield before
            yield from _heads(value[2], before)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _heads(branch, before)
        elif code in _GROUPS:
            yield from _heads(value if _GROUPS[code] is None else value[_GROUPS[code]], before)
        before += _shortest((code, value))


def _inputs(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """Head, what is repeated, and end."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = list(
        parser.parse(text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    )
    units = [unit for unit in dict.fromkeys((*_units(tree), *_FILLERS[:6])) if unit and len(unit) <= 60]
    heads = list(dict.fromkeys(("", *_heads(tree))))
    # Long lists of alternative words differ in nothing that costs time.
    marks = [unit for unit in units if len(unit) == 1 and not unit.isalnum()]
    units, heads = list(dict.fromkeys(units[:10] + marks + units[-6:])), heads[:4]
    inputs = [(head, unit, "\x01") for unit in units for head in heads]
    return inputs + [("", head + unit, "\x01") for unit in units[:8] for head in heads if head]


def _spent_s(named: Named, text: str) -> float:
    subject = text if isinstance(named.pattern.pattern, str) else text.encode("latin-1", "replace")
    start_s = time.thread_time()
    if named.method == "search":
        for _ in named.pattern.finditer(subject):
            pass
    else:
        getattr(named.pattern, named.method)(subject)
    return time.thread_time() - start_s


def _slow(named: Named) -> str | None:
    """The first input on which the pattern is not linear."""
    sizes = SMALL if re.search(r"[+*}?]\)", str(named.pattern.pattern)) else ()
    for head, unit, end in _inputs(named.pattern):
        shown = f"{named.name} ({named.method}): {head!r} + {unit!r} * n + {end!r}"
        some, few, many = (head + unit * (length // len(unit)) + end for length in (SOME, FEW, MANY))
        for text in (*(head + unit * size + end for size in sizes), some):
            if _spent_s(named, text) > MOST_S and _spent_s(named, text) > MOST_S:
                return f"{shown} takes more than {MOST_S * 1000:.0f} ms for {len(text)} characters"
        many_s = _spent_s(named, many)
        if many_s < FLOOR_S:
            continue
        # Noise is no fault: the best of a few tries counts.
        many_s = min(many_s, *(_spent_s(named, many) for _ in range(2 if many_s < 10 * MOST_S else 0)), 1e9)
        few_s = min(_spent_s(named, few) for _ in range(3))
        if many_s > FLOOR_S and many_s > RATIO * few_s:
            return f"{shown} takes {many_s * 1000:.0f} ms, {many_s / few_s:.0f} times as long for 4 times as much"
    return None


@pytest.mark.slow
def test_every_pattern_takes_linear_time_on_the_worst_of_its_own_parts() -> None:
    named = _all_patterns()
    assert len(named) > 100
    assert [slow for one in named if (slow := _slow(one))] == []


@pytest.mark.parametrize(
    "work",
    [
        lambda n: sniff_other(b"<!--a-->" * n + b"x"),
        lambda n: sniff_other(b"<??>" * n + b"<!-- "),
        lambda n: sitemap_leads("\n" * n + " " * n + "x"),
        lambda n: feed_links(b"<a href=" + b"/feed" * n + b">", None, "https://paper.example/"),
        lambda n: wishes_of("<channel>" + "<skipHours><skipDays>" * n, None, None, None),
        lambda n: mended_xml("<![CDATA[" * n + "&" * n + "]]>" * n),
        lambda n: plain_title("<a <b></b>" * n + "&" * n, 10**6),
        lambda n: html_of_text("a \n" * n),
        lambda n: folders_of("\\/" * n + "/" * n),
        lambda n: decode_body(b" \0" * n + b"<", None),
        lambda n: RobotsRules(f"user-agent: *\ndisallow: /{'*a' * n}b\n{'a ' * n}", "beam").allows(
            f"https://a.b/{'a' * n}"
        ),
    ],
)
def test_what_met_hostile_bytes_takes_linear_time(work: Callable[[int], object]) -> None:
    def spent_s(size: int) -> float:
        start_s = time.thread_time()
        work(size)
        return time.thread_time() - start_s

    work(10)
    few_s, many_s = (min(spent_s(size) for _ in range(3)) for size in (2_000, 8_000))
    assert many_s < max(0.02, RATIO * few_s)


@pytest.mark.parametrize("pattern", [r"(?:a|b|ab)*c", r"(?:\s|<!--.*?-->)*<x", r"\s+$", r"^(a+)+$", r"x.*y.*z"])
def test_a_slow_pattern_is_found(pattern: str) -> None:
    assert _slow(Named("slow", re.compile(pattern, re.S), "search"))
