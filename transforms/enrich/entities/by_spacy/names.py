"""The names that spaCy tells in a text, joined, counted and ordered as our own are.

spaCy says where names stand and of which kind they are; which of them matter is weighed by the same trees that weigh
our own candidates.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from schemas.article import Entity
from transforms.enrich.entities.by_spacy.models import Span
from transforms.enrich.entities.candidates import Candidate, candidates_of
from transforms.enrich.entities.cased import MAX_CHARS, measured
from transforms.enrich.entities.entity_model import KINDS, EntityModel
from transforms.enrich.entities.entity_words import load_entity_words, load_language_words
from transforms.enrich.entities.mentions import Mention, MentionFinder, TextWords
from transforms.enrich.entities.traits import is_title
from transforms.enrich.places.gazetteer import Gazetteer

LEAST = 0.2
"""The score from which names are kept: lower than for our own candidates, since spaCy has said that these are names."""

_PERSON = "person"

Tokens: TypeAlias = tuple[str, ...]


def told_names(
    headline: str, text: str, keywords: frozenset[str], places: Gazetteer, model: EntityModel, spans: Sequence[Span]
) -> list[tuple[Entity, float]]:
    """The names that stand at `spans` of the first 8,000 characters of a text, each with its score (0 to 1), which is
    how likely it is to matter by `model`."""
    told = _Told(text[:MAX_CHARS], places.language, spans)
    table = measured(headline, text, keywords, places, told.candidates)
    if not table.candidates:
        return []
    scores = model.scores(table.rows).sum(axis=1).tolist()
    return [
        (Entity(one.printed(table.words), told.kind_of(one), len(one.mentions)), score)
        for one, score in zip(table.candidates, scores, strict=True)
        if score >= LEAST
    ]


class _Told:
    """What spaCy tells of one text, in our words."""

    def __init__(self, text: str, language: str, spans: Sequence[Span]) -> None:
        self._text, self._own, self._spans = text, load_language_words(language), spans
        self._kinds: dict[Tokens, str] = {}

    def candidates(self, words: TextWords, finder: MentionFinder) -> list[Candidate]:
        """The names in order of their first mention. Only names of one kind join: "Rouen" is no short form of "Port de
        Rouen". Their mentions are spaCy's, and those that our own rules see of a name that spaCy tells elsewhere."""
        told = list(self._mentions(words))
        self._kinds = _kinds_of(words, told)
        taken = {at for mention, _ in told for at in range(mention.start, mention.end)}
        mentions = [mention for mention, _ in told]
        for mention in finder.mentions():
            if tokens_of(words, mention) in self._kinds and taken.isdisjoint(range(mention.start, mention.end)):
                mentions.append(mention)
        mentions.sort()
        lists = load_entity_words()
        found: list[Candidate] = []
        for kind in KINDS:
            found += candidates_of(
                words, [one for one in mentions if self._kinds[tokens_of(words, one)] == kind], lists
            )
        return sorted(found, key=lambda one: one.mentions[0])

    def kind_of(self, one: Candidate) -> str:
        """The kind of a candidate."""
        return self._kinds[one.tokens]

    def _mentions(self, words: TextWords) -> Iterator[tuple[Mention, str]]:
        begins, ends = bounds_of(self._text, words)
        for span in self._spans:
            start, end = bisect_left(begins, span.start), bisect_left(begins, span.end)
            mention = self._trimmed(words, start, end, span.kind)
            if mention is not None and ends[mention.end - 1] <= span.end:
                yield mention, span.kind

    def _trimmed(self, words: TextWords, start: int, end: int, kind: str) -> Mention | None:
        """The words without articles and titles before them; None if nothing with a capital is left."""
        small = words.small
        while start < end and (small[start] in self._own.articles or not words.plain[start][0].isupper()):
            start += 1
        while kind == _PERSON and start + 1 < end and is_title(small[start]):
            start += 1
        if start >= end:
            return None
        return Mention(start, end, start > 0 and words.gaps[start].isspace() and is_title(small[start - 1]))


def _kinds_of(words: TextWords, told: Sequence[tuple[Mention, str]]) -> dict[Tokens, str]:
    """The kind that spaCy tells most often of each name, and of the last word of a person's; of two as often, the
    earlier."""
    votes: dict[Tokens, Counter[str]] = defaultdict(Counter)
    for mention, kind in told:
        votes[tokens_of(words, mention)][kind] += 1
    kinds = {tokens: counted.most_common(1)[0][0] for tokens, counted in votes.items()}
    for tokens in [tokens for tokens, kind in kinds.items() if kind == _PERSON]:
        kinds.setdefault(tokens[-1:], _PERSON)
    return kinds


def tokens_of(words: TextWords, mention: Mention) -> Tokens:
    """The words of a mention."""
    return tuple(words.plain[mention.start : mention.end])


def bounds_of(text: str, words: TextWords) -> tuple[list[int], list[int]]:
    """Where each word begins and ends in the text, without what `text_words` took off it."""
    begins, ends = [], []
    at = 0
    for gap, word in zip(words.gaps, words.plain, strict=False):
        begin = text.index(word, text.index(gap, at) + len(gap))
        at = begin + len(word)
        begins.append(begin)
        ends.append(at)
    return begins, ends
