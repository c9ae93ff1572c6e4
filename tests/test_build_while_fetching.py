"""Articles are built while later pages are still being fetched."""

from __future__ import annotations

import time
from pathlib import Path

from pipelines.run.ingest import ingest
from pipelines.run.settings import IngestSettings
from schemas.draft import DRAFTS
from schemas.feed import FeedSpec
from tests.web_server import Answer, Asked, running_server
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

SENTENCE = "The harbour office counted more boats in the spring than in all of the year before, said the keeper. "
PAGE = f"<html><title>Boats</title><article><h1>Boats</h1><p>{SENTENCE * 6}</p></article></html>".encode()
HTML = {"Content-Type": "text/html"}
PATIENCE_S = 15.0


def test_the_first_stored_pages_are_built_before_the_last_page_has_arrived(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    asked: list[int] = []
    built_by_then: list[bool] = []

    def page(_: Asked) -> Answer:
        """The first page at once; the last, whichever of the two that is, waits until a draft file is there."""
        asked.append(1)
        if len(asked) == 1:
            return Answer(200, PAGE, HTML)
        end_s = time.monotonic() + PATIENCE_S
        while not any(lake.glob(f"**/{DRAFTS.name}/**/*.parquet")) and time.monotonic() < end_s:
            time.sleep(0.02)
        built_by_then.append(any(lake.glob(f"**/{DRAFTS.name}/**/*.parquet")))
        return Answer(200, PAGE.replace(b"Boats", b"Ships"), HTML)

    with running_server() as web:
        for path in ("/one", "/other"):
            web.on(path, page)
        items = "".join(f"<item><title>T</title><link>{web.url(path)}</link></item>" for path in ("/one", "/other"))
        web.on("/feed", Answer(200, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()))
        settings = IngestSettings(
            http=HttpSettings(host_delay_s=0.0, retries=0),
            guard=AddressGuard(("127.0.0.0/8",)),
            page_flush_s=0.0,
        )
        manifest = ingest([FeedSpec(web.url("/feed"))], str(lake), settings)

    assert built_by_then == [True]
    assert manifest.tables["articles"] == 2
