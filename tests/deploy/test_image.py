"""What the image's Dockerfile does, without an engine: its build steps in a folder, the outcome on a read-only root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
PYTHON = Path("/usr/bin/python3.11")
"""Debian's, as in the base image; one below a home cannot be read by others than its owner."""
COMMIT = "1a2b3c4d5e6f"
CONFINED = """
set -e
mount --make-rprivate /
mount --bind "$LAKE" "$LAKE"
mount -o remount,bind,ro /
mount -t tmpfs tmpfs /tmp
ip link set lo up
if touch "$TREE/probe" 2>/tmp/said; then exit 99; fi
cd /tmp
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
    env -i PATH="$TREE/newsbeam/bin:/usr/bin:/bin" HOME=/tmp PYTHONDONTWRITEBYTECODE=1 newsbeam "$@"
"""
"""Runs newsbeam as the image's user on a root that is read-only, with /tmp, the lake, and no network but loopback."""

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900)]


def build_steps() -> list[str]:
    """The commands of the Dockerfile's stage `build`, each on one line."""
    (stage,) = re.findall(r"^FROM \S+ AS build\n(.*?)^FROM ", DOCKERFILE, re.M | re.S)
    return [re.sub(r"\\\n\s*", "", step) for step in re.findall(r"^RUN ((?:.*\\\n)*.*)", stage, re.M)]


def copy_context(folder: Path) -> None:
    """Copy what .dockerignore lets in, of the files that git knows."""
    ignore = (ROOT / ".dockerignore").read_text()
    let_in = [Path(line[1:]) for line in ignore.splitlines() if line.startswith("!")]
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in map(Path, listed.splitlines()):
        if any(path.is_relative_to(one) for one in let_in):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    """A folder with `newsbeam`, which is the image's /opt/newsbeam, made by the Dockerfile's own commands."""
    if os.geteuid() or not all(map(shutil.which, ("unshare", "setpriv", "ip"))) or not PYTHON.exists():
        pytest.skip(f"only for root, with unshare, setpriv, ip and {PYTHON}")
    if subprocess.run([PYTHON, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        pytest.skip(f"{PYTHON} cannot make environments: python3-venv is not installed")
    if subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces may be made here")
    folder = Path(mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        copy_context(folder / "src")
        (folder / "bin").mkdir()
        (folder / "bin/python").symlink_to(PYTHON)
        env = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}", "COMMIT": COMMIT}
        for step in build_steps():
            here = step.replace("/opt/", f"{folder}/").replace("/tmp/wheel", f"{folder}/wheel")
            done = subprocess.run(
                ["sh", "-c", here], cwd=folder / "src", env=env, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (step, done.stderr[-4_000:])
        yield folder
    finally:
        shutil.rmtree(folder)


def confined(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    lake = tree / "lake"
    lake.mkdir(exist_ok=True)
    os.chown(lake, 10001, 10001)
    command = ["unshare", "--mount", "--net", "sh", "-c", CONFINED, "sh", *arguments]
    env = os.environ | {"TREE": str(tree), "LAKE": str(lake)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)


def test_what_the_image_holds_runs_as_its_user_on_a_read_only_root(tree: Path) -> None:
    assert len(build_steps()) == 2
    named = confined(tree, "--version")
    assert re.match(rf"newsbeam \S+, commit {COMMIT}\nPython 3\.11\.\d+, apache-beam ", named.stdout), named.stderr
    assert list(tree.glob("newsbeam/lib/*/site-packages/newsbeam-*/licenses/NOTICE"))

    done = confined(tree, "demo", "--output", str(tree / "lake/demo"))
    assert done.returncode == 0, done.stderr[-4_000:]
    [found, expected] = map(int, re.findall(r"articles found +(\d+) of (\d+), and 0 that are none", done.stdout)[0])
    assert found == expected > 140
    assert {path.stat().st_uid for path in (tree / "lake/demo").rglob("*")} == {10001}
