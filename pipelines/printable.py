"""Foreign text for terminals: nothing in it may move the cursor, turn the line around or be taken for mark-up."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rich.text import Text

from schemas.run import iso

_JOINERS = "\u200c\u200d"
"""They spell words in Persian and Indian scripts, and do nothing else."""

_NOT_PLAIN = re.compile("[^\n -~]")


def plain(text: str) -> str:
    """The text on one line as it may be printed: white space as spaces, what no reader sees as question marks."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def cell(text: object, style: str = "") -> Text:
    """A cell or line for rich that is printed as it stands, without mark-up: ``[/x]`` is no tag."""
    return Text(plain(str(text)), style=style)


def json_text(value: Any, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON that terminals show as it is: what they would act on is written as ``\\u009b``."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=sort_keys)
    return _NOT_PLAIN.sub(lambda match: _as_json(match[0]), text)


def indented(text: str) -> str:
    """Foreign text of several lines, such as a traceback, each as `plain` shows it, and none like a line of its own."""
    return "\n".join(f"  {plain(line)}" for line in text.split("\n"))


def minute(instant_us: int | None) -> str:
    """An instant as "2026-03-02 08:00", in UTC; "-" for none."""
    return iso(instant_us)[:16].replace("T", " ") if instant_us is not None else "-"


def _as_json(letter: str) -> str:
    is_seen = letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"
    return letter if is_seen else json.dumps(letter)[1:-1]


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    return " " if letter in "\t\n\r" or unicodedata.category(letter) in ("Zs", "Zl", "Zp") else "?"
