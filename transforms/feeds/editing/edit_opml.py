"""Edits feed lists in OPML: tags are found where they stand, and all other text stays as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from xml.sax.saxutils import quoteattr

from schemas.feed import FeedSpec
from transforms.feeds.editing.edit_lines import newline_of
from transforms.feeds.lists.write_feed_list import outline_of
from transforms.feeds.parsing.fields.xml_text import mended_xml

_TAG = re.compile(r"""<(/?)([^\s<>/"'=!?]++)((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>""")
_ATTRIBUTE = re.compile(r"""(?<=[\s"'])([^\s=<>"'/]++)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
_SKIPPED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_BLANK = re.compile(r"[ \t]*+")


@dataclass
class _Tag:
    """An element: where its start tag begins and ends, where its end tag does (the same if it is empty)."""

    name: str
    start: int
    inner: int
    attributes: dict[str, str]
    end: int = 0
    inner_end: int = 0
    children: list[_Tag] = field(default_factory=list)

    @property
    def url(self) -> str | None:
        """The address of an outline of a feed."""
        return self.attributes.get("xmlurl") if self.name == "outline" else None

    @property
    def is_empty(self) -> bool:
        """Whether there is but one tag, ``<outline … />``."""
        return self.inner_end < self.inner

    def all(self) -> Iterator[_Tag]:
        """This element and all within."""
        yield self
        for child in self.children:
            yield from child.all()


def outlines_with(text: str, specs: Sequence[FeedSpec]) -> str:
    """The list with an outline for each of these feeds, at the end of its folder; a folder that is not there is made.

    The text is returned as it is if it has no ``body``.
    """
    for spec in specs:
        body = next((tag for tag in _tree(text).all() if tag.name == "body"), None)
        if body is None:
            return text
        folder, missing = body, list(spec.folders)
        while missing and (inner := _folder(folder, missing[0])) is not None:
            folder, missing = inner, missing[1:]
        text = _put(text, folder, missing, outline_of(spec))
    return text


def outlines_without(text: str, is_gone: Callable[[str], bool]) -> str:
    """The list without the outlines whose address `is_gone`. Other feeds within such an outline stay."""
    spans: list[tuple[int, int]] = []
    for tag in _tree(text).all():
        if tag.url is None or not is_gone(tag.url):
            continue
        if tag.is_empty or not any(inner.url is not None for child in tag.children for inner in child.all()):
            spans.append(_whole_lines(text, tag.start, tag.end))
        else:
            spans += [_whole_lines(text, tag.start, tag.inner), _whole_lines(text, tag.inner_end, tag.end)]
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(text[at : max(at, start)])
        at = max(at, end)
    return "".join(pieces) + text[at:]


def _tree(text: str) -> _Tag:
    """The elements of a text that is well-formed XML but for bare ampersands."""
    root = _Tag("", 0, 0, {}, len(text), len(text))
    opened, at = [root], 0
    while (at := text.find("<", at)) >= 0:
        skipped = next(((start, end) for start, end in _SKIPPED if text.startswith(start, at)), None)
        if skipped is not None:
            end = text.find(skipped[1], at + len(skipped[0]))
            at = len(text) if end < 0 else end + len(skipped[1])
            continue
        match = _TAG.match(text, at)
        if match is None:
            at += 1
            continue
        is_end, name, rest = match[1], match[2].rpartition(":")[2], match[3]
        if is_end:
            if len(opened) > 1:
                opened[-1].inner_end, opened[-1].end = at, match.end()
                opened.pop()
        else:
            tag = _Tag(name, at, match.end(), _attributes(rest), match.end(), at)
            opened[-1].children.append(tag)
            if not rest.endswith("/"):
                opened.append(tag)
        at = match.end()
    return root


def _attributes(text: str) -> dict[str, str]:
    found = (
        (match[1].lower(), match[2] if match[2] is not None else match[3] or "") for match in _ATTRIBUTE.finditer(text)
    )
    return {name: unescape(mended_xml(value)).strip() for name, value in found}


def _folder(parent: _Tag, name: str) -> _Tag | None:
    folders = (child for child in parent.children if child.name == "outline" and child.url is None)
    return next((one for one in folders if name in (one.attributes.get("text"), one.attributes.get("title"))), None)


def _put(text: str, parent: _Tag, folders: Sequence[str], outline: str) -> str:
    newline = newline_of(text) if "\n" in text else ""
    last = parent.children[-1] if parent.children else None
    indent = _indent(text, last.start) if last is not None else _indent(text, parent.start) + "  "
    lines = [f"{'  ' * depth}<outline text={quoteattr(name)}>" for depth, name in enumerate(folders)]
    lines.append(f"{'  ' * len(folders)}{outline}")
    lines += [f"{'  ' * depth}</outline>" for depth in reversed(range(len(folders)))]
    inner = "".join(f"{newline}{indent if newline else ''}{line if newline else line.strip()}" for line in lines)
    if last is not None:
        return text[: last.end] + inner + text[last.end :]
    close = newline + _indent(text, parent.start) if newline else ""
    if parent.is_empty:
        start_tag = text[parent.start : parent.end].removesuffix(">").removesuffix("/").rstrip()
        name = start_tag[1:].split(None, 1)[0]
        return f"{text[: parent.start]}{start_tag}>{inner}{close}</{name}>{text[parent.end :]}"
    rest = text[parent.inner : parent.inner_end].rstrip()
    return f"{text[: parent.inner]}{rest}{inner}{close}{text[parent.inner_end :]}"


def _indent(text: str, at: int) -> str:
    """The white space before the first character of the line in which `at` stands."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    found = _BLANK.match(text, start)
    return found[0] if found else ""


def _whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The span, with the rest of its lines if nothing else stands there."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    found = _BLANK.match(text, end)
    after = found.end() if found else end
    if text[line:start].strip(" \t") or text[after : after + 1] not in ("\n", "\r"):
        return start, end
    return line, after + (2 if text.startswith("\r\n", after) else 1)
