"""Edits feed lists in JSON: the text around the elements that change stays as it is. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import URL_COLUMNS, json_url
from transforms.feeds.lists.folders import path_of

_SPACE = re.compile(r"[ \t\r\n\ufeff]*+")
_DECODER = json.JSONDecoder()


class _Element(NamedTuple):
    start: int
    end: int
    value: Any


class _List(NamedTuple):
    """Where the list of feeds stands in the text: its brackets and its elements."""

    start: int
    end: int
    elements: list[_Element]


def objects_with(text: str, specs: Sequence[FeedSpec]) -> str:
    """The list with these feeds at its end: as addresses alone if it has only such, else as objects."""
    found = _list_in(text)
    if found is None:
        return text
    elements = found.elements
    are_texts = bool(elements) and all(isinstance(one.value, str) for one in elements)
    name = next((key for one in reversed(elements) if (key := _url_name(one.value)) is not None), "url")
    new = [json.dumps(spec.url if are_texts else _object(spec, name), ensure_ascii=False) for spec in specs]
    if not elements:
        return f"{text[: found.start]}[\n  {f',{chr(10)}  '.join(new)}\n{text[found.end - 1 :]}"
    last = elements[-1]
    before = text[elements[-2].end if len(elements) > 1 else found.start + 1 : last.start].replace(",", "", 1)
    return text[: last.end] + "".join(f",{before}{one}" for one in new) + text[last.end :]


def objects_without(text: str, is_gone: Callable[[str], bool]) -> str:
    """The list without the elements whose address `is_gone`."""
    found = _list_in(text)
    if found is None:
        return text
    elements = found.elements
    kept = [place for place, one in enumerate(elements) if not is_gone(json_url(one.value) or "")]
    if len(kept) == len(elements):
        return text
    if not kept:
        return text[: elements[0].start] + text[elements[-1].end :]
    # Each kept element keeps the text before it; the first kept one stands where the first one stood.
    pieces = [text[: elements[0].start], text[elements[kept[0]].start : elements[kept[0]].end]]
    pieces += [text[elements[place - 1].end : elements[place].end] for place in kept[1:]]
    return "".join(pieces) + text[elements[-1].end :]


def _list_in(text: str) -> _List | None:
    start = _after_space(text, 0)
    if text[start] == "[":
        return _elements(text, start)
    found, at = None, _after_space(text, start + 1)
    while text[at] == '"':
        name, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, _after_space(text, at) + 1)  # behind the colon
        if name == "feeds" and text[at] == "[":
            found = _elements(text, at)
        _, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at] != ",":
            break
        at = _after_space(text, at + 1)
    return found


def _elements(text: str, start: int) -> _List:
    elements: list[_Element] = []
    at = _after_space(text, start + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        elements.append(_Element(at, end, value))
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)
    return _List(start, at + 1, elements)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _url_name(value: Any) -> str | None:
    """The key of an object under which its address stands, as it is spelled there."""
    keys = {key.lower(): key for key in value} if isinstance(value, dict) else {}
    return next((keys[name] for name in URL_COLUMNS if name in keys), None)


def _object(spec: FeedSpec, name: str) -> dict[str, str]:
    values = {"title": spec.title, "language": spec.language, "country": spec.country, "folder": path_of(spec.folders)}
    return {name: spec.url} | {key: value for key, value in values.items() if value}
