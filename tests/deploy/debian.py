"""Programs of Debian's packages, unpacked below .tools and not installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_TOOLS = Path(__file__).resolve().parents[2] / ".tools/debian"


def program(package: str, name: str) -> Path:
    """A program of a package, which is fetched once. Skips the test where there is no Debian to fetch it from."""
    found = _TOOLS / package / "usr/bin" / name
    if found.exists():
        return found
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        pytest.skip(f"Debian's apt-get is not here, which fetches {package}")
    fetched = _TOOLS / "fetched"
    fetched.mkdir(parents=True, exist_ok=True)
    fetch = ["apt-get", "download", package]
    if subprocess.run(fetch, cwd=fetched, check=False, capture_output=True).returncode:
        subprocess.run(["apt-get", "update"], check=True, capture_output=True)
        subprocess.run(fetch, cwd=fetched, check=True, capture_output=True)
    (archive,) = fetched.glob(f"{package}_*.deb")
    unpacked = _TOOLS / f"{package}.part"
    shutil.rmtree(unpacked, ignore_errors=True)
    subprocess.run(["dpkg", "-x", archive, unpacked], check=True)
    unpacked.rename(_TOOLS / package)
    return found
