"""Makes the pictures of docs/report.md anew, from the demo's lake: ``python -m tests.browser.pictures``."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests.browser.chromium import axe, browser, environment
from tests.command import newsbeam

_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_PLACE: Final = "lateness"


def main() -> None:
    """Run the demo, write the report of its lake, and make a picture of it in light and in dark."""
    programs, checker = browser(), axe()
    assert programs is not None, "chromium and chromium-driver are missing"
    script = Path(__file__).parent / "look.py"
    with tempfile.TemporaryDirectory() as folder:
        assert newsbeam("demo", folder=Path(folder)).returncode == 0
        given = ("report", "--output", "demo-lake/lake", "--html", "report.html")
        assert newsbeam(*given, folder=Path(folder)).returncode == 0
        for scheme in ("light", "dark"):
            target = _DOCS / f"report_{scheme}.png"
            page = Path(folder) / "report.html"
            command = [environment() / "python", script, *programs, checker or "-", page, "--picture", target]
            subprocess.run([*command, scheme, _PLACE], check=True)
            print(target, target.stat().st_size)


if __name__ == "__main__":
    main()
