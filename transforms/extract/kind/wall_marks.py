"""Marks of a wall (titles, gates, an answer from another address), and of a story, which speaks against a wall."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from schemas.page import Page
from transforms.extract.facts.addresses import Telling, address_of, lacks_query
from transforms.extract.facts.canonical import leads_elsewhere
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import one_line
from transforms.extract.kind.announced import is_titled
from transforms.extract.kind.notice import covers, notice_phrases, weigh
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.page.page_structure import long_paragraphs
from transforms.extract.page.page_words import is_word, phrases_in, plain
from transforms.web.urls import registrable_domain

_MAX_SHOWN_CHARS = 4_000
_TITLE_PART = re.compile(r"\s[|\-–—·»:]+\s|\||:\s")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_STATUS = re.compile(r"(?:error |http |status )?(?:404|410|429|451|500|502|503|504)(?: error)?")
_GATE = re.compile(r"(?:pay|reg|login|log-in|age|ad)-?(?:wall|gate)|captcha|challenge|adblock", re.IGNORECASE)
_LINES = etree.XPath(
    # ".//text()" is the same with a predicate, but takes time in the square of the number of texts.
    "descendant::text()[not(parent::script or parent::style or parent::template)]",
    smart_strings=False,
)
_MAX_NAMED = 200
_MAX_HEADINGS, _MAX_LEVELS = 2, 5
_MAX_PARAGRAPHS = 20
_STORY_WORDS = 10
_COVERS_TITLE = 0.7
_MOST_NAME_WORDS = 3
"""A site's name is hardly longer; a headline is."""


def was_sent_away(page: Page, is_told: bool) -> bool:
    """Whether the feed's address was answered by a page for login, consent or errors, or by the front page.

    The front page counts only if it does not tell of the article (`is_told`).
    """
    if page.final_url == page.url:
        return False
    if leads_elsewhere(address_of(page.final_url)):
        return not leads_elsewhere(address_of(page.url))
    return _was_sent_to_front(page) and not is_told


def _was_sent_to_front(page: Page) -> bool:
    """Whether an article's address was answered by the front page, as happens where the article was removed."""
    if not page.entry_title or registrable_domain(page.final_url) != registrable_domain(page.url):
        return False
    asked, answered = address_of(page.url), address_of(page.final_url)
    is_front = answered.is_front and all(part.telling <= Telling.PERHAPS for part in answered.query)
    return is_front and (asked.names_article() or lacks_query(asked, answered))


def wall_title(facts: PageFacts) -> str | None:
    """The title or heading that only a wall has, besides the site's name; None if there is none."""
    for title in (facts.title, *facts.headings[:2]):
        line = one_line((title or "")[:MAX_TITLE_CHARS])
        if line and _is_wall_title(line):
            return line
    return None


def _is_wall_title(line: str) -> bool:
    """Whether a title, or a part of it between separators, is a wall's title or consists mostly of wall phrases."""
    phrases = notice_phrases(plain(line))
    for part in filter(None, (_EDGES.sub("", plain(part)) for part in (line, *_TITLE_PART.split(line)))):
        if is_word(part, "wall_titles") or is_word(part, "notice_titles") or _STATUS.fullmatch(part):
            return True
        if covers(part, phrases, _COVERS_TITLE):
            return True
    return False


def is_headless(facts: PageFacts) -> bool:
    """Whether no title or heading of the page is as long as headlines are."""
    lines = (one_line((title or "")[:MAX_TITLE_CHARS]) for title in (facts.title, *facts.headings[:2]))
    return all(len(words_of(part)) <= _MOST_NAME_WORDS for line in lines for part in _TITLE_PART.split(line))


def is_missing(title: str) -> bool:
    """Whether a title says that the page is missing. Its other lines may then be anything, such as the latest news."""
    text = plain(title)
    return bool(phrases_in(text, "not_found")) or "404" in text


def has_gate(read: ReadPage, text: str) -> bool:
    """Whether the page is made as a wall is: not for search engines, with a field for a password, below a heading or in
    an element that is named as a gate, or with all its text for readers without scripts."""
    tree = read.story.root
    if any("noindex" in one.lower() for one in read.facts.meta.get("robots", ())):
        return True
    if any((field.get("type") or "").lower() == "password" for field in tree.iter("input")):
        return True
    headings = islice(tree.iter("h1", "h2", "h3"), _MAX_HEADINGS)
    if any(_is_wall_title(one_line(one.text_content()[:MAX_TITLE_CHARS])) for one in headings):
        return True
    named = islice(tree.xpath("//body//*[@class or @id]"), _MAX_NAMED)
    if any(_GATE.search(f"{one.get('class')} {one.get('id')}"[:_MAX_NAMED]) for one in named):
        return True
    hidden = " ".join(" ".join(one.itertext()) for one in islice(tree.iter("noscript"), _MAX_PARAGRAPHS))
    first = text.strip().partition("\n")[0][:_MAX_NAMED]
    return bool(first) and " ".join(first.split()) in " ".join(hidden.split())


def other_words(tree: HtmlElement, langs: frozenset[str]) -> float:
    """The number of words in the page's first long paragraphs that do not address the reader.

    All long paragraphs count, also those that were not found as the page's text.
    """
    texts = (text[:_MAX_SHOWN_CHARS] for text in islice(long_paragraphs(tree), _MAX_PARAGRAPHS))
    return sum(weigh(text, langs).own for text in texts)


def has_story(read: ReadPage, langs: frozenset[str]) -> bool:
    """Whether the part of the page that a heading stands in has sentences, and none that speaks as a wall does; the
    headline that the feed announced needs no more than one."""
    tree = read.story.root
    headings = list(islice(tree.iter("h1"), _MAX_HEADINGS)) or list(islice(tree.iter("h2"), _MAX_HEADINGS))
    for heading in headings:
        title = " ".join(heading.text_content()[:MAX_TITLE_CHARS].split())
        is_announced = is_titled(title, read.page.entry_title)
        least = 1 if is_announced else _STORY_WORDS
        for part in islice(heading.iterancestors("main", "article", "section", "div"), _MAX_LEVELS):
            lines = (line for line in _lines(part).split("\n") if line != title)
            weight = weigh("\n".join(lines), langs)
            if not weight.talk and weight.own + weight.near >= least:
                return is_announced or not (weight.near and _is_wall_title(title))
            if weight.talk:
                break
    return False


def shown(tree: HtmlElement) -> str:
    """The page's text, including what it keeps for readers without scripts; cut off if long."""
    body = next(tree.iter("body"), None)
    return _lines(body) if body is not None else ""


def _lines(element: HtmlElement) -> str:
    """The text of an element, one line for each piece; cut off if long."""
    lines = (" ".join(text.split()) for text in _LINES(element))
    return "\n".join(filter(None, lines))[:_MAX_SHOWN_CHARS]
