"""Runs the tests that depend most on the interpreter on each other Python that newsbeam supports and this machine has.

    python -m tests.other_pythons

Each Python gets an environment of its own in .tools, from the lock file. One that the machine does not have is named.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
TESTS = ("tests/schemas", "tests/transforms", "tests/newsbeam", "tests/newsroom", "tests/test_end_to_end.py")


def tested(version: str) -> bool | None:
    """Whether the tests pass on a version of Python; nothing if the machine does not have it."""
    pick = [ROOT / "deploy/pick_python.sh", f"python{version}"]
    found = subprocess.run(pick, capture_output=True, text=True, check=False).stdout.strip()
    if not found:
        return None
    folder = ROOT / ".tools" / f"python{version}"
    python = own_environment(ROOT / "requirements.lock", folder, found) / "python"
    install = [
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        str(ROOT),
    ]  # for its metadata: the code is the checkout's
    subprocess.run([python, "-m", "pip", "install", "--quiet", *install], check=True)
    print(f"Python {version}:", flush=True)
    run = [python, "-m", "pytest", "-n", "2", "--dist", "loadfile", *TESTS]
    return subprocess.run(run, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """0 if all pass, 1 if some fail."""
    status = 0
    for version in PYTHONS:
        if version != f"{sys.version_info.major}.{sys.version_info.minor}":
            passed = tested(version)
            status |= passed is False
            if passed is None:
                print(f"Python {version}: not run, as there is no python{version} here")
    return status


if __name__ == "__main__":
    sys.exit(main())
