"""The JSON values of a script, even if a template, plug-in or editor left flaws in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from transforms.text.well_formed import well_formed

_MAX_DEPTH = 40
_MAX_TOKENS = 300_000
_MAX_NUMBER_CHARS = 40
_MAX_DIGITS = 18

_ESCAPED = re.compile(r"(?:\s|<!--|//|<!\[CDATA\[|[\[{])*+&(?:amp;)?(?:quot|#34|#x22);", re.IGNORECASE)
"""JSON that a template escaped as if it were text: its first quotation mark is an entity."""

_BETWEEN = re.compile(
    r"\s++|(?://[ \t]*+)?(?:<!--|--!?>|<!\[CDATA\[|<!\]\]>|\]\]>)|//[ \t]*+>|//[^\n\r]*+|/\*.*?(?:\*/|\Z)", re.DOTALL
)
"""What carries no value: white space, comments, and the wrappers that hid scripts from old browsers."""

_LITERAL = re.compile(r"[{,]\s*+(?:'[^'\"\\\n]{1,80}+'|[A-Za-z_$@][\w$-]{0,60}+)\s*+:")
_LITERAL_PARTS = re.compile(
    r"(?P<plain>\"(?:[^\"\\]++|\\.)*+\"?)|'(?P<quoted>(?:[^'\\]++|\\.)*+)\\?'?|"
    r"(?<![\w$@-])(?P<key>[A-Za-z_$@][\w$-]{0,60}+)(?=\s{0,80}+:(?!//))",
    re.DOTALL,
)
"""Parts of a JavaScript object literal: keys without quotation marks, strings in single quotation marks."""

_CURLY = str.maketrans(dict.fromkeys("“”„‟″", '"'))
_PREFIX = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)")
_NAMES = {
    name.lower(): name
    for name in "headline author creator publisher name url datePublished dateModified dateCreated articleBody "
    "articleSection inLanguage mainEntityOfPage mainEntity keywords description image @type @graph @id".split()
}
"""Members that we read, by lower-case name; some pages spell them in another case."""

_NEXT_KEY = r'"[^"\\\n]{1,80}+"\s*+:'
_KEY = re.compile(r'"((?:[^"\\]|\\.){1,80}+)"(?=\s{0,80}+:)', re.DOTALL)
_IN_OBJECT = re.compile(
    rf'"((?:[^"\\]++|\\.|"(?!\s*+(?:[}}\]:]|/[/*]|\Z|{_NEXT_KEY}|,\s*+(?:{_NEXT_KEY}|[}}\],]|/[/*]|\Z))))*+)"',
    re.DOTALL,
)
_IN_LIST = re.compile(
    r'"((?:[^"\\]++|\\.|"(?!\s*+(?:[}\]]|/[/*]|\Z|,\s*+(?:["{}\[\],\d-]|/[/*]|\Z|true|false|null))))*+)"', re.DOTALL
)
"""Strings in an object and in a list. A quotation mark ends a string only where what follows it can follow a value;
other quotation marks are text that nobody escaped ("He said "no" to it")."""

_PLAIN = re.compile(r'"((?:[^"\\]++|\\.)*+)"(?!\w)', re.DOTALL)
_UNREAD = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_COLON = re.compile(r"\s*+:")
_SCALAR = re.compile(r"-?\d[\d.eE+-]*+|(?:true|false|null)\b")
_JUNK = re.compile(r'[^\s"{}\[\],:/<\]-]++|.', re.DOTALL)
_BAD_ESCAPE = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\|(")')


def json_values(script: str, *, is_nested: bool = True) -> Iterator[Any]:
    """The values in a script, in order; most scripts hold one. Nothing is yielded where there is no JSON.

    A flaw costs only the value that it is in. Tolerated are wrappers, comments, stray characters, missing or surplus
    commas, unescaped line ends and quotation marks in strings, members without a value, and an end that was cut off.
    JavaScript object literals are read too, and so is JSON encoded in a string (if `is_nested`). All texts are
    well-formed. Numbers of absurd length become None; containers nested deeper than 40 levels are None or left out.
    Linear in the script's length; raises nothing.
    """
    text = script.strip("\ufeff \t\r\n")
    for _ in range(2):
        text = unescape(text) if _ESCAPED.match(text) is not None else text
    if '"' not in text:
        text = text.translate(_CURLY)
    try:
        values = [json.loads(text, strict=False, parse_int=_whole, parse_float=_number, parse_constant=_none)]
    except (ValueError, RecursionError):
        values = _Reader(text).values()
        if _LITERAL.search(text) is not None:
            values = max(values, _Reader(_LITERAL_PARTS.sub(_as_json, text)).values(), key=_members)
    for value in values:
        if isinstance(value, str) and is_nested:  # encoded twice
            yield from json_values(value, is_nested=False)
        else:
            yield _tidy(value)


def _as_json(part: re.Match[str]) -> str:
    """One part of a JavaScript object literal, rewritten as JSON."""
    if part["plain"] is not None:
        return part["plain"]
    text = part["key"] if part["key"] is not None else part["quoted"].replace("\\'", "'").replace('"', '\\"')
    return f'"{text}"'


def _members(value: Any, depth: int = 0) -> int:
    """The number of members of all objects in a value, down to 40 levels."""
    if depth >= _MAX_DEPTH:
        return 0
    if isinstance(value, dict):
        return len(value) + sum(_members(one, depth + 1) for one in value.values())
    return sum(_members(one, depth + 1) for one in value) if isinstance(value, list) else 0


def _tidy(value: Any, depth: int = 0) -> Any:
    """The value with well-formed texts and members under their usual names; containers nested too deep become None."""
    if isinstance(value, str):
        return well_formed(value)
    if depth >= _MAX_DEPTH and isinstance(value, dict | list):
        return None
    if isinstance(value, list):
        return [_tidy(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {_member(name): _tidy(one, depth + 1) for name, one in value.items()}
    return value


def _member(name: str) -> str:
    name = _PREFIX.sub("", well_formed(name), count=1) if ":" in name else well_formed(name)
    return _NAMES.get(name.lower(), name)


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def _number(digits: str) -> float | None:
    try:
        return float(digits) if len(digits) <= _MAX_NUMBER_CHARS else None
    except ValueError:
        return None


def _none(_constant: str) -> None:
    return None


class _Reader:
    """Reads whatever JSON a text holds, token by token and without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: list[Any] = []
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []
        """For each open container, the member whose value comes next; None if an object awaits a key, and for lists."""
        self._too_deep = 0

    def values(self) -> list[Any]:
        """All objects and lists at the outermost level."""
        for _ in range(_MAX_TOKENS):
            if self._at >= len(self._text):
                break
            self._step()
        return self._found

    def _step(self) -> None:
        sign = self._text[self._at]
        if sign == '"':
            self._string()
        elif sign in "{[":
            self._at += 1
            self._begin({} if sign == "{" else [])
        elif (between := _BETWEEN.match(self._text, self._at)) is not None:
            self._at = between.end()
        elif sign in "}]":
            self._at += 1
            self._end(dict if sign == "}" else list)
        elif sign == ",":
            self._at += 1
            self._await_key()
        elif (scalar := _SCALAR.match(self._text, self._at)) is not None:
            self._at = scalar.end()
            self._put(_scalar(scalar[0]))
        elif (junk := _JUNK.match(self._text, self._at)) is not None:
            self._at = junk.end()

    def _string(self) -> None:
        if self._too_deep and (unread := _UNREAD.match(self._text, self._at)) is not None:
            self._at = unread.end()
            return
        in_object = not self._open or isinstance(self._open[-1], dict)
        if self._open and in_object and self._keys[-1] is None:
            key = _KEY.match(self._text, self._at)
            self._keys[-1] = _text(key[1]) if key is not None else None
            self._at = key.end() if key is not None else self._at + 1
            return
        text, at = self._text, self._at
        string = _IN_OBJECT.match(text, at) if in_object else _IN_LIST.match(text, at)
        if string is not None and self._open and in_object and _COLON.match(text, string.end()) is not None:
            string = self._before_key(string)
        elif string is None:
            self._at = len(self._text)
        if string is not None:
            self._at = string.end()
            self._put(_text(string[1]))

    def _before_key(self, string: re.Match[str]) -> re.Match[str] | None:
        """The value at the start of a string that runs into the next member's key; None if no value ends there."""
        value = _PLAIN.match(self._text, self._at)
        if value is not None and value.end() < string.end():
            return value
        self._at = self._text.rindex('"', self._at, string.end() - 1)
        self._await_key()
        return None

    def _begin(self, container: dict[str, Any] | list[Any]) -> None:
        if self._too_deep or len(self._open) >= _MAX_DEPTH:
            self._too_deep += 1
            return
        if self._open:
            self._put(container)
        else:
            self._found.append(container)
        self._open.append(container)
        self._keys.append(None)

    def _end(self, kind: type) -> None:
        """Close the innermost open container of the kind and those in it; ignore a bracket that closes nothing."""
        if self._too_deep:
            self._too_deep -= 1
            return
        if not any(isinstance(one, kind) for one in self._open):
            return
        while True:
            self._keys.pop()
            if isinstance(self._open.pop(), kind):
                return

    def _await_key(self) -> None:
        if self._keys and not self._too_deep:
            self._keys[-1] = None

    def _put(self, value: Any) -> None:
        if self._too_deep or not self._open:
            return
        holder, key = self._open[-1], self._keys[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif key is not None:
            holder[key] = value
            self._keys[-1] = None


def _scalar(text: str) -> Any:
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    return _whole(text) if text.lstrip("-").isdecimal() else _number(text)


def _text(raw: str) -> str:
    """The content of a JSON string, with bad escapes mended."""
    if "\\" not in raw:
        return raw
    mended = _BAD_ESCAPE.sub(lambda escape: escape[1] or ('\\"' if escape[2] else ""), raw)
    return str(json.loads(f'"{mended}"', strict=False))
