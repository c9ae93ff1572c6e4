"""Recognises the lines above a story that say who wrote it and when: "By Ada Lind, Staff Writer", "Posted 10:32 AM"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.article import Article
from transforms.clean.phrases import Phrases
from transforms.text.dates.month_names import is_date_word
from transforms.text.lines import BodyLine, words_of

_LONGEST = 24
_OTHER_WORDS = 5
"""A byline may name a place, a house or a desk of so many words, if each begins with a capital."""

_DESK_WORDS = 3
"""The longest name of a newsroom: "Lindmere Echo Redaktion"."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")


class _Read(NamedTuple):
    """What a line says: whether a word like "By" opens it; how many of its words name authors, and tell a day or a time
    of day; and what is left, as printed."""

    opens_byline: bool
    named: int
    timed: int
    rest: tuple[str, ...]


def signers(article: Article) -> tuple[str, ...]:
    """Who signs the article, and the line that says so: what a byline may consist of."""
    return (*article.authors, *article.author_organizations, *filter(None, [article.byline]))


def is_byline(block: BodyLine, names: Sequence[str], phrases: Phrases) -> bool:
    """Whether the block only names those who sign: "By Ada Lind, Staff Writer", "Ada Lind | 3 March 2026".

    Behind "By" and the like, a place or a house may be named too. Without such a word nothing else may: "Ada Lind, a
    baker" is the story's.
    """
    if not names or len(block.words) > _LONGEST or block.is_quoting:
        return False
    read = _read(block, names, phrases)
    if read.opens_byline:
        return read.named > 0 and len(read.rest) <= _OTHER_WORDS and not any(word[0].islower() for word in read.rest)
    return read.named > 1 and not read.rest


def is_dated_byline(block: BodyLine, names: Sequence[str], phrases: Phrases) -> bool:
    """Whether the block is a name of those who sign, or of a newsroom ("Echo-Redaktion"), and a day or a time, and
    nothing else: it is a byline also below a standfirst or a first paragraph."""
    if len(block.words) > _LONGEST or block.is_quoting:
        return False
    read = _read(block, names, phrases)
    if not read.rest:
        return read.named > 0 and read.timed > 0
    others = [word for word in read.rest if word.casefold() not in phrases.desk_words]
    is_desk = len(others) < len(read.rest) <= _DESK_WORDS and not any(word[0].islower() for word in others)
    return is_desk and read.timed > 1


def is_time_line(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block only tells when the text was posted or edited: "Posted 10:32 AM", "Stand: 3.3.2026, 14 Uhr"."""
    if len(block.words) > _LONGEST or not phrases.time_starts.prefix_length(block.words):
        return False
    read = _read(block, (), phrases)
    return read.timed > 0 and not read.rest


def _read(block: BodyLine, signers: Sequence[str], phrases: Phrases) -> _Read:
    printed = _WORD.findall(" ".join(part for part in block.text.split() if "@" not in part))  # without accounts
    words = [word.casefold().replace("’", "'") for word in printed]
    names = [words_of(signer) for signer in signers]
    opens_byline = phrases.byline_starts.prefix_length(words) > 0
    named = timed = at = 0
    rest: list[str] = []
    while at < len(words) and len(rest) <= _OTHER_WORDS:  # with more of them it is no line that is looked for
        length = max((len(name) for name in names if name and words[at : at + len(name)] == name), default=0)
        named += length
        if not length:
            length = max(phrases.byline_starts.prefix_length(words, at), phrases.time_starts.prefix_length(words, at))
        if not length:
            length = 1
            if any(sign.isdigit() for sign in words[at]):
                timed += not (words[at].isdigit() and len(words[at]) == len("2026"))
            elif is_date_word(words[at]):
                timed += 1
            elif words[at] not in phrases.time_words and words[at] not in phrases.credit_joins:
                rest.append(printed[at])
        at += length
    return _Read(opens_byline, named, timed, tuple(rest))
