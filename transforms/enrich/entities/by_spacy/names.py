"""The names that spaCy tells in a text, joined, counted and ordered as our own are.

spaCy says where names stand and of which kind they are; which of them matter is weighed by the same trees that weigh
our own candidates.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from schemas.article import Entity
from transforms.enrich.entities.by_spacy.models import KINDS, load_model
from transforms.enrich.entities.candidates import Candidate
from transforms.enrich.entities.cased import MAX_CHARS, measured
from transforms.enrich.entities.entity_model import EntityModel
from transforms.enrich.entities.entity_words import load_language_words
from transforms.enrich.entities.mentions import Mention, MentionFinder, TextWords
from transforms.enrich.entities.traits import is_title
from transforms.enrich.places.gazetteer import Gazetteer

LEAST = 0.2
"""The score from which names are kept. From .3 on, English people lose more recall than they gain precision."""

_PERSON = "person"


def told_by_spacy(
    headline: str, text: str, keywords: frozenset[str], places: Gazetteer, model: EntityModel
) -> list[tuple[Entity, float]]:
    """The names in the first 8,000 characters of a text in a language that an installed model knows, each with its
    score (0 to 1), which is how likely it is to matter by `model`. Deterministic for one version of spaCy's model."""
    told = _Told(text[:MAX_CHARS], places.language)
    table = measured(headline, text, keywords, places, told.mentions)
    if not table.candidates:
        return []
    scores = model.scores(table.rows).sum(axis=1).tolist()
    return [
        (Entity(one.printed(table.words), told.kind_of(one), len(one.mentions)), score)
        for one, score in zip(table.candidates, scores, strict=True)
        if score >= LEAST
    ]


class _Told:
    """What spaCy tells of one text."""

    def __init__(self, text: str, language: str) -> None:
        self._text, self._own, self._model = text, load_language_words(language), load_model(language)
        self._kinds: dict[int, str] = {}

    def mentions(self, words: TextWords, finder: MentionFinder) -> list[Mention]:
        """The names in text order, with the places where they stand again and only our own rules see them."""
        found: dict[tuple[str, ...], str] = {}
        taken: set[int] = set()
        mentions = []
        for mention, kind in self._told(words):
            mentions.append(mention)
            taken.update(range(mention.start, mention.end))
            self._kinds[mention.start] = kind
            found.setdefault(tuple(words.plain[mention.start : mention.end]), kind)
        for mention in finder.mentions():
            again = found.get(tuple(words.plain[mention.start : mention.end]))
            if again is not None and taken.isdisjoint(range(mention.start, mention.end)):
                mentions.append(mention)
                self._kinds[mention.start] = again
        return sorted(mentions)

    def kind_of(self, one: Candidate) -> str:
        """The kind of most of a candidate's mentions; of two that are as frequent, that of the earlier."""
        return Counter(self._kinds[mention.start] for mention in one.mentions).most_common(1)[0][0]

    def _told(self, words: TextWords) -> Iterator[tuple[Mention, str]]:
        begins, ends = _bounds(self._text, words)
        for span in self._model(self._text).ents:
            kind = KINDS.get(span.label_)
            if kind is not None:
                start, end = bisect_left(begins, span.start_char), bisect_left(begins, span.end_char)
                mention = self._trimmed(words, start, end, kind)
                if mention is not None and ends[mention.end - 1] <= span.end_char:
                    yield mention, kind

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


def _bounds(text: str, words: TextWords) -> tuple[list[int], list[int]]:
    """Where each word begins and ends in the text, without what `text_words` took off it."""
    begins, ends = [], []
    at = 0
    for gap, word in zip(words.gaps, words.plain, strict=False):
        begin = text.index(word, text.index(gap, at) + len(gap))
        at = begin + len(word)
        begins.append(begin)
        ends.append(at)
    return begins, ends
