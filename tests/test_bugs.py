"""No page kills two runs: what a bug raises on it the first time fails the run, and is the page's failure the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

import pipelines.run.build_articles
import pipelines.run.build_page
from pipelines.run.ingest import ingest
from pipelines.run.ingest_runs import tallies_of
from pipelines.run.settings import IngestSettings
from pipelines.start_workers import PRELOAD
from schemas.draft import Draft
from schemas.failure import Failure, Reason, Stage
from schemas.feed import FeedSpec
from schemas.page import Page
from schemas.run import RunManifest
from tests.conftest import Desk
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.feeds.lists.feed_list import read_feed_list
from transforms.sandbox import BugError, Guarded, Sandbox
from transforms.web.http.guard import AddressGuard
from transforms.web.settings import HttpSettings

BUGS = ("worker", "row", "fingerprint", "sketch")
CRASHES = {
    "worker": "AttributeError in build_page.py",
    "row": "UnicodeEncodeError in table.py",
    "fingerprint": "ValueError in fingerprint.py",
    "sketch": "ValueError in weigh.py",
}


def bug_of(url_key: str) -> str | None:
    """Which bug a page meets: two in five meet one."""
    number = int(url_key[:8], 16) % 10
    return BUGS[number] if number < len(BUGS) else None


@dataclass(frozen=True, slots=True)
class BuggyBuild(pipelines.run.build_page.BuildPage):
    """Builds pages as ever, and lets some of them break, here and in later steps. Pickles into the workers."""

    only: str | None = None

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Draft:
        built = pipelines.run.build_page.BuildPage.__call__(self, page, plainly)
        match bug_of(page.url_key):
            case "worker":
                raise AttributeError("no such section")
            case "row":
                return replace(built, article=replace(built.article, headline="cut in half: \ud83d"))
            case "fingerprint":
                return replace(built, fingerprint=replace(built.fingerprint, keys=b"no hash"))
            case "sketch":
                return replace(built, sketch=replace(built.sketch, terms=b"no terms"))
        return built


def run(desk: Desk, specs: list[FeedSpec] | None = None) -> RunManifest:
    settings = IngestSettings(
        http=HttpSettings(host_delay_s=0.01),
        guard=AddressGuard(("127.0.0.0/8",)),
        sandbox=Sandbox(preload=PRELOAD),
        max_pages=40,
    )
    specs = read_feed_list(desk.feeds.read_bytes(), "feeds.opml") if specs is None else specs
    return ingest(specs, str(desk.folder / "lake"), settings)


def stored_keys(desk: Desk) -> set[str]:
    return {row["url_key"] for row in desk.stored("pages")}


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_pages_that_failed_a_run_by_bugs_are_crash_failures_of_the_next_and_all_others_articles(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = BuggyBuild()
    carefully = Guarded(pipelines.run.build_page.BuildCarefully(build), (ExtractError,))
    builders = replace(
        pipelines.run.build_articles.builders_of(IngestSettings()),
        build=BuildTwice(build, build),
        carefully=BuildTwice(carefully, carefully),
    )
    monkeypatch.setattr(pipelines.run.build_articles, "builders_of", lambda settings: builders)
    with pytest.raises(Exception, match=r"no such section|can't encode|multiple of"):
        run(desk)
    assert not list((desk.folder / "lake").glob("runs/*")), "a bug fails the run in which it first shows"
    assert len(stored_keys(desk)) == 40

    manifest = run(desk, specs=[])
    crashed = {row["url_key"]: row for row in desk.rows("failures") if row["reason"] == "crash"}
    assert {key: bug_of(key) for key in crashed} == {key: bug for key in stored_keys(desk) if (bug := bug_of(key))}
    assert len(crashed) > 5
    for key, row in crashed.items():
        assert row["message"].startswith(CRASHES[bug_of(key) or ""]), row["message"]
    assert manifest.counts["attention.crashed_pages"] == len(crashed)
    assert manifest.attention == (f"{len(crashed)} page(s) that a bug kept from being built are crash failures now",)
    assert manifest.tables["articles"] + sum(manifest.reasons.values()) == 40, "every other page is an article"

    monkeypatch.undo()
    after = run(desk, specs=[])
    assert after.attention == ()
    assert after.counts.get("pages.adopted", 0) == 0


def test_a_crash_on_what_a_server_sent_is_counted_and_one_of_a_worker_is_not() -> None:
    def tallies(stage: Stage, reason: Reason) -> dict[str, int]:
        failure = Failure(stage, reason, "", "page", "https://example.org/a", 0, "run")
        return dict.fromkeys(tallies_of(failure), 1)

    assert tallies(Stage.PAGES, Reason.CRASH)["attention.crashed_pages"] == 1
    assert not [name for name in tallies(Stage.PAGES, Reason.TIMEOUT) if name.startswith("attention")]
    assert not [name for name in tallies(Stage.EXTRACT, Reason.CRASH) if name.startswith("attention")]


def break_furniture(drafts: list[tuple[Draft, frozenset[int]]], **options: Any) -> list[Draft | BugError]:
    """Finishes drafts as a worker does, with a bug in it."""
    pipelines.run.build_page.without_furniture = broken
    return pipelines.run.build_page.finish_drafts(drafts, **options)


def broken(draft: Draft, furniture: frozenset[int], *_: Any) -> Draft:
    raise ZeroDivisionError(f"{len(furniture)} lines")


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_a_bug_behind_the_worker_costs_the_pages_that_meet_it_as_well(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines.run.build_articles, "finish_drafts", break_furniture)
    with pytest.raises(Exception, match=r"\d lines"):
        run(desk)
    manifest = run(desk, specs=[])
    crashed = [row for row in desk.rows("failures") if row["reason"] == "crash"]
    assert 0 < len(crashed) < 40
    assert {row["message"].partition(" in ")[0] for row in crashed} == {"ZeroDivisionError"}
    assert {row["url_key"] for row in crashed} < stored_keys(desk)
    assert manifest.counts["attention.crashed_pages"] == len(crashed)
    assert manifest.tables["articles"] > 0
