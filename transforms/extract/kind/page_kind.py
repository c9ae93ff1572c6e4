"""The kind of a page: an article, or one of the pages that only look like one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from schemas.article import PageKind
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.rights import is_free
from transforms.extract.json_ld.article_object import ARTICLE_TYPES
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.page.page_structure import (
    PageStructure,
    caption_texts,
    long_paragraphs,
    newest_first,
    page_structure,
    told_by_the_clock,
    wall_texts,
)
from transforms.extract.page.page_words import has_phrase, is_addressed, plain, word_count
from transforms.text.sentences import ends_sentence

_WHOLE_WORDS = 250
"""A text of so many words (half a printed page) is an article, whatever else the page shows."""

_BRIEF_WORDS = 120
_LABEL_WORDS = 30
_MIN_ENTRIES = 5
_MIN_PICTURES = 5
_MIN_TEASERS = 8
_PARAGRAPH_CHARS = 240
_PIECE_CHARS = 40
_PROMPT_CHARS = 800
_MAX_TITLE_CHARS = 300
_MAX_SHOWN_CHARS = 1_000_000
_MISSING_SHARE = 0.6
"""If a text has a smaller share of the words that the page states for it, it is only the beginning."""

_VIDEO_TYPES = frozenset({"VideoObject", "VideoGallery", "BroadcastEvent"})
_GALLERY_TYPES = frozenset({"ImageGallery", "MediaGallery"})
_BROKEN = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W*$")
_404 = re.compile(r"^\W*(?:\w+\W+)?404\W*$|^\W*404\s*[-–—|:·]|[-–—|:·]\s*404\W*$")
_FRONT = re.compile(r"^/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:index\.\w+|home)?$")
_SLUG_HYPHENS = 3
_SHOWN_TEXTS = etree.XPath(
    # "//body//text()" is the same with a predicate, but takes time in the square of the number of texts.
    "//body/descendant::text()[not(parent::script or parent::style or parent::noscript)]",
    smart_strings=False,
)


def page_kind(read: ReadPage) -> PageKind:
    """The kind of a page, from what it states, its form, and the text that was found on it.

    ARTICLE unless several signs agree on another kind. Ordinary articles must stay articles: brief ones, ones with a
    video or pictures, and ones behind a paywall whose whole text is there. Statements of the page and the form of its
    tree come first, in any language; words (``page_words.json``) only support them. Deterministic; linear in the size
    of the tree.
    """
    tree, body = read.story.root, read.body
    structure = page_structure(tree)
    words = word_count(body) if structure.pictures < _MIN_PICTURES else word_count(_without(caption_texts(tree), body))
    if _is_live_blog(read, structure):
        return PageKind.LIVE_BLOG
    if words >= _WHOLE_WORDS:
        return PageKind.ARTICLE
    if words < _BRIEF_WORDS and _is_error(read.facts):
        return PageKind.NOT_FOUND
    if sum(map(word_count, long_paragraphs(tree))) >= _WHOLE_WORDS:
        return PageKind.ARTICLE  # there is a text on the page, of which too little was found
    if _is_stub(read, words):
        return PageKind.PAYWALL_STUB
    if words < _BRIEF_WORDS and _is_video(read, structure, words):
        return PageKind.VIDEO
    if _is_gallery(read, structure, words):
        return PageKind.GALLERY
    if _is_front(read, structure):
        return PageKind.SECTION_FRONT
    return PageKind.ARTICLE


def _is_live_blog(read: ReadPage, structure: PageStructure) -> bool:
    if "LiveBlogPosting" in _texts_in(read.facts.structured.get("@type")):
        return True
    if newest_first(read.body) >= _MIN_ENTRIES:
        return True
    says_so = "LiveBlogPosting" in structure.types or is_addressed(read.page.final_url, "live")
    if not says_so and structure.times < _MIN_ENTRIES:
        return False
    entries, share = told_by_the_clock(read.story.root, read.body)
    return entries >= _MIN_ENTRIES and share >= (0.3 if says_so else 0.6)


def _is_error(facts: PageFacts) -> bool:
    if facts.structured.get("datePublished") or facts.first_meta("article:published_time"):
        return False
    titles = [plain(title[:_MAX_TITLE_CHARS]) for title in (facts.title, *facts.headings[:2]) if title]
    return any(_404.search(title) or has_phrase(title, "not_found") for title in titles)


def _is_stub(read: ReadPage, words: float) -> bool:
    """Whether the page locks its text and shows the beginning: far too short, or breaking off, or next to nothing.

    A lock alone is no sign: some pages state one although they print the whole text, and call the element that holds it
    a paywall. A prompt that does not follow the text is no sign either: it may wait for readers who have read too many
    articles.
    """
    facts, tree = read.facts, read.story.root
    lines = [line.strip() for line in read.body.split("\n") if line.strip()]
    found = len(lines)
    while lines and has_phrase(plain(lines[-1][:_PROMPT_CHARS]), "locked"):
        lines.pop()
    end = lines[-1][-_PIECE_CHARS:] if lines else ""
    asks = len(lines) < found or _asks_behind(tree, end)
    locks = is_free(facts) is False
    walls = wall_texts(tree)
    if any(line[:_PIECE_CHARS] in text for text in walls for line in lines if len(line) >= _PIECE_CHARS):
        return False
    if not (locks or asks or walls):
        return False
    stated = _stated_words(facts)
    if stated:
        return words < _MISSING_SHARE * stated
    if _BROKEN.search(end):
        return True
    return locks + asks + bool(walls) >= 2 and (words < _BRIEF_WORDS or (asks and not ends_sentence(end)))


def _asks_behind(tree: HtmlElement, end: str) -> bool:
    """Whether the page asks for a subscription soon after the end of its text."""
    shown = plain(_shown(tree))
    place = shown.rfind(plain(end))
    return place >= 0 and has_phrase(shown[place : place + _PROMPT_CHARS], "locked")


def _is_video(read: ReadPage, structure: PageStructure, words: float) -> bool:
    facts = read.facts
    has_player = structure.players > 0 or bool(facts.first_meta("og:video", "og:video:url", "twitter:player"))
    has_player = has_player or not _VIDEO_TYPES.isdisjoint(structure.types)
    is_article = _is_any_article(structure.types)
    states = (facts.first_meta("og:type") or "").lower().startswith("video") or (
        not is_article and not _VIDEO_TYPES.isdisjoint(structure.types)
    )
    if not has_player:
        return False
    return states or is_addressed(read.page.final_url, "video") or (words < _LABEL_WORDS and not is_article)


def _is_gallery(read: ReadPage, structure: PageStructure, words: float) -> bool:
    states = not _GALLERY_TYPES.isdisjoint(structure.types) and not _is_any_article(structure.types)
    if states or is_addressed(read.page.final_url, "gallery"):
        return structure.pictures >= _MIN_PICTURES or (states and words < _BRIEF_WORDS)
    return structure.pictures >= 2 * _MIN_PICTURES and words < _BRIEF_WORDS


def _is_front(read: ReadPage, structure: PageStructure) -> bool:
    facts = read.facts
    dated = facts.structured.get("datePublished") or facts.first_meta("article:published_time")
    if dated or structure.teasers < _MIN_TEASERS or _is_any_article(structure.types):
        return False
    if (facts.first_meta("og:type") or "").lower() == "article":
        return False
    path = urlsplit(read.page.final_url).path
    if _FRONT.match(path):
        return True
    last = path.rstrip("/").rpartition("/")[2]
    is_slug = last.count("-") >= _SLUG_HYPHENS or any(map(str.isdigit, last))
    paragraphs = sum(len(line) >= _PARAGRAPH_CHARS for line in read.body.split("\n"))
    return not is_slug and paragraphs < structure.teasers / 2


def _is_any_article(types: Iterable[str]) -> bool:
    return any(name.lower().endswith(ARTICLE_TYPES) for name in types)


def _texts_in(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [name for name in values if isinstance(name, str)]


def _stated_words(facts: PageFacts) -> float:
    """The number of words that the page states for its text: wordCount or articleBody in JSON-LD; 0 if neither."""
    whole, count = facts.structured.get("articleBody"), facts.structured.get("wordCount")
    if isinstance(count, str) and count.strip().isdecimal() and len(count) < 8:
        count = int(count)
    stated = float(count) if isinstance(count, int) and not isinstance(count, bool) else 0.0
    return max(stated, word_count(whole) if isinstance(whole, str) else 0.0)


def _without(captions: frozenset[str], body: str) -> str:
    """The lines of a text that are no captions."""
    return "\n".join(line for line in body.split("\n") if line.strip() not in captions)


def _shown(tree: HtmlElement) -> str:
    """The text of the page without its scripts and styles."""
    return " ".join(_SHOWN_TEXTS(tree))[:_MAX_SHOWN_CHARS]
