"""Recognises a newsroom's description of itself at the end of a text, and tells it from a story about that newsroom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.article import Article
from transforms.clean.phrases import Phrases
from transforms.text.lines import BodyLine, words_of

_SHORTEST, _LONGEST = 8, 80
_STRIP = ".,:;–—-()[]“”\"'’*"
_SOURCE_ZONE = 120
_BRACKETED = re.compile(r"[(\[【（]([^()\[\]【】（）]{2,60})[)\]】）]")


def is_self_description(block: BodyLine, others: Sequence[BodyLine], article: Article, phrases: Phrases) -> bool:
    """Whether the block describes its newsroom's work: "RFE/RL journalists report the news in 21 countries …".

    The block begins with the newsroom's name. That must be the article's own source (publisher, byline, or the bracket
    before the first sentence), or a name that the rest of the text does not mention. The block tells of news work in
    general and in the present tense, quotes nobody, and names no day and no event.
    """
    if not _SHORTEST <= len(block.words) <= _LONGEST or block.is_quoting:
        return False
    if not phrases.story_words.isdisjoint(block.words):
        return False
    about = phrases.about_starts.prefix_length(block.words)
    subject, after = _subject(block.text, about, phrases.credit_joins)
    if not subject or not 1 <= len(subject) <= 6:
        return False
    if not any(word in phrases.news_verbs for word in after[:4]):
        return False
    work = len({word for word in block.words if word in phrases.news_words})
    name = " ".join(subject)
    if _is_source(name, others, article):
        return work >= 2
    unmentioned = not any(name.casefold() in other.text.casefold() for other in others)
    return work >= 3 and unmentioned and name.casefold() not in (article.headline or "").casefold()


def is_about_heading(block: BodyLine, described: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is the heading above a self-description: "About Example Press"."""
    about = phrases.about_starts.prefix_length(block.words)
    return 0 < about < len(block.words) <= 8 and block.words[about] in described.words[:8]


def _subject(text: str, skip: int, joins: frozenset[str]) -> tuple[list[str], list[str]]:
    """The capitalised words that a text begins with (without an article), and the words after them."""
    printed = text.split()[skip:]
    name: list[str] = []
    for number, raw in enumerate(printed):
        word = raw.strip(_STRIP)
        if not name and word.casefold() in joins:
            continue
        if not word or word[0].islower() or not word[0].isalpha():
            return name, [after.strip(_STRIP).casefold() for after in printed[number:]]
        name.append(word)
        if raw[-1] in ":,":
            return name, words_of(" ".join(printed[number + 1 :]))
    return name, []


def _is_source(name: str, others: Sequence[BodyLine], article: Article) -> bool:
    """Whether the name is the article's publisher, an author, or in a bracket of its opening."""
    folded = name.casefold()
    if folded == (article.publisher_name or "").casefold():
        return True
    if any(folded == author.casefold() for author in article.authors):
        return True
    opening = " ".join(other.text for other in others[:3])[:_SOURCE_ZONE]
    return any(folded in bracket.casefold() for bracket in _BRACKETED.findall(opening))
