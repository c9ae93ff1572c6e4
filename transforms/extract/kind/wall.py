"""Whether a page is a wall: it asks for something, or refuses something, in place of the article."""

from __future__ import annotations

from lxml.html import HtmlElement

from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.kind.announced import is_titled_as_announced, states_article, tells_of, tells_of_headline
from transforms.extract.kind.notice import Weight, is_all_to_reader, languages_of, may_be_notice, weigh
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.kind.wall_marks import (
    has_gate,
    has_story,
    is_headless,
    is_missing,
    other_words,
    shown,
    wall_title,
    was_sent_away,
)
from transforms.extract.page.page_words import languages, plain, word_count

_MOST_WORDS = 250
"""A longer text is an article's text; half a printed page."""

_MOST_CONSENT_WORDS = 700
_MOST_CHARS = 10_000
_MOST_STRANGE_WORDS = 60
ONLY_TO_READER = "a few words to the reader"
"""The sign of a wall or shell without a known phrase: its few words only address the reader, and are not what the feed
announced."""

_MANY_PHRASES = 5
_MOST_OWN_WORDS = 80
_FEW_OWN_WORDS = 8
_BRIEF_WORDS = 120
_STATED_WORDS = 60
_MIN_CHARS = 25


def wall_sign(read: ReadPage) -> str | None:
    """By what a page is known as a wall, its title or a phrase; None where it is none.

    A wall asks for consent, age, a login, money, scripts or proof of a human reader, or says that there is nothing to
    read: not here, not now, not in this country, no longer. It is a short text whose sentences say this to the reader,
    and nothing about the feed's headline (`weigh`, `tells_of_headline`). If the page states what articles state, or is
    titled as the feed announced it, the wall must say nothing else; otherwise a polite explanation may be longer. A
    story about such things, even of two sentences, has sentences of its own and is no wall. For a page that answered
    from a wall's address (`was_sent_away`), the sign is that address. Deterministic; linear in the size of the tree.
    """
    page, facts, story, body = read
    is_article = states_article(facts) or is_titled_as_announced(facts, page)
    if not is_article and was_sent_away(page, tells_of_headline(facts, page, body)):
        return page.final_url
    most = _MOST_WORDS if is_article else _MOST_CONSENT_WORDS
    if len(body) > _MOST_CHARS or word_count(body) > most or _stated_words(facts) >= _STATED_WORDS:
        return None
    title = None if is_article else wall_title(facts)
    if title is None and word_count(body) > _MOST_OWN_WORDS and not may_be_notice(plain(body)):
        return None
    langs = languages_of(plain(title or "")).union(_stated_language(facts))
    text, weight = _text_and_weight(story.root, body, title, langs)
    if not (weight.phrases or title):
        return ONLY_TO_READER if not is_article and _is_strange(read, langs) else None
    if other_words(story.root, langs) > _MOST_OWN_WORDS:
        return None
    if _is_told(read, text, weight) or has_story(read, langs):
        return None
    if is_article:
        return _sign_on_article(read, text, weight)
    return _sign(read, text, weight, title)


def _text_and_weight(tree: HtmlElement, body: str, title: str | None, langs: frozenset[str]) -> tuple[str, Weight]:
    """The text to judge, and its weight: `body`, or all that the page shows if `body` says nothing."""
    weight = weigh(body, langs) if len(body) >= _MIN_CHARS else Weight()
    says_nothing = not weight.phrases and weight.own <= max(_FEW_OWN_WORDS, weight.near)
    is_beside = title is not None and not weight.phrases and word_count(body) <= _BRIEF_WORDS
    if says_nothing or is_beside:
        whole = shown(tree)
        if word_count(whole) <= _MOST_WORDS:
            return whole, weigh(whole, langs)
    return body, weight


def _sign_on_article(read: ReadPage, text: str, weight: Weight) -> str | None:
    if not weight.phrases or weight.own > _FEW_OWN_WORDS:
        return None
    return weight.phrases[0] if weight.talk >= weight.near / 2 or has_gate(read, text) else None


def _sign(read: ReadPage, text: str, weight: Weight, title: str | None) -> str | None:
    spoken = weight.talk + weight.near
    if word_count(text) > _MOST_WORDS:
        return weight.phrases[0] if len(weight.phrases) >= _MANY_PHRASES and weight.own <= spoken / 2 else None
    if title and (weight.own <= max(_FEW_OWN_WORDS, 2 * spoken) or (weight.talk and is_missing(title))):
        return title
    if not weight.phrases:
        return None
    if read.page.entry_title:  # and no word of it is on the page
        return weight.phrases[0] if weight.own <= 2 * spoken else None
    is_sure = len(weight.phrases) > 1 or has_gate(read, text)
    return weight.phrases[0] if weight.own <= spoken / (1 if is_sure else 2) else None


def _is_strange(read: ReadPage, langs: frozenset[str]) -> bool:
    """Whether a page has no headline, neither the feed's nor one of its own, and speaks to its reader alone."""
    page, facts, story, body = read
    is_short = len(body) >= _MIN_CHARS and word_count(body) <= _MOST_STRANGE_WORDS
    if not is_short or not page.entry_title or not is_headless(facts):
        return False
    stated = (page.entry_language or "")[:2].lower()
    langs = langs or frozenset({stated} & set(languages()))
    if tells_of_headline(facts, page, body) or not is_all_to_reader(body, langs):
        return False
    return other_words(story.root, langs) <= _MOST_OWN_WORDS


def _is_told(read: ReadPage, text: str, weight: Weight) -> bool:
    """Whether something is told of what the feed's headline says, or where there is none, the page's own."""
    page, facts = read.page, read.facts
    if tells_of_headline(facts, page, text):
        return True
    titles = () if page.entry_title else (facts.title, *facts.headings[:2])
    return any(tells_of(title, facts, page, weight.told) for title in titles if title)


def _stated_language(facts: PageFacts) -> frozenset[str]:
    """The language that the page states, if there are words for it."""
    stated = (facts.language or "")[:2].lower()
    return frozenset({stated} & set(languages()))


def _stated_words(facts: PageFacts) -> float:
    whole = facts.structured.get("articleBody")
    return word_count(whole) if isinstance(whole, str) else 0.0
