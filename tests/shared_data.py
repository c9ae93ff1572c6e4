"""Where the optional development data lies; tests that use it are skipped where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

_candidate = Path(os.environ.get("NEWSBEAM_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SHARED: Path | None = _candidate if (_candidate / "data").is_dir() else None
