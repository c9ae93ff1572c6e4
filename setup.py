"""What Beam's ``--setup_file`` asks for, and the commit that a package is built from; all else is in pyproject.toml."""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

_ROOT = Path(__file__).resolve().parent
_FILE = "pipelines/COMMIT"
"""Read by transforms/common/this_code.py. An sdist has it; a checkout never does."""


def _write_commit(folder: str) -> None:
    """Put the commit where a package is being built, if someone knows it: an sdist, the caller, or git."""
    known = os.environ.get("NEWSBEAM_COMMIT", "")
    if (_ROOT / _FILE).exists():
        known = (_ROOT / _FILE).read_text()
    elif not known and (_ROOT / ".git").exists():
        ask = ["git", "-C", str(_ROOT), "describe", "--always", "--exclude=*", "--abbrev=12", "--dirty=-changed"]
        try:
            known = subprocess.run(ask, capture_output=True, text=True, check=False).stdout  # noqa: S603
        except OSError:  # no git here: a package that does not know its commit
            known = ""
    if known.strip():
        (Path(folder) / _FILE).write_text(known.strip() + "\n")


class _BuildWithCommit(build_py):
    def run(self) -> None:
        if not self.editable_mode:  # an earlier build leaves modules there that are no more, and its commit
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            _write_commit(self.build_lib)


class _SdistWithCommit(sdist):
    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        _write_commit(base_dir)


setup(cmdclass={"build_py": _BuildWithCommit, "sdist": _SdistWithCommit})
