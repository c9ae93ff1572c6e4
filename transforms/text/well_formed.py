"""Foreign text made safe for every table, terminal and library."""

from __future__ import annotations

import re
from typing import Any

MAX_LEVELS = 100

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def well_formed(text: str) -> str:
    """The text without control characters and with U+FFFD for each lone surrogate, such as an emoji cut in half.

    Arrow refuses lone surrogates, which JSON can contain (``"\\ud83d"``). Two surrogates that form a character together
    become that character. Call it once, where foreign text enters: feeds, facts of pages, feed lists.
    """
    if text.isascii() and text.isprintable():  # as are nearly all texts
        return text
    text = _CONTROLS.sub("", text)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def well_formed_values(value: Any, levels: int = MAX_LEVELS) -> Any:
    """A value of parsed JSON with all texts well-formed, including the names of members.

    Containers deeper than MAX_LEVELS levels become None: nothing that we read is so deep, and Python would recurse too
    far.
    """
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list | dict) and not levels:
        return None
    if isinstance(value, list):
        return [well_formed_values(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {well_formed(name): well_formed_values(item, levels - 1) for name, item in value.items()}
    return value
