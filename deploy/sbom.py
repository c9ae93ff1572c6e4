"""Writes the SBOM of what an installation runs: every package of deploy/requirements.lock, as CycloneDX 1.6 in JSON.

    python -m deploy.sbom FILE

The packages are installed into a fresh environment, so that each has its licence and what it depends on from its own
metadata; the tool cyclonedx-py describes them, from an environment of its own; then each gets the hashes of the lock
file. Equal lock files give equal bytes.

Checked: by tests/deploy/test_sbom.py, against the lock file and CycloneDX's schema.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent


def locked_hashes(lock: str) -> dict[str, list[str]]:
    """The SHA-256 hashes of each package that a lock file pins, by its name in lower case with hyphens."""
    pins = re.findall(r"^([\w.-]+)==\S+.*((?:\n    --hash=sha256:.*)+)", lock, re.M)
    return {_plain(name): re.findall(r"--hash=sha256:(\w+)", hashes) for name, hashes in pins}


def with_hashes(sbom: dict[str, Any], hashes: dict[str, list[str]]) -> dict[str, Any]:
    """The SBOM with the hashes of all files that may be installed. Raises KeyError for what the lock does not have."""
    components = []
    for component in sbom["components"]:
        name = _plain(component["name"])
        files = {
            "type": "distribution",
            "comment": "any of these files, by the lock file",
            "url": f"https://pypi.org/project/{name}/{component['version']}/#files",
            "hashes": [{"alg": "SHA-256", "content": one} for one in hashes[name]],
        }
        components.append(component | {"externalReferences": [*component.get("externalReferences", ()), files]})
    return sbom | {"components": components}


def _plain(name: str) -> str:
    return re.sub(r"[._-]+", "-", name).lower()


def _installed(folder: Path, *wanted: str) -> Path:
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    by_uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python), *wanted]
    if subprocess.run(by_uv, check=False).returncode:  # as in the Makefile: uv does not read pip.conf
        by_pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install", *wanted]
        subprocess.run(by_pip, check=True)
    return python


def main(arguments: Sequence[str]) -> int:
    """Write the file that is named, and return 0."""
    (output,) = arguments
    lock, project = HERE / "requirements.lock", HERE.parent / "pyproject.toml"
    with TemporaryDirectory() as folder:
        packages = _installed(Path(folder, "packages"), "--require-hashes", "--requirement", str(lock))
        tool = _installed(Path(folder, "tool"), "--requirement", str(HERE / "sbom.txt")).with_name("cyclonedx-py")
        describe = [str(tool), "environment", "--pyproject", str(project), "--output-reproducible", "--sv", "1.6"]
        done = subprocess.run([*describe, str(packages)], stdout=subprocess.PIPE, check=True)
    sbom = with_hashes(json.loads(done.stdout), locked_hashes(lock.read_text()))
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(json.dumps(sbom, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
