"""Makes the lake of a release: two runs of this version over the sample newsroom, an hour apart, into tests/lakes.

python -m tests.released_lake VERSION
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from newsroom import Newsroom
from tests.conftest import Desk

LAKES = Path(__file__).parent / "lakes"


def make(lake: Path) -> None:
    """Write the lake. Raises FileExistsError if it is there: a release's lake is never changed."""
    if lake.exists():
        raise FileExistsError(lake)
    with TemporaryDirectory() as folder, Newsroom(slow_s=0.01) as room:
        desk = Desk(room, Path(folder))
        desk.run()
        room.advance(hours=1)
        desk.run()
        # What names the process or the place that it was made by: the next run writes both anew.
        leave = shutil.ignore_patterns("lock", "lake.duckdb", "views.sql")
        shutil.copytree(desk.folder / "lake", lake, ignore=leave)


if __name__ == "__main__":
    make(LAKES / sys.argv[1])
