"""What a page states about itself: meta elements, links and JSON-LD, gathered once from the parsed tree."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

_MAX_JSON_CHARS = 2_000_000
_MAX_JSON_OBJECTS = 2_000
_ARTICLE_TYPES = ("article", "posting", "report")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Statements of one page, as printed. Names of `meta` are in lower case, each with its values in page order."""

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    structured: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    title: str | None = None
    headings: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    author_links: tuple[str, ...] = ()

    def first_meta(self, *names: str) -> str | None:
        """The first value that one of these names has, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def page_facts(tree: HtmlElement) -> PageFacts:
    """The facts of a parsed page; what is malformed is left out, nothing is raised."""
    meta: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    scripts: list[str] = []
    headings: list[str] = []
    times: list[str] = []
    authors: list[str] = []
    title = None
    for element in tree.iter("meta", "link", "script", "title", "h1", "time", "a"):
        tag = element.tag
        if tag == "meta":
            name = (
                element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
            )
            content = element.get("content")
            if name and content:
                meta.setdefault(name.strip().lower(), []).append(content.strip())
        elif tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                links.setdefault(rel, []).append((element.get("href") or "").strip())
        elif tag == "script":
            if (element.get("type") or "").strip().lower() == "application/ld+json" and element.text:
                scripts.append(element.text)
        elif tag == "title":
            title = title or one_line(element.text_content())
        elif tag == "h1":
            headings.append(one_line(element.text_content()))
        elif tag == "time":
            times.append((element.get("datetime") or "").strip())
        elif "author" in (element.get("rel") or "").split():
            authors.append(one_line(element.text_content()))
    return PageFacts(
        meta={name: tuple(values) for name, values in meta.items()},
        links={rel: tuple(values) for rel, values in links.items()},
        structured=_article_object(scripts),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip() or None,
        title=title,
        headings=tuple(filter(None, headings)),
        times=tuple(filter(None, times)),
        author_links=tuple(filter(None, authors)),
    )


def one_line(text: str) -> str:
    """Text with entities resolved and runs of white space made one blank."""
    return " ".join(html.unescape(text).split())


def text_of(value: Any) -> str | None:
    """The text of a JSON-LD value: a string, the name of an object, or the first of a list that has one."""
    if isinstance(value, str):
        return one_line(value) or None
    if isinstance(value, Mapping):
        return text_of(value.get("name") or value.get("@value") or value.get("url"))
    if isinstance(value, list):
        return next(filter(None, map(text_of, value)), None)
    return None


def _article_object(scripts: list[str]) -> Mapping[str, Any]:
    """The object that describes the page's article: the first of an article type with a headline, else with a date."""
    objects = [found for script in scripts for found in _objects(script) if _is_article(found)]
    ranked = sorted(objects, key=lambda found: ("headline" not in found, "datePublished" not in found))
    return ranked[0] if ranked else {}


def _objects(script: str) -> Iterator[Mapping[str, Any]]:
    if len(script) > _MAX_JSON_CHARS:
        return
    try:
        waiting: list[Any] = [json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_JSON_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, Mapping):
            yield value
            waiting.extend(value[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in value)


def _is_article(value: Mapping[str, Any]) -> bool:
    types = value.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.lower().endswith(_ARTICLE_TYPES) for name in names)
