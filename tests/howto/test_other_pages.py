"""Pages of docs/ that are followed as those of docs/howto are, over a lake of the newsroom's three feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsroom import Newsroom
from tests.command import newsbeam
from tests.followed_page import follow
from tests.howto.pages import EXAMPLES, ROOT, given

RUN_SHOWN = "20260302T090000.000000Z"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_looking_after_a_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/lake_care.md").read_text()
    with Newsroom(slow_s=0) as room:
        variables = given(room, tmp_path)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        done = newsbeam("ingest", "--feeds", "feeds.opml", "--output", "lake", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        story = next(one.url for one in room.truth() if "//127.0.0.12:" in one.url and one.outcome == "article")
    [run] = (path.stem for path in (tmp_path / "lake/runs").glob("*.json"))
    for shown, real in ((RUN_SHOWN, run), (EXAMPLES["story"], story), (EXAMPLES["domain"], " 127.0.0.13 ")):
        assert shown in page
        page = page.replace(shown, real)
    printed = follow(page, tmp_path, variables)
    assert '"output": "lake"' in printed
    assert "the publisher objects" in printed
    assert printed.count("The lake is whole") >= 2
