"""The browser of these tests: Debian's chromium with its driver, and axe-core. ``python -m`` installs what is missing.

axe-core comes from npm, selenium by pip into an environment of its own; both stay in ``.tools``. Chromium is a package
of the system, so only root can install it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from tests.own_environment import own_environment

AXE_VERSION: Final = "4.14.1"
TOOLS: Final = Path(__file__).resolve().parents[2] / ".tools"
_PROGRAMS: Final = ("chromium", "chromedriver")
_PACKAGES: Final = ("chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-cjk")
_NEEDED: Final = Path(__file__).parent / "packages.txt"


def browser() -> tuple[str, str] | None:
    """The paths of the browser and of its driver; None where one is missing."""
    found = [shutil.which(name) for name in _PROGRAMS]
    return (found[0], found[1]) if found[0] and found[1] else None


def install_browser() -> None:
    """Install browser, driver and fonts from Debian's packages, where they are missing and we are root."""
    if browser() is not None or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quietly, timeout=300)
    command = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *_PACKAGES]
    subprocess.run(command, check=True, env=quietly, timeout=900, stdout=subprocess.DEVNULL)


def axe() -> Path | None:
    """The file of axe-core, which npm fetches if it is not there; None where npm is missing."""
    file = TOOLS / f"axe-core-{AXE_VERSION}" / "axe.min.js"
    if file.exists():
        return file
    if shutil.which("npm") is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", "--pack-destination", str(file.parent), f"axe-core@{AXE_VERSION}"]
    subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL)
    with tarfile.open(file.parent / f"axe-core-{AXE_VERSION}.tgz") as package:
        source = package.extractfile("package/axe.min.js")
        assert source is not None
        file.write_bytes(source.read())
    return file


def environment() -> Path:
    """The folder of the programs of an environment with selenium. Raises CalledProcessError if it cannot be made."""
    return own_environment(_NEEDED, TOOLS / "browsing")


if __name__ == "__main__":
    install_browser()
    print(*(browser() or ["chromium and chromium-driver are missing, and only root can install them"]))
    print(axe() or "npm is missing, so axe-core cannot be fetched")
    print(environment())
