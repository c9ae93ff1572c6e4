"""Our reading of robots.txt against that of others, on the questions of google/robotstxt.

    python -m benchmarks.robots robots_test.cc

The file is that project's own test, which is not part of this repository. Each of its `IsUserAgentAllowed` questions is
put to our matcher, to urllib.robotparser, and to Protego if it is installed (`pip install protego`). Prints how many
each one answers otherwise than expected, and lists our own such answers.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.robotparser import RobotFileParser

from transforms.web.politeness.robots import robots_text
from transforms.web.politeness.robots_rules import RobotsRules

_LITERAL = r'"(?:[^"\\]|\\.)*"'
_VALUE = rf"(?:{_LITERAL}\s*|\w+)+?"
_STATEMENT = re.compile(
    rf"(?:absl::string_view|std::string)\s+(?P<name>\w+)\s*=\s*(?P<text>(?:{_LITERAL}\s*)+);"
    rf"|EXPECT_(?P<expected>TRUE|FALSE)\(\s*IsUserAgentAllowed\("
    rf"\s*(?P<robots>{_VALUE})\s*,\s*(?P<agent>{_VALUE})\s*,\s*(?P<url>{_VALUE})\s*\)\s*\)",
    re.DOTALL,
)


class Question(NamedTuple):
    """May `agent` fetch `url` under `robots`?"""

    robots: bytes
    agent: str
    url: str
    expected: bool


def questions(source: str) -> Iterator[Question]:
    """The questions in the C++ test, with its string constants filled in."""
    named: dict[str, bytes] = {}

    def value(expression: str) -> bytes:
        literals = re.findall(_LITERAL, expression)
        return b"".join(map(_bytes_of, literals)) if literals else named.get(expression.strip(), b"")

    for found in _STATEMENT.finditer(re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)):
        if found["name"]:
            named[found["name"]] = value(found["text"])
        else:
            agent, url = value(found["agent"]).decode(), value(found["url"]).decode()
            yield Question(value(found["robots"]), agent, url, found["expected"] == "TRUE")


def _bytes_of(literal: str) -> bytes:
    return bytes(ast.literal_eval(f"b{literal}")) if literal.isascii() else str(ast.literal_eval(literal)).encode()


def _ours(asked: Question) -> bool:
    return RobotsRules(robots_text(asked.robots), asked.agent or "x").allows(asked.url)


def _urllib(asked: Question) -> bool:
    parser = RobotFileParser()
    parser.parse(asked.robots.decode("utf-8", "replace").splitlines())
    return parser.can_fetch(asked.agent, asked.url)


def _protego(asked: Question) -> bool:
    rules = import_module("protego").Protego.parse(asked.robots.decode("utf-8", "replace"))
    return bool(rules.can_fetch(asked.url, asked.agent))


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("test", type=Path, help="robots_test.cc of google/robotstxt")
    asked = list(questions(parser.parse_args().test.read_text()))
    readers: Mapping[str, Callable[[Question], bool]] = {"newsbeam": _ours, "urllib.robotparser": _urllib}
    if find_spec("protego"):
        readers = {**readers, "Protego": _protego}
    print(f"{len(asked)} questions, answered otherwise than expected:")
    for name, answer in readers.items():
        print(f"  {name:20} {sum(answer(one) != one.expected for one in asked)}")
    for one in asked:
        if _ours(one) != one.expected:
            print(f"newsbeam says {not one.expected} to {one.url} under {one.robots!r}")


if __name__ == "__main__":
    main()
