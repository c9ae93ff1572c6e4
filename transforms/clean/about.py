"""A newsroom's description of itself at the end of a text, told from a story about that newsroom."""

from __future__ import annotations

import re

from schemas.article import Article
from transforms.clean.phrases import Phrases
from transforms.text.lines import Block, words_of

_SHORTEST, _LONGEST = 8, 80
_STRIP = ".,:;–—-()[]“”\"'’*"
_SOURCE_ZONE = 120
_BRACKETED = re.compile(r"[(\[【（]([^()\[\]【】（）]{2,60})[)\]】）]")


def is_self_description(block: Block, others: list[Block], article: Article, phrases: Phrases) -> bool:
    """Whether the block says in general what its newsroom does: "RFE/RL journalists report the news in 21 countries …".

    Its subject, the name it begins with, has to be who speaks: either the article's own source (publisher, byline,
    the bracket before its first sentence), or somebody the whole rest of the text has nothing to say about. It tells of
    news work in the present tense, quotes nobody, and names no day and nothing that happened.
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


def is_about_heading(block: Block, described: Block, phrases: Phrases) -> bool:
    """The heading above such a description: "About Example Press"."""
    about = phrases.about_starts.prefix_length(block.words)
    return 0 < about < len(block.words) <= 8 and block.words[about] in described.words[:8]


def _subject(text: str, skip: int, joins: frozenset[str]) -> tuple[list[str], list[str]]:
    """The run of capitalised words that a text begins with, without an article, and the words after it."""
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


def _is_source(name: str, others: list[Block], article: Article) -> bool:
    folded = name.casefold()
    if folded == (article.publisher_name or "").casefold():
        return True
    if any(folded == author.casefold() for author in article.authors):
        return True
    opening = " ".join(other.text for other in others[:3])[:_SOURCE_ZONE]
    return any(folded in bracket.casefold() for bracket in _BRACKETED.findall(opening))
