"""What tests in a browser share: the tools, and what is seen of a page."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import axe, browser, environment

Seen = dict[str, Any]


@pytest.fixture(scope="session")
def look_at() -> Callable[[Path], Seen]:
    """Looks at a page; skips where the browser or its tools cannot be had."""
    programs = browser()
    if programs is None:
        pytest.skip("chromium and chromium-driver are missing: make test-browser installs them")
    try:
        python, checker = environment() / "python", axe()
    except subprocess.CalledProcessError:
        pytest.skip("selenium or axe-core cannot be had here")
    if checker is None:
        pytest.skip("npm is missing, so axe-core cannot be fetched")
    script = Path(__file__).parent / "look.py"

    def look(page: Path) -> Seen:
        command = [python, script, *programs, checker, page]
        done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return dict(json.loads(done.stdout))

    return look
