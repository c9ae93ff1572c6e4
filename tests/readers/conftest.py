"""What tests of readers share: the environment that has them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.own_environment import own_environment

NEEDED = Path(__file__).parent / "packages.txt"
TOOLS = Path(__file__).resolve().parents[2] / ".tools"


@pytest.fixture(scope="session")
def environment() -> Path:
    """The folder of the programs of an environment with the readers; it is made once."""
    try:
        return own_environment(NEEDED, TOOLS / "reading")
    except subprocess.CalledProcessError:
        pytest.skip(f"the packages of {NEEDED.name} cannot be had here")


def with_packages(needed: Path, folder: Path) -> dict[str, str]:
    """The variables of a process that finds the packages of a requirements file, from an environment in `folder`."""
    try:
        programs = own_environment(needed, folder)
    except subprocess.CalledProcessError:
        pytest.skip(f"the packages of {needed.name} cannot be had here")
    [packages] = programs.parent.glob("lib/python3*/site-packages")
    return os.environ | {"PYTHONPATH": str(packages)}
