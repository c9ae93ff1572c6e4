"""Packages of newsbeam know their commit and version wherever they are built, and hold all that the command needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.deploy.test_image import copy_context

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
COMMIT = "pipelines/COMMIT"

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(600)]


def built(source: Path, output: Path, **env: str) -> Path:
    """The wheel of a source folder, without git's variables and with `env`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "NEWSBEAM_"))}
    wheel = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        output,
    ]
    done = subprocess.run([*wheel, source], env=ours | env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    (path,) = output.glob(f"newsbeam-{VERSION}-py3-none-any.whl")
    return path


def commit_of(wheel: Path) -> str | None:
    with zipfile.ZipFile(wheel) as files:
        return files.read(COMMIT).decode() if COMMIT in files.namelist() else None


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of newsbeam's packaged files with one commit."""
    folder = tmp_path / "checkout"
    copy_context(folder)
    own = ["git", "-C", folder, "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    for words in (["init", "--quiet"], ["add", "."], ["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "All"]):
        subprocess.run([*own, *words], check=True)
    return folder


def head(checkout: Path) -> str:
    ask = ["git", "-C", checkout, "rev-parse", "HEAD"]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout[:12]


def test_a_package_carries_the_commit_of_its_checkout_also_through_an_sdist(checkout: Path, tmp_path: Path) -> None:
    pack = [sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", tmp_path / "sdist"]
    subprocess.run(pack, cwd=checkout, capture_output=True, check=True)
    with tarfile.open(tmp_path / f"sdist/newsbeam-{VERSION}.tar.gz") as files:
        files.extractall(tmp_path / "unpacked", filter="data")
    assert not (checkout / COMMIT).exists(), "a checkout asks git"
    # A new commit around the unpacked sdist is not that of the sdist.
    source = tmp_path / f"unpacked/newsbeam-{VERSION}"
    subprocess.run(["git", "init", "--quiet", source], check=True)
    from_sdist = built(source, tmp_path / "one")
    assert commit_of(from_sdist) == f"{head(checkout)}\n"
    with zipfile.ZipFile(from_sdist) as files:
        inside = {name for name in files.namelist() if ".dist-info/" not in name}

    (checkout / "README.md").write_text("changed\n")
    (checkout / "build/lib/pipelines").mkdir(parents=True)
    (checkout / "build/lib/pipelines/gone.py").write_text("of an earlier build\n")
    from_checkout = built(checkout, tmp_path / "two")
    assert commit_of(from_checkout) == f"{head(checkout)}-changed\n"
    with zipfile.ZipFile(from_checkout) as files:
        assert {name for name in files.namelist() if ".dist-info/" not in name} == inside, "an sdist lacks no file"


def test_where_nobody_knows_the_commit_a_package_is_built_without_one_and_says_its_version(
    checkout: Path, tmp_path: Path
) -> None:
    assert commit_of(built(checkout, tmp_path / "one", PATH="/nowhere")) is None, "no git here"
    assert commit_of(built(checkout, tmp_path / "two", PATH="/nowhere", NEWSBEAM_COMMIT="1a2b3c4d5e6f")) == (
        "1a2b3c4d5e6f\n"
    )
    shutil.rmtree(checkout / ".git")
    wheel = built(checkout, tmp_path / "three")
    assert commit_of(wheel) is None
    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path / "installed")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r});"
        "from pipelines.cli import main; sys.exit(main(['--version']))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines()[0] == f"newsbeam {VERSION}", done.stderr
