"""What a page states in elements that no reader sees: meta elements, links, scripts, title and base."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from transforms.extract.page.page_marks import text_of_element
from transforms.text.break_hints import without_break_hints
from transforms.text.well_formed import well_formed
from transforms.web.usage.rsl import MAX_RSL_CHARS, RSL_TYPE

HEAD_TAGS = frozenset({"meta", "link", "script", "title", "base"})
MAX_TITLE_CHARS = 1_000
_MAX_NAME_CHARS = 120
_MAX_VALUE_CHARS = 10_000
_MAX_VALUES = 100
_MAX_RSL = 5
_WHOLE_PAGE = frozenset({"html", "head", "body", "main", "article"})


@dataclass(slots=True)
class HeadFacts:
    """Collects what these elements state, as printed. `scripts` are texts that may be JSON-LD; the others are as in
    `PageFacts`."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    title: str | None = None
    base: str | None = None
    rsl_links: list[str] = field(default_factory=list)
    rsl_documents: list[str] = field(default_factory=list)

    def see(self, element: HtmlElement, tag: str) -> None:
        """Note what one element with a tag of `HEAD_TAGS` states."""
        if tag == "meta":
            content = element.get("content")
            if content and content.startswith("{") and '"@type"' in content:  # JSON-LD in a meta element
                self.scripts.append(content)
            for attribute in ("property", "name", "itemprop", "http-equiv") if content else ():
                for name in (element.get(attribute) or "")[:_MAX_NAME_CHARS].lower().split()[:4]:
                    _add(self.meta, name, content)
        elif tag == "link":
            for rel in (element.get("rel") or "")[:_MAX_NAME_CHARS].lower().split()[:8]:
                _add(self.links, rel, element.get("href"))
                if rel == "license" and len(self.rsl_links) < _MAX_RSL and _is_rsl(element):
                    self.rsl_links.append((element.get("href") or "")[:_MAX_VALUE_CHARS].strip())
        elif tag == "base":
            self.base = self.base or (element.get("href") or "")[:_MAX_VALUE_CHARS].strip() or None
        elif tag == "title":
            self.title = self.title or text_of_element(element, MAX_TITLE_CHARS)
        elif element.text and len(self.rsl_documents) < _MAX_RSL and _is_rsl(element):
            self.rsl_documents.append(element.text[: MAX_RSL_CHARS + 1])
        elif element.text and _is_json_ld(element.get("type") or "", element.text):
            self.scripts.append(element.text)


def _add(values: dict[str, list[str]], name: str, value: str | None) -> None:
    kept = values.setdefault(name, [])
    if value is not None and len(kept) < _MAX_VALUES:
        value = value[:_MAX_VALUE_CHARS]
        plain = value.isascii() and value.isprintable()
        kept.append((value if plain else without_break_hints(well_formed(value))).strip())


def _is_rsl(element: HtmlElement) -> bool:
    """Whether a link or script has licensing terms of the whole page: elsewhere they are those of a picture, or of one
    section (RSL 1.0, 4.6)."""
    media_type = (element.get("type") or "")[:_MAX_NAME_CHARS].partition(";")[0].strip().lower()
    parent = element.getparent()
    return media_type == RSL_TYPE and (parent is None or parent.tag in _WHOLE_PAGE)


def _is_json_ld(media_type: str, text: str) -> bool:
    """Whether a script's type says JSON-LD in any spelling, or JSON and the beginning of its text names schema.org."""
    words = media_type[:_MAX_NAME_CHARS].partition(";")[0].lower().replace("+", "/").replace("-", "/").split("/")
    words = [word for part in words for word in part.split()]
    return "json" in words and ("ld" in words or "schema.org" in text[:_MAX_NAME_CHARS])
