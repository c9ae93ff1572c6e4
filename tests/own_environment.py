"""Python environments of their own, for programs and versions that the lock file does not hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def own_environment(needed: Path, folder: Path, python: str = sys.executable) -> Path:
    """The folder of the programs of an environment in `folder` with what the requirements file says; made once.

    `python` is the interpreter that it is made with.
    """
    done = folder / needed.name
    if not done.exists() or done.read_text() != needed.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True)
        install = ["pip", "install", "--quiet"]
        by_uv = [sys.executable, "-m", "uv", *install, "--python", folder / "bin/python", "-r", needed]
        if subprocess.run(by_uv, check=False).returncode:  # as in the Makefile: uv does not read pip.conf
            subprocess.run([folder / "bin/python", "-m", *install, "-r", needed], check=True)
        shutil.copy(needed, done)
    return folder / "bin"
