"""The objects in a page's JSON-LD, and the text of any JSON-LD value."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from transforms.extract.json_ld.loose_json import json_values
from transforms.text.break_hints import without_break_hints
from transforms.text.well_formed import well_formed

_MAX_JSON_CHARS = 2_000_000
_MAX_JSON_OBJECTS = 2_000
_MAX_TEXT_CHARS = 10_000
_MAX_DEPTH = 8
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage")


def one_line(text: str) -> str:
    """Foreign text as one clean line.

    Entities are resolved, runs of white space become one blank, hints for line breaks go, and the text is well-formed.
    """
    if "&" in text:
        text = html.unescape(text)
    if not (text.isascii() and text.isprintable()):  # nearly all texts are both and need no mending
        text = without_break_hints(well_formed(text))
    return " ".join(text.split())


def text_of(value: Any, depth: int = 0) -> str | None:
    """The text of a JSON-LD value: a string, an object's name, or the first text in a list; None if there is none."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, str):
        return one_line(value[:_MAX_TEXT_CHARS]) or None
    if isinstance(value, Mapping):
        return text_of(value.get("name") or value.get("@value") or value.get("url"), depth + 1)
    if isinstance(value, list):
        return next(filter(None, (text_of(one, depth + 1) for one in value)), None)
    return None


def json_objects(scripts: Iterable[str]) -> list[Mapping[str, Any]]:
    """All objects in a page's JSON-LD, in order, as `json_values` reads them. Oversized scripts are left out."""
    found: list[Mapping[str, Any]] = []
    chars = 0
    for script in scripts:
        if len(script) <= _MAX_JSON_CHARS and chars < 2 * _MAX_JSON_CHARS:
            chars += len(script)
            found += _objects(script)
    return found


def _objects(script: str) -> Iterator[Mapping[str, Any]]:
    waiting = deque(json_values(script))
    for _ in range(_MAX_JSON_OBJECTS):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value[:_MAX_JSON_OBJECTS])
        elif isinstance(value, str) and value.lstrip().startswith("{"):
            waiting.extend(json_values(value, is_nested=False))
        elif isinstance(value, Mapping):
            yield value if "@type" in value or "type" not in value else {**value, "@type": value["type"]}
            waiting.extend(value[name] for name in _HOLDERS if name in value)


def is_a(value: Mapping[str, Any], endings: tuple[str, ...]) -> bool:
    """Whether an object's type ends with one of `endings` (lower case): "article" matches "NewsArticle"."""
    types = value.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.strip().lower().endswith(endings) for name in names)
