"""Whether a page is the one that the feed announced, judged by what it states, its titles and its text."""

from __future__ import annotations

from schemas.page import Page
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import shared, words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.kind.notice import sentences_of
from transforms.extract.page.page_words import words_for
from transforms.text.scripts import wide_pieces
from transforms.web.urls import registrable_domain

_AGREES = 0.5
_IS_TITLE = 0.8
_MIN_CHARS = 4
_STEM_CHARS = 5
_MIN_SHARE = 0.3


def states_article(facts: PageFacts) -> bool:
    """Whether the page states the type or date of an article."""
    if facts.structured or facts.first_meta("article:published_time"):
        return True
    return (facts.first_meta("og:type") or "").lower() == "article"


def is_titled_as_announced(facts: PageFacts, page: Page) -> bool:
    """Whether a title or heading of the page shares half of its words with the feed entry's title."""
    stated = (facts.title, facts.first_meta("og:title"), *facts.headings[:2], text_of(facts.structured.get("headline")))
    return any(is_titled(title, page.entry_title) for title in stated if title)


def is_titled(title: str, announced: str | None) -> bool:
    """Whether a title shares half of its words with the announced title."""
    return shared(words_of((announced or "")[:MAX_TITLE_CHARS]), words_of(title[:MAX_TITLE_CHARS])) >= _AGREES


def tells_of_headline(facts: PageFacts, page: Page, text: str) -> bool:
    """Whether a text is about the feed's headline, else about the headline in the page's JSON-LD (see `tells_of`)."""
    stated = page.entry_title or text_of(facts.structured.get("headline"))
    return stated is not None and tells_of(stated, facts, page, text)


def tells_of(headline: str, facts: PageFacts, page: Page, text: str) -> bool:
    """Whether the sentences of a text hold a third of the headline's long words, or two of them.

    A story has them even in two sentences; a wall in its place does not. Left out are the site's names, words with
    which any page addresses its reader, and lines that repeat the headline. Words count as equal if their first five
    letters are.
    """
    headline = headline[:MAX_TITLE_CHARS]
    wanted = _long_words(headline) - _site_stems(facts, page)
    if not wanted:
        return False
    called = words_of(headline)
    sentences = (words_of(one) for one in sentences_of(text) if shared(words_of(one), called) < _IS_TITLE)
    told = {word for sentence in sentences for word in _stems(sentence)}
    found = len(wanted & told)
    return found > 1 or found >= _MIN_SHARE * len(wanted)


def _long_words(text: str) -> set[str]:
    """The stems of a headline's long words; in scripts without spaces, its pairs of neighbouring characters."""
    return _stems(words_of(text) - words_for("reader"))


def _stems(words: frozenset[str]) -> set[str]:
    spaced = {word[:_STEM_CHARS] for word in words if len(word) >= _MIN_CHARS and not wide_pieces(word)}
    pieces = (piece for word in words for piece in wide_pieces(word))
    return spaced | {piece[n : n + 2] for piece in pieces for n in range(len(piece) - 1)}


def _site_stems(facts: PageFacts, page: Page) -> set[str]:
    stated = (facts.first_meta("og:site_name"), page.feed_title, registrable_domain(page.final_url))
    return _stems(frozenset(word for name in stated if name for word in words_of(name[:MAX_TITLE_CHARS])))
