"""`make` takes the first Python that fits, and says in one line what is missing where none does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PICK = Path(__file__).resolve().parents[2] / "deploy/pick_python.sh"
FITS = f'exec "{sys.executable}" "$@"'
"""A program that is the Python of these tests, which is one that fits."""
SHIM = 'echo "pyenv: $0: command not found" >&2; exit 127'
NEEDS = "newsbeam: needs CPython 3.11, 3.12 or 3.13; tried: {}; install one, or name it: make PYTHON=/path/to/python\n"


def after(statement: str) -> str:
    """A program that is the Python of these tests with something changed before its script runs."""
    return f'shift; exec "{sys.executable}" -c "import sys; {statement}; exec(sys.argv[1])" "$@"'


def picked(folder: Path, programs: dict[str, str], *names: str) -> tuple[int, str, str]:
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", PICK, *names], env={"PATH": str(folder)}, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        ({"python3.11": FITS, "python3.12": FITS, "python3": FITS}, "python3.11"),
        ({"python3.13": FITS, "python3": FITS}, "python3.13"),
        ({"python3.11": SHIM, "python3.12": FITS}, "python3.12"),
        ({"python3": FITS}, "python3"),
        ({"python3.11": after("sys.modules['venv'] = None"), "python3.13": FITS}, "python3.13"),
    ],
    ids=["oldest first", "newest only", "shim", "python3", "without venv"],
)
def test_the_first_python_that_fits_is_picked(tmp_path: Path, programs: dict[str, str], expected: str) -> None:
    assert picked(tmp_path, programs) == (0, f"{expected}\n", "")


@pytest.mark.parametrize(
    "change",
    ["sys.version_info = (3, 10, 14)", "sys.version_info = (3, 14, 0)", "sys.implementation.name = 'pypy'"],
)
def test_what_does_not_fit_is_refused_in_one_line(tmp_path: Path, change: str) -> None:
    tried = "python3.11 python3.12 python3.13 python3"
    assert picked(tmp_path, {"python3": after(change)}) == (1, "", NEEDS.format(tried))


def test_a_python_that_was_named_is_the_only_one_tried(tmp_path: Path) -> None:
    programs = {"python3.11": FITS, "mine": FITS, "python3.10": after("sys.version_info = (3, 10, 14)")}
    assert picked(tmp_path, programs, "mine") == (0, "mine\n", "")
    assert picked(tmp_path, programs, "python3.10") == (1, "", NEEDS.format("python3.10"))


def test_a_python_without_environments_is_told_what_to_install(tmp_path: Path) -> None:
    status, out, said = picked(tmp_path, {"python3": after("sys.modules['ensurepip'] = None")})
    assert (status, out) == (1, "")
    assert (
        said == "newsbeam: python3 cannot make virtual environments; on Debian and Ubuntu, apt install python3-venv\n"
    )
