"""Makes foreign text safe to print: it cannot move the cursor, reverse the line, or act as rich's mark-up."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from rich.text import Text

from schemas.run import iso

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners: harmless, and needed to spell words in Persian and Indian scripts."""

_NOT_PLAIN = re.compile("[^\n -~]")
_USER_INFO = re.compile(
    r"(?<=://)(?:[^/?#\s@]{0,8192}|[^/?#\s@:]{1,256}:(?![0-9]{1,5}(?:[/?#]|$))(?:(?!://)\S){0,8192})@"
)
"""User and password before the host of an address; also a password with a slash, which is none by the standard."""


def plain(text: str) -> str:
    """The text on one printable line: white space becomes spaces, other invisible characters question marks."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def masked(url: str) -> str:
    """An address as `plain` text, with ``***`` for user and password, if it has them."""
    return plain(_USER_INFO.sub("***@", url))


def cell(text: object, style: str = "") -> Text:
    """A cell or line for rich that is printed literally: ``[/x]`` is not a tag."""
    return Text(plain(str(text)), style=style)


def json_text(value: Any, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON in which characters that a terminal would act on are escaped, like ``\\u009b``."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=sort_keys)
    return _NOT_PLAIN.sub(lambda match: _as_json(match[0]), text)


def indented(text: str) -> str:
    """Foreign text of several lines, such as a traceback: each line `plain`, and indented, so that none looks like a
    log line.
    """
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
