"""JSON-LD of a page: the object that describes its article, whatever else a page may describe."""

from __future__ import annotations

import html
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_MAX_JSON_CHARS = 2_000_000
_MAX_JSON_OBJECTS = 2_000
_MAX_TEXT_CHARS = 10_000
_MAX_DEPTH = 8
_ARTICLE_TYPES = ("article", "posting", "report", "review")
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage")


def one_line(text: str) -> str:
    """Text with entities resolved and runs of white space made one blank."""
    return " ".join(html.unescape(text).split())


def text_of(value: Any, depth: int = 0) -> str | None:
    """The text of a JSON-LD value: a string, the name of an object, or the first of a list that has one."""
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
    """All objects of a page's JSON-LD in order; malformed or oversized scripts are left out."""
    return [found for script in scripts for found in _objects(script)]


def article_object(objects: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The object that describes the page's article: the first of an article type with a headline, else with a date;
    where there is none, the object of the web page itself if it is dated.

    An author or publisher that is only referred to by its `@id` is replaced by what that object says. {} where no
    object is of an article type.
    """
    articles = sorted(
        (one for one in objects if _is_a(one, _ARTICLE_TYPES)),
        key=lambda one: ("headline" not in one, "datePublished" not in one),
    ) or [one for one in objects if _is_a(one, ("page",)) and "datePublished" in one]
    if not articles:
        return {}
    by_id = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and "name" in one}
    return {name: _resolved(value, by_id) for name, value in articles[0].items()}


def _resolved(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, by_id) if isinstance(one, Mapping) else one for one in value]
    if isinstance(value, Mapping) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _objects(script: str) -> Iterator[Mapping[str, Any]]:
    if len(script) > _MAX_JSON_CHARS:
        return
    waiting = deque([_loaded(script)])
    for _ in range(_MAX_JSON_OBJECTS):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value[:_MAX_JSON_OBJECTS])
        elif isinstance(value, Mapping):
            yield value
            waiting.extend(value[name] for name in _HOLDERS if name in value)


def _loaded(script: str) -> Any:
    """The script's value; also where a template escaped the JSON as if it were text. None for what is no JSON."""
    text = script.strip().removeprefix("<!--").removesuffix("-->")
    for spelling in (text, html.unescape(text) if "&quot;" in text else ""):
        try:
            return json.loads(spelling, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _is_a(value: Mapping[str, Any], endings: tuple[str, ...]) -> bool:
    types = value.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.lower().endswith(endings) for name in names)
