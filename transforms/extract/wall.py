"""Whether a page is a wall: it asks for consent, a login, a script or a proof in place of what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from schemas.page import Page
from transforms.extract.addresses import address_of
from transforms.extract.canonical import leads_elsewhere
from transforms.extract.headings import shared, words_of
from transforms.extract.page_facts import MAX_TITLE_CHARS, PageFacts
from transforms.extract.page_structure import long_paragraphs
from transforms.extract.page_words import is_word, phrases_in, plain, word_count
from transforms.extract.structured import one_line

_MOST_WORDS = 250
"""A longer text is told as a text; half a page of print."""

_MOST_OWN_WORDS = 80
_FEW_OWN_WORDS = 8
_BRIEF_WORDS = 40
_LABEL_WORDS = 5
_STATED_WORDS = 60
_MIN_CHARS = 25
_MAX_SHOWN_CHARS = 4_000
_AGREES = 0.5
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n")
_TITLE_PART = re.compile(r"\s[|\-–—·»:]+\s|\||:\s")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def wall_sign(facts: PageFacts, tree: HtmlElement, body: str, page: Page) -> str | None:
    """By what a page is known as a wall, its title or a phrase; None where it is none. `body` is the text found on it.

    A wall is a short text of nothing but sentences that speak to the reader of consent, login, scripts or proof
    (``page_words.json``), or nearly so on a page without anything that an article has: a date, a type, the headline
    that the feed announced. A story about cookies or captchas has sentences of its own, and is none. Deterministic;
    linear in the size of the tree.
    """
    is_article = _has_article_facts(facts, page)
    if not is_article and _was_sent_away(page):
        return page.final_url
    if word_count(body) > _MOST_WORDS or _stated_words(facts) >= _STATED_WORDS:
        return None
    text = plain(body) if len(body) >= _MIN_CHARS else ""
    phrases = _phrases(text)
    if not phrases and word_count(body) > _MOST_OWN_WORDS:
        return None
    if not phrases:
        body = _shown(tree)
        text = plain(body)
        if word_count(text) > _MOST_WORDS:
            return None
        phrases = _phrases(text)
    talk, own = _weighed(body, phrases)
    title = _wall_title(facts)
    if own > _MOST_OWN_WORDS or not (phrases or title) or _other_words(tree) > _MOST_OWN_WORDS:
        return None
    if phrases and own <= _FEW_OWN_WORDS:
        return phrases[0]
    if is_article:
        return None
    if title and (own <= _BRIEF_WORDS or talk >= own) and (phrases or talk + own <= _BRIEF_WORDS):
        return title
    return phrases[0] if len(phrases) > 1 and talk >= own else None


def _has_article_facts(facts: PageFacts, page: Page) -> bool:
    """Whether the page states a date or a type as articles do, or is titled as the feed announced it."""
    if facts.structured or facts.first_meta("article:published_time"):
        return True
    if (facts.first_meta("og:type") or "").lower() == "article":
        return True
    announced = words_of((page.entry_title or "")[:MAX_TITLE_CHARS])
    titles = (facts.title, facts.first_meta("og:title"), *facts.headings[:2])
    return any(shared(announced, words_of(title[:MAX_TITLE_CHARS])) >= _AGREES for title in titles if title)


def _was_sent_away(page: Page) -> bool:
    """Whether the feed's address was answered from one for login, consent or errors."""
    return page.final_url != page.url and (
        leads_elsewhere(address_of(page.final_url)) and not leads_elsewhere(address_of(page.url))
    )


def _wall_title(facts: PageFacts) -> str | None:
    """The title or heading that only a wall has, as a whole, but for the site's name."""
    for title in (facts.title, *facts.headings[:2]):
        line = one_line((title or "")[:MAX_TITLE_CHARS])
        parts = [_EDGES.sub("", plain(part)) for part in (line, *_TITLE_PART.split(line))]
        if any(is_word(part, "wall_titles") for part in parts) or phrases_in(plain(line), "wall"):
            return line
    return None


def _phrases(text: str) -> list[str]:
    return [*phrases_in(text, "wall"), *phrases_in(text, "locked")]


def _weighed(text: str, phrases: Sequence[str]) -> tuple[float, float]:
    """The words of the sentences that hold one of the phrases, and those of all others but labels."""
    talk = own = 0.0
    for sentence in _SENTENCE.split(text):
        words = word_count(sentence)
        if _holds(plain(sentence), phrases):
            talk += words
        elif words >= _LABEL_WORDS:
            own += words
    return talk, own


def _holds(text: str, phrases: Iterable[str]) -> bool:
    return any(phrase in text for phrase in phrases)


def _other_words(tree: HtmlElement) -> float:
    """The words of the page's long paragraphs that do not speak as a wall does, found as its text or not."""
    return sum(word_count(text) for text in long_paragraphs(tree) if not _phrases(plain(text)))


def _stated_words(facts: PageFacts) -> float:
    whole = facts.structured.get("articleBody")
    return word_count(whole) if isinstance(whole, str) else 0.0


def _shown(tree: HtmlElement) -> str:
    """The page's text with what it keeps for readers without scripts, a line for each piece; its beginning if long."""
    texts = tree.xpath("//body//text()[not(parent::script or parent::style or parent::template)]")
    return "\n".join(" ".join(text.split()) for text in texts if text.strip())[:_MAX_SHOWN_CHARS]
