"""The people, organisations and places that an article is about, the most important first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from schemas.article import Entity
from transforms.enrich.entities.by_spacy.models import OWN, SPACY, languages, spans_of
from transforms.enrich.entities.by_spacy.names import told_names
from transforms.enrich.entities.candidates import Candidate
from transforms.enrich.entities.cased import MAX_CHARS, Measured, measured
from transforms.enrich.entities.caseless.clues import Clue, known_places, latin_names, strongest
from transforms.enrich.entities.caseless.han import han_names
from transforms.enrich.entities.caseless.korean import korean_names
from transforms.enrich.entities.caseless.spaced import spaced_languages, spaced_names
from transforms.enrich.entities.entity_model import KINDS, EntityModel, load_entity_model
from transforms.enrich.entities.kinds import certain_kind, is_passing
from transforms.enrich.places.gazetteer import Gazetteer

TEXT, STRUCTURED = "text", "structured"
_BOTH = {TEXT: "both", SPACY: "spacy, structured"}
WITH_STRUCTURED = frozenset({STRUCTURED, *_BOTH.values()})
"""The sources of entities of which structured data told some."""

MOST = 10
"""So many of each kind at most."""

_MAX_CHARS = 20_000
_STATED = 0.5
_LEAST_WEIGHT = 0.5
_FULL_WEIGHT = 3.0
_HAN = ("zh", "ja")


class ScoredEntity(NamedTuple):
    """An entity with its score, 0 to 1, and whether the page's structured data names it."""

    entity: Entity
    score: float
    is_stated: bool = False


class Entities(NamedTuple):
    """The entities of an article, and what told them: text, structured, both, spacy, or "spacy, structured";
    None where there are none."""

    entities: tuple[Entity, ...]
    source: str | None


def find_entities(
    headline: str,
    text: str,
    keywords: Iterable[str],
    stated: Sequence[Entity],
    places: Gazetteer,
    model: EntityModel | None = None,
    teller: str = OWN,
) -> Entities:
    """The entities of a text, at most ten of each kind, the most important first.

    `count` is how often the text names them, also by the last word of the name alone. `stated` are those that the
    page's structured data names; one that the text does not name is left out, and the kind stated is believed.
    Countries are no entities. Looked for in the first 8,000 characters (20,000 in scripts without capitals); behind
    them, up to 20,000, whole names are counted. Deterministic. `model`: None for the package's own.
    With `SPACY` as the `teller`, names are told by spaCy where a model for the language is installed.
    """
    text = text[:_MAX_CHARS]
    if places.language in _HAN or places.language == "ko" or places.language in spaced_languages():
        found, told_by = [_of_certain_kind(one) for one in _by_clues(headline, text, places)], TEXT
    elif teller == SPACY and places.language in languages():
        spans = spans_of(text[:MAX_CHARS], places.language)
        names = told_names(headline, text, _folded(keywords), places, model or load_entity_model(), spans)
        told = [_of_certain_kind(ScoredEntity(*one)) for one in names]
        found, told_by = [_counted(one, text[MAX_CHARS:]) for one in told], SPACY
    else:
        table = measured(headline, text, _folded(keywords), places)
        found = [_counted(one, text[MAX_CHARS:]) for one in _weighed(table, model or load_entity_model())]
        told_by = TEXT
    found = [one for one in found if not is_passing(one.entity.name, one.entity.count, headline)]
    found = list(_with_stated(found, stated, text))
    best = sorted(found, key=lambda one: (-one.score, one.entity.name))
    kept = [one for kind in KINDS for one in [one for one in best if one.entity.kind == kind][:MOST]]
    kept.sort(key=lambda one: (-one.score, one.entity.name))
    stated_too = {one.is_stated for one in kept}
    source = None
    if stated_too:
        source = _BOTH[told_by] if len(stated_too) > 1 else STRUCTURED if stated_too == {True} else told_by
    return Entities(tuple(one.entity for one in kept), source)


def _folded(keywords: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, keywords))


def _weighed(table: Measured, model: EntityModel) -> list[ScoredEntity]:
    """The candidates that matter enough, each as the kind that it is most likely to be."""
    if not table.candidates:
        return []
    scores = model.scores(table.rows)
    kinds, best = np.argmax(scores, axis=1), scores.max(axis=1)
    enough = best >= model.least[kinds]
    return [
        ScoredEntity(Entity(printed, _certain(printed, KINDS[kind], one), len(one.mentions)), score)
        for one, kind, score, matters in zip(
            table.candidates, kinds.tolist(), best.tolist(), enough.tolist(), strict=True
        )
        if matters and (printed := one.printed(table.words))
    ]


def _certain(printed: str, kind: str, one: Candidate) -> str:
    return certain_kind(printed, kind, is_titled=any(mention.is_titled for mention in one.mentions))


def _of_certain_kind(one: ScoredEntity) -> ScoredEntity:
    """A name that spaCy or clues told; whether it has a title is not known, so a person called "West" stays one."""
    kind = certain_kind(one.entity.name, one.entity.kind, is_titled=True)
    return one if kind == one.entity.kind else one._replace(entity=one.entity._replace(kind=kind))


def _counted(one: ScoredEntity, rest: str) -> ScoredEntity:
    """What was found in the first part of a text, with the mentions of its whole name in the rest."""
    more = rest.count(one.entity.name)
    return one._replace(entity=one.entity._replace(count=one.entity.count + more)) if more else one


def _by_clues(headline: str, text: str, places: Gazetteer) -> list[ScoredEntity]:
    """Names in scripts without capitals, by the clues that give them away."""
    clues: list[Clue] = [*latin_names(text), *known_places(text, places)]
    if places.language in _HAN:
        clues += han_names(text, places.language)
    elif places.language == "ko":
        clues += korean_names(text)
    else:
        clues += spaced_names(text, places.language)
    return list(_scored(strongest(clues), headline, text))


def _scored(names: dict[str, tuple[str, float]], headline: str, text: str) -> Iterator[ScoredEntity]:
    for name, (kind, weight) in names.items():
        if weight >= _LEAST_WEIGHT:
            count = text.count(name)
            early = 1 - text.find(name) / len(text)
            points = min(weight, _FULL_WEIGHT) + np.log1p(count) + (name in headline) + early
            yield ScoredEntity(Entity(name, kind, count), float(points / (points + 1)))


def _with_stated(found: list[ScoredEntity], stated: Sequence[Entity], text: str) -> Iterator[ScoredEntity]:
    """The found entities, with a better score where they are stated, and stated ones that stand in the text unfound."""
    by_name = {one.name.casefold(): one for one in reversed(stated)}
    for one in found:
        said = by_name.pop(one.entity.name.casefold(), None)
        if said is None:
            yield one
        else:
            score = _STATED + one.score * (1 - _STATED)
            yield ScoredEntity(one.entity._replace(kind=said.kind), score, is_stated=True)
    for said in by_name.values():
        if count := _count(said.name, text):
            yield ScoredEntity(said._replace(count=count), _STATED, is_stated=True)


def _count(name: str, text: str) -> int:
    """How often a name stands in a text, as whole words."""
    if name not in text:
        return 0
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) or (0 if name.isascii() else text.count(name))
