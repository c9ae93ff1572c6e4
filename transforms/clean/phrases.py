"""The phrases by which furniture is recognised, from ``phrases.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from transforms.text.phrases.phrase_set import Endings, PhraseSet


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of all languages together. The head of ``phrases.json`` explains each kind."""

    advertisement: PhraseSet
    comment_form: PhraseSet
    comment_labels: PhraseSet
    consent: PhraseSet
    consent_starts: PhraseSet
    cookie_starts: PhraseSet
    cookie_words: tuple[str, ...]
    credit_starts: PhraseSet
    credit_ends: Endings
    credit_joins: frozenset[str]
    promotion: PhraseSet
    promotion_starts: PhraseSet
    own_channels: PhraseSet
    byline_starts: PhraseSet
    time_starts: PhraseSet
    time_words: frozenset[str]
    desk_words: frozenset[str]
    photo_starts: PhraseSet
    about_starts: PhraseSet
    reader_signs: frozenset[str]
    news_words: frozenset[str]
    news_verbs: frozenset[str]
    story_words: frozenset[str]


@lru_cache(maxsize=1)
def load_phrases() -> Phrases:
    """The phrases, read once in a process. They never change."""
    data = json.loads(resources.files(__package__).joinpath("phrases.json").read_text(encoding="utf-8"))
    languages = [entry for name, entry in data.items() if not name.startswith("_")]

    def every(kind: str) -> list[str]:
        return [phrase for language in languages for phrase in language.get(kind, ())]

    return Phrases(
        advertisement=PhraseSet(every("advertisement")),
        comment_form=PhraseSet(every("comment_form")),
        comment_labels=PhraseSet(every("comment_labels")),
        consent=PhraseSet(every("consent")),
        consent_starts=PhraseSet(every("consent_starts")),
        cookie_starts=PhraseSet(every("cookie_starts")),
        cookie_words=tuple(sorted(set(every("cookie_words")))),
        credit_starts=PhraseSet(every("credit_starts")),
        credit_ends=Endings(every("credit_ends")),
        credit_joins=frozenset(every("credit_joins")),
        promotion=PhraseSet(every("promotion")),
        promotion_starts=PhraseSet(every("promotion_starts")),
        own_channels=PhraseSet(every("own_channels")),
        byline_starts=PhraseSet(every("byline_starts")),
        time_starts=PhraseSet(every("time_starts")),
        time_words=frozenset(every("time_words")),
        desk_words=frozenset(every("desk_words")),
        photo_starts=PhraseSet(every("photo_starts")),
        about_starts=PhraseSet(every("about_starts")),
        reader_signs=frozenset(every("reader_signs")),
        news_words=frozenset(every("news_words")),
        news_verbs=frozenset(every("news_verbs")),
        story_words=frozenset(every("story_words")),
    )
