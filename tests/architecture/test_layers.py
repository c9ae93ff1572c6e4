"""Each line knows its room: who may import whom, and where Beam may stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("schemas", "transforms", "pipelines", "newsbeam", "newsroom")
SHARED_STAGES = {"common", "web", "text", "sandbox"}
FILES = sorted(path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield node.module or ""


def may_import(path: Path, module: str) -> bool:
    room, target = path.parts[0], module.split(".")
    if target[0] not in ROOMS:
        return True
    if room == "schemas":
        return target[0] == "schemas"
    if room == "transforms":
        if target[0] == "transforms" and len(target) > 1:
            return target[1] == path.parts[1] or target[1] in SHARED_STAGES
        return target[0] in ("schemas", "transforms")
    if room == "newsbeam":
        return target[0] != "newsroom"
    if target[0] == "newsbeam":
        return False
    if room == "newsroom":
        return target[0] == "newsroom"
    if path.parts[1] == "run" and target[:2] == ["pipelines", "commands"]:
        return False
    return target[0] != "newsroom" or path.name == "demo.py"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_go_one_way_and_stages_do_not_know_one_another(path: Path) -> None:
    assert [module for module in imports(path) if not may_import(path, module)] == []


def test_schemas_know_the_standard_library_and_pyarrow_only() -> None:
    import sys

    known = sys.stdlib_module_names | {"pyarrow", "schemas"}
    for path in FILES:
        if path.parts[0] == "schemas":
            assert {module.split(".")[0] for module in imports(path)} <= known, path


def beam_files() -> list[Path]:
    return [path for path in FILES if any(module.split(".")[0] == "apache_beam" for module in imports(path))]


@pytest.mark.parametrize("path", beam_files(), ids=str)
def test_in_a_stage_beam_stands_only_in_the_file_of_a_public_transform(path: Path) -> None:
    if path.parts[0] != "transforms":
        assert path.parts[0] == "pipelines"
        return
    classes = [node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.ClassDef)]
    expected = "".join(word.capitalize() for word in path.stem.split("_"))
    assert expected in classes, f"{path} imports Beam but holds no {expected}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES} - {Path("schemas")}), ids=str)
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    """At most a dozen modules: a larger folder is several rooms in one. `schemas` is one room: a module a table."""
    modules = [path.name for path in FILES if path.parent == folder and path.name != "__init__.py"]
    assert len(modules) <= 12, modules
