"""Runs the tests that depend most on the interpreter on each other Python that newsbeam supports and this machine has.

    python -m tests.other_pythons [VERSION …]

Each Python gets an environment of its own in .tools, from the lock file. One that the machine does not have is named,
and is an error if its version was asked for (`3.12`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
TESTS = ("tests/schemas", "tests/transforms", "tests/newsbeam", "tests/newsroom", "tests/test_end_to_end.py")
_WHERE = "import sys; print(sys.executable)"


def interpreter(version: str, path: str | None = None) -> str:
    """The path of a Python of this version that can make environments; empty if there is none.

    It is looked for on `path` (PATH), and where pyenv has it there but does not choose it.
    """
    env = os.environ | {"PYENV_VERSION": version} | ({} if path is None else {"PATH": path})
    pick = ["/bin/sh", ROOT / "deploy/pick_python.sh", f"python{version}"]
    found = subprocess.run(pick, env=env, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        return ""
    # Beyond pyenv's shim, which would choose again.
    return subprocess.run([found, "-c", _WHERE], env=env, capture_output=True, text=True, check=True).stdout.strip()


def passes(version: str, python: str) -> bool:
    """Whether the tests pass on a version of Python, in an environment that is made by this interpreter."""
    programs = own_environment(ROOT / "requirements.lock", ROOT / ".tools" / f"python{version}", python)
    # For the package's metadata and its command. The code is the checkout's.
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *own], check=True)
    print(f"Python {version}, {python}:", flush=True)
    run = [programs / "python", "-m", "pytest", "-n", "2", "--dist", "loadfile", *TESTS]
    return subprocess.run(run, cwd=ROOT, check=False).returncode == 0


def main(asked: list[str]) -> int:
    """0 if the tests pass on each that is here, 1 if some fail or a version that was asked for is not here."""
    status = 0
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    for version in asked or [version for version in PYTHONS if version != ours]:
        if python := interpreter(version):
            status |= not passes(version, python)
        else:
            print(f"Python {version}: not run, as there is no python{version} here that can make environments")
            status |= bool(asked)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
