"""The report page and `check` of a lake in an object store are those of the same files on a disk."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.run import iso
from tests.command import newsbeam
from tests.handmade_lakes import eventful_lake
from tests.rows import NOON_US


def test_a_lake_in_a_store_is_told_and_judged_as_on_a_disk(bucket: Path, tmp_path: Path) -> None:
    lakes = f"s3://{bucket.name}/lake", eventful_lake(bucket / "lake")
    pages, judged = [], []
    for number, lake in enumerate(lakes):
        file = tmp_path / f"{number}.html"
        done = newsbeam("report", "--output", lake, "--html", str(file))
        assert (done.returncode, done.stderr) == (0, "")
        pages.append(file.read_text(encoding="utf-8").replace(lake, "lake"))
        done = newsbeam("check", "--output", lake, "--json", "--now", iso(NOON_US))
        assert done.stderr == ""
        assert done.returncode == 4
        judged.append([one for one in json.loads(done.stdout)["findings"] if one["rule"] != "disk"])
    assert pages[0] == pages[1]
    assert len(judged[0]) == 5
    assert judged[0] == judged[1]
