"""Which installed packages are models: what they state decides, not their names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import packaging.specifiers  # noqa: F401  # later the path has only what a test installs
import pytest

from transforms.enrich.entities.by_spacy import models
from transforms.enrich.entities.by_spacy.models import KINDS, is_installed, languages
from transforms.enrich.entities.entity_model import KINDS as OURS

META: dict[str, Any] = {
    "lang": "eo", "components": ["tok2vec", "ner"], "labels": {"ner": ["LOC", "PER"]}, "spacy_version": ">=3.8.0,<3.9",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _found_anew() -> Iterator[None]:
    models._installed.cache_clear()
    yield
    models._installed.cache_clear()


def install(folder: Path, name: str, version: str, meta: object = None, *, is_named: bool = True) -> None:
    """A package of files as pip leaves it; a model's where it has a meta.json and names itself as one."""
    for path in (folder / name, folder / f"{name}-{version}.dist-info"):
        path.mkdir()
    (folder / name / "__init__.py").touch()
    (folder / f"{name}-{version}.dist-info/METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    if meta is not None:
        (folder / name / "meta.json").write_text(meta if isinstance(meta, str) else json.dumps(meta))
    if is_named:
        point = f"[spacy_models]\n{name} = {name}\n"
        (folder / f"{name}-{version}.dist-info/entry_points.txt").write_text(point)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages with a spaCy of a version."""
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    install(tmp_path, "spacy", "3.8.18", is_named=False)
    return tmp_path


def test_a_model_is_found_by_what_it_states(folder: Path) -> None:
    assert not is_installed()
    install(folder, "eo_invented_news", "3.8.0", META)
    models._installed.cache_clear()
    assert is_installed()
    assert dict(languages()) == {"eo": "eo_invented_news"}


@pytest.mark.parametrize(
    ("meta", "is_named"),
    [
        (None, True),
        (META, False),
        ("no json", True),
        ([1], True),
        ({"name": "eo"}, True),
        (META | {"labels": {"ner": ["LOC"]}}, True),
        (META | {"labels": {}}, True),
        (META | {"spacy_version": ">=3.1.0,<3.2.0"}, True),
        (META | {"spacy_version": "any"}, True),
    ],
)
def test_what_only_bears_the_name_of_a_model_or_is_made_for_another_spacy_is_none(
    folder: Path, meta: object, is_named: bool
) -> None:
    install(folder, "eo_core_news_sm", "999.9.9", meta, is_named=is_named)
    assert dict(languages()) == {}
    assert not is_installed()


def test_a_model_without_spacy_is_none(folder: Path) -> None:
    install(folder, "eo_invented_news", "3.8.0", META)
    for path in folder.glob("spacy*/*"):
        path.unlink()
    for path in folder.glob("spacy*"):
        path.rmdir()
    assert not is_installed()


def test_of_two_models_of_a_language_the_first_by_name_is_taken(folder: Path) -> None:
    for name in ("eo_news_large", "eo_core_small"):
        install(folder, name, "3.8.0", META)
    assert dict(languages()) == {"eo": "eo_core_small"}


def test_labels_of_both_schemes_become_our_kinds_and_peoples_none() -> None:
    assert set(KINDS.values()) == set(OURS)
    assert (KINDS["PERSON"], KINDS["PER"], KINDS["GPE"], KINDS["LOC"]) == ("person", "person", "place", "place")
    assert "NORP" not in KINDS
    assert "MISC" not in KINDS
