"""Articles made anew from stored pages: what changes, what never does, and what readers see meanwhile."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import pipelines.run.rebuild.decide_range
import pipelines.run.rebuild.extract_range
from newsroom import Answer, Newsroom
from pipelines.run.build_page import BuildPage
from pipelines.run.rebuild.decide_range import windows_of
from schemas.article import ARTICLES
from schemas.draft import Draft
from schemas.failure import FAILURES, Reason
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES, Page
from schemas.run import new_run_id
from schemas.site import SITES
from schemas.story import STORIES
from schemas.table import Table
from tests.command import newsbeam
from tests.conftest import Desk
from transforms.common.clock import HOUR_US
from transforms.extract.build_twice import BuildTwice
from transforms.extract.extract_article import Extracted
from transforms.extract.extract_drafts import Builders
from transforms.extract.extract_error import ExtractError, Plainly
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.editions.rebuild.range import StoredPage
from transforms.lake.files.layout import run_of
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.sandbox import Guarded

pytestmark = [pytest.mark.upkeep, pytest.mark.timeout(300)]

PAGES_OF = ("127.0.0.11", "127.0.0.12", "127.0.0.14")
"""An agency, a paper that edits a page an hour later, and a weekly whose first pages do not tell its furniture."""
WALLED = "/2026/03/02/seaweed-brick-factory/"
THIRD_US = 1_772_496_000_000_000  # 2026-03-03T00:00:00Z
_WALL = b"<html><body><h1>Before you continue</h1><p>We use cookies. Accept all to read on.</p></body></html>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A lake of three runs, an hour apart, the last one on the next day; one page was behind a wall."""
    with Newsroom(start_us=THIRD_US - 3 * HOUR_US // 2, slow_s=0.01) as room:
        desk = Desk(room, tmp_path_factory.mktemp("desk"))
        feeds = [url for url in room.feeds if any(f"//{host}:" in url for host in PAGES_OF)]
        desk.feeds = desk.folder / "feeds.txt"
        desk.feeds.write_text("\n".join(feeds))
        room.script(f"{PAGES_OF[1]}{WALLED}", Answer(200, (("Content-Type", "text/html"),), _WALL))
        for hour in range(3):
            if hour:
                room.advance(hours=1)
            desk.run()
        yield desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """The same desk with a copy of the lake."""
    shutil.copytree(made.folder / "lake", tmp_path / "lake")
    desk = Desk(made.room, tmp_path)
    desk.feeds = made.feeds
    return desk


def rebuilt(desk: Desk, *more: str, status: int = 0) -> dict[str, Any]:
    done = newsbeam("rebuild", "--output", str(desk.folder / "lake"), "--json", "--extract_workers", "2", *more)
    assert done.returncode == status, done.stderr[-4_000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def rows(desk: Desk, table: Table[Any] = ARTICLES) -> list[Any]:
    """The committed rows."""
    storage = Storage(str(desk.folder / "lake"))
    return [row for path in committed(storage).parts(table) for row in PartReader(storage).rows(table, path)]


def by_revision(desk: Desk) -> dict[tuple[str, int], Any]:
    found = {(row.article_id, row.revision): row for row in rows(desk)}
    assert len(found) == len(rows(desk)), "no revision twice"
    return found


def first_seen(found: Mapping[tuple[str, int], Any]) -> dict[tuple[str, int], tuple[Any, ...]]:
    return {key: (row.run_id, row.ingested_at_us, row.fetched_at_us, row.url) for key, row in found.items()}


def files(lake: Path) -> dict[str, bytes]:
    """All files but the lock."""
    found = {str(path.relative_to(lake)): path.read_bytes() for path in sorted(lake.rglob("*")) if path.is_file()}
    return {path: data for path, data in found.items() if "_state/lock/" not in path}


def data_by_partition(desk: Desk, table: Table[Any]) -> dict[str, list[bytes]]:
    storage = Storage(str(desk.folder / "lake"))
    found: dict[str, list[bytes]] = {}
    for path in committed(storage).parts(table):
        found.setdefault(path.rpartition("/")[0], []).append(storage.get(path))
    return found


@dataclass(frozen=True, slots=True)
class NewBuild(BuildPage):
    """A later extractor: the last paragraph of each text is left out; some pages meet other things."""

    mended: str = "-"
    walled: str = "-"
    breaks: str = "-"
    body_stays: bool = False

    def __call__(self, page: Page, plainly: Plainly | None = None) -> Draft:
        if page.url.endswith(self.walled):
            raise ExtractError(Reason.WALL, "a wall, as we know now")
        if page.url.endswith(self.breaks):
            raise AttributeError("a bug of the new version")
        if page.url.endswith(self.mended):
            text = "".join(
                f"<p>Bricks of seaweed stand in the yard, row {n}, to dry in the wind.</p>" for n in range(9)
            )
            html = f"<html><body><article><h1>Seaweed bricks</h1>{text}</article></body></html>"
            page = replace(page, body=html.encode())
        return BuildPage.__call__(self, page, plainly)

    def cleaned(self, page: Page, plainly: Plainly | None = None) -> Extracted:
        made = BuildPage.cleaned(self, page, plainly)
        if self.body_stays:
            return made
        body = made.article.article_body
        return made._replace(article=replace(made.article, article_body=body.rpartition("\n")[0] or body))


def use(monkeypatch: pytest.MonkeyPatch, build: NewBuild) -> None:
    carefully = Guarded(build, (ExtractError,))
    twice = BuildTwice(carefully, carefully)
    builders = Builders(twice, twice, carefully)
    monkeypatch.setattr(pipelines.run.rebuild.extract_range, "careful_builders", lambda settings: builders)


def test_a_dry_run_tells_what_would_change_with_examples_and_writes_nothing(desk: Desk) -> None:
    before = files(desk.folder / "lake")
    done = newsbeam("rebuild", "--output", str(desk.folder / "lake"), "--dry_run", "--examples", "1")
    assert done.returncode == 0, done.stderr[-4_000:]
    assert files(desk.folder / "lake") == before
    assert f"{len(rows(desk, PAGES))} pages would be built anew\n" in done.stdout
    assert f"{len(rows(desk)) - 2} articles are the same\n" in done.stdout
    assert "2 articles changed (body 2, copies 2, other 2)\n" in done.stdout
    assert done.stdout.count("[body] http") == 1
    assert "\n  - Nordpress is an independent news agency" in done.stdout
    assert "gone" not in done.stdout
    assert done.stdout.endswith("Dry run: nothing was changed.\n")


def test_with_the_same_code_only_what_later_pages_taught_changes_and_a_second_rebuild_changes_nothing(
    desk: Desk,
) -> None:
    before = by_revision(desk)
    old = committed(Storage(str(desk.folder / "lake"))).parts(ARTICLES)
    told = rebuilt(desk)
    after = by_revision(desk)
    assert first_seen(after) == first_seen(before)
    assert max(revision for _, revision in after) == 2
    changed = {key for key in after if after[key] != before[key]}
    assert len(changed) == told["counts"]["changed"] == 2
    for key in changed:
        assert f"//{PAGES_OF[2]}:" in after[key].url, "the weekly's first pages"
        furniture = set(before[key].article_body.split("\n")) - set(after[key].article_body.split("\n"))
        assert [line[:9] for line in furniture] == ["Nordpress"]
        assert furniture <= {one.text for one in after[key].removed if one.reason == "site"}
    storage = Storage(str(desk.folder / "lake"))
    assert not set(committed(storage).parts(ARTICLES)) & set(old)
    assert all(map(storage.exists, old)), "for readers that have begun"
    assert check_state(committed(storage), thoroughly=True).damaged == ()

    first = files(desk.folder / "lake")
    written = {path: (desk.folder / "lake" / path).stat().st_mtime_ns for path in first}
    again = rebuilt(desk)
    assert again["counts"]["same"] == len(after)
    assert again["edition"] is None
    assert files(desk.folder / "lake") == first, "no edition"
    assert {path: (desk.folder / "lake" / path).stat().st_mtime_ns for path in first} == written
    text = newsbeam("rebuild", "--output", str(desk.folder / "lake"), "--extract_workers", "2")
    assert text.stdout.endswith("All rows are as they were: the lake stays as it is.\n")

    def kept_of_articles() -> list[object]:
        prints = [(row.page_id, row.revision, row.cluster_id, row.content_hash) for row in rows(desk, FINGERPRINTS)]
        return [sorted(prints), sorted((row.page_id, row.story_id) for row in rows(desk, STORIES))]

    kept, learned = kept_of_articles(), len(rows(desk, SITES))
    for table in (FINGERPRINTS, STORIES, SITES):
        for path in committed(storage).parts(table):
            if told["edition"] in path:
                storage.delete(path)
    assert newsbeam("repair", "--output", str(desk.folder / "lake")).returncode == 0
    assert kept_of_articles() == kept, "state of the newest edition is rebuilt from the articles"
    assert len(rows(desk, SITES)) == learned

    desk.feeds = desk.folder / "more.txt"
    desk.feeds.write_text(desk.room.sitemaps[0])
    assert desk.run()["counts"]["articles.article"] > 10
    now = by_revision(desk)
    assert {key: now[key] for key in after} == after
    ids = {article_id for article_id, _ in after}
    assert {row.relation for row in now.values() if row.article_id not in ids and row.duplicate_of in ids} > {"near"}


def test_a_new_extractor_changes_texts_and_no_id_revision_or_first_sight(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    use(monkeypatch, NewBuild())
    told = rebuilt(desk)
    after = by_revision(desk)
    assert first_seen(after) == first_seen(before)
    shorter = [key for key in after if len(after[key].article_body) < len(before[key].article_body)]
    assert told["counts"]["changed_body"] == len(shorter) > 0.7 * len(before)
    prints = {(row.article_id, row.revision): row.content_hash for row in rows(desk, FINGERPRINTS)}
    assert prints == {key: row.content_hash for key, row in after.items()}


def test_articles_whose_pages_are_gone_stay_as_they_are_and_are_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    storage = Storage(str(desk.folder / "lake"))
    second_run = committed(storage).runs[1]
    gone = [path for path in committed(storage).parts(PAGES) if second_run in path]
    assert gone
    for path in gone:
        storage.delete(path)
    use(monkeypatch, NewBuild())
    told = rebuilt(desk)
    after = by_revision(desk)
    stayed = {key: row for key, row in after.items() if row.run_id == second_run}
    assert stayed == {key: row for key, row in before.items() if row.run_id == second_run} != {}
    assert told["counts"]["kept_without_page"] == len(stayed)
    assert first_seen(after) == first_seen(before)
    prints = {(row.article_id, row.revision): row.content_hash for row in rows(desk, FINGERPRINTS)}
    assert prints == {key: row.content_hash for key, row in after.items()}


def test_only_failures_of_a_reason_are_built_and_those_that_are_mended_are_rows_of_the_run_that_fetched_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    [failure] = [row for row in rows(desk, FAILURES) if row.stage == "extract"]
    assert failure.input.endswith(WALLED)
    others = [row for row in rows(desk, FAILURES) if row != failure]
    assert rebuilt(desk, "--from", "failures", "--reason", "timeout")["edition"] is None
    use(monkeypatch, NewBuild(mended=WALLED))
    told = rebuilt(desk, "--from", "failures", "--reason", failure.reason)
    counts = told["counts"]
    assert (counts["pages"], counts["new"], counts["failures_mended"], counts["gone"]) == (1, 1, 1, 0)
    after = by_revision(desk)
    [key] = after.keys() - before.keys()
    assert {one: after[one] for one in before} == before
    assert after[key].url.endswith(WALLED)
    assert (after[key].run_id, after[key].revision) == (failure.run_id, 1)
    assert "row 6, to dry" in after[key].article_body
    assert sorted(map(repr, rows(desk, FAILURES))) == sorted(map(repr, others))
    assert rebuilt(desk, "--from", "failures")["counts"]["pages"] == 0


def test_a_page_that_gives_no_article_any_more_is_a_failure_of_its_run_until_it_is_mended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    [gone] = [row for row in before.values() if row.url.endswith("lapland-trains-brake-for-reindeer/")]
    use(monkeypatch, NewBuild(walled="lapland-trains-brake-for-reindeer/", body_stays=True))
    told = rebuilt(desk)
    assert (told["counts"]["gone"], told["counts"]["gone_wall"]) == (1, 1)
    assert before.keys() - by_revision(desk).keys() == {(gone.article_id, 1)}
    [failure] = [row for row in rows(desk, FAILURES) if row.input == gone.url]
    assert (failure.run_id, failure.reason, failure.host) == (gone.run_id, "wall", gone.url.split("/")[2])
    before_the_second = files(desk.folder / "lake")
    assert rebuilt(desk)["edition"] is None, "it fails as it did"
    assert files(desk.folder / "lake") == before_the_second
    monkeypatch.undo()
    told = rebuilt(desk)
    assert told["edition"] is not None
    assert (told["counts"]["new"], told["counts"]["failures_mended"]) == (1, 1)
    assert first_seen(by_revision(desk)).keys() == before.keys()
    assert [row for row in rows(desk, FAILURES) if row.input == gone.url] == []


def test_a_bug_of_the_new_version_costs_no_article(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = by_revision(desk)
    use(monkeypatch, NewBuild(breaks="council-tax-letter-error/"))
    told = rebuilt(desk, status=3)
    broken = {key for key, row in before.items() if row.url.endswith("council-tax-letter-error/")}
    assert len(broken) == 2, "it was edited"
    assert told["counts"]["kept_after_an_accident"] == 2
    after = by_revision(desk)
    assert after.keys() == before.keys()
    assert {key: after[key] for key in broken} == {key: before[key] for key in broken}
    assert {(row.article_id, row.revision) for row in rows(desk, FINGERPRINTS)} == after.keys()


def test_a_rebuild_of_some_days_leaves_what_came_later_and_does_not_look_at_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    assert rebuilt(desk, "--since", "2030-01-01")["counts"]["pages"] == 0
    later = {key: row for key, row in before.items() if row.fetched_at_us >= THIRD_US}
    told = rebuilt(desk, "--since", "2026-03-03")
    assert told["counts"]["articles"] == told["counts"]["same"] == len(later) > 0, "decided by what was before"
    use(monkeypatch, NewBuild())
    told = rebuilt(desk, "--until", "2026-03-03")
    after = by_revision(desk)
    assert first_seen(after) == first_seen(before)
    assert {key: after[key] for key in later} == later
    assert told["counts"]["changed_body"] > 30
    assert told["counts"]["kept_without_page"] == 0
    pages = [row for row in rows(desk, PAGES) if row.fetched_at_us < THIRD_US]
    assert told["counts"]["pages"] == len(pages) < len(rows(desk, PAGES))


def test_rounds_decided_one_by_one_give_the_rows_that_their_runs_gave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_revision(desk)
    state = {table.name: sorted(map(repr, rows(desk, table))) for table in (FINGERPRINTS, STORIES)}
    one_by_one = partial(windows_of, window_pages=1)
    monkeypatch.setattr(pipelines.run.rebuild.decide_range, "windows_of", one_by_one)
    assert rebuilt(desk)["counts"]["same"] == len(before)
    assert by_revision(desk) == before
    assert {table.name: sorted(map(repr, rows(desk, table))) for table in (FINGERPRINTS, STORIES)} == state


def test_windows_are_whole_rounds_of_bounded_size_and_not_longer_than_the_horizon() -> None:
    rounds = [new_run_id(THIRD_US + hour * HOUR_US, None) for hour in (0, 1, 2, 50)]
    pages = {f"{at} {number}": StoredPage(run, str(number)) for at, run in enumerate(rounds) for number in range(3)}
    assert [window.rounds for window in windows_of(pages, 60 * HOUR_US)] == [tuple(rounds)]
    assert [window.rounds for window in windows_of(pages, 24 * HOUR_US)] == [tuple(rounds[:3]), (rounds[3],)]
    assert [window.rounds for window in windows_of(pages, 60 * HOUR_US, 4)] == [tuple(rounds[:2]), tuple(rounds[2:])]
    assert [window.rounds for window in windows_of(pages, 0)] == [(one,) for one in rounds]
    assert {page for window in windows_of(pages, 60 * HOUR_US, 4) for page in window.page_ids} == pages.keys()


class Killed(BaseException):
    """What ends a rebuild in the midst."""


def test_a_rebuild_that_is_killed_has_not_happened_and_the_next_one_does_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = desk.folder / "lake"
    before, left = by_revision(desk), files(lake)
    for at in ("_state/drafts/", "articles/", "_state/replaced/", "editions/"):
        with monkeypatch.context() as patch:
            for name in ("put", "put_file"):
                patch.setattr(Storage, name, _killed(getattr(Storage, name), at))
            with suppress(Killed):
                newsbeam("rebuild", "--output", str(lake))
        assert by_revision(desk) == before
        assert {path: data for path, data in files(lake).items() if path in left} == left
    assert rebuilt(desk)["counts"]["changed"] == 2
    assert first_seen(by_revision(desk)) == first_seen(before)
    storage = Storage(str(lake))
    held = committed(storage)
    known = {*held.runs, *held.editions}
    assert {run_of(path) for path in storage.list() if run_of(path) is not None} == known
    assert check_state(committed(storage), thoroughly=True).damaged == ()


def _killed(write: Callable[[Storage, str, Any], None], at: str) -> Callable[[Storage, str, Any], None]:
    def killed(storage: Storage, path: str, data: Any) -> None:
        if path.startswith(at):
            raise Killed
        write(storage, path, data)

    return killed


def test_a_mistake_is_one_line_and_a_held_lake_is_told(desk: Desk) -> None:
    lake = str(desk.folder / "lake")
    for given, said in (
        (["--since", "2026-03-02", "--until", "2026-03-01"], "lies not after --since"),
        (["--reason", "wall"], "give --from failures too"),
        (["--from", "failures", "--reason", "wal"], "did you mean wall?"),
        (["--since", "monday"], "is no time: write it like 2026-03-02"),
        (["--exmples", "2"], "did you mean --examples?"),
    ):
        done = newsbeam("rebuild", "--output", lake, *given)
        assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1), done.stderr
    done = newsbeam("rebuild", "--output", str(desk.folder / "nowhere"))
    assert done.returncode in (1, 2)
    assert not (desk.folder / "nowhere").exists()
    with lake_lock(Storage(lake), "another"):
        done = newsbeam("rebuild", "--output", lake)
    assert done.returncode == 75


def test_a_lake_of_an_earlier_release_gets_todays_columns(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "lakes/0.1.0", tmp_path / "lake")
    with Newsroom(slow_s=0.01) as room:
        desk = Desk(room, tmp_path)
    before = by_revision(desk)
    told = rebuilt(desk)
    after = by_revision(desk)
    stayed = before.keys() & after.keys()
    assert len(stayed) > 0.95 * len(before), told["counts"]
    assert {key: first_seen(after)[key] for key in stayed} == {key: first_seen(before)[key] for key in stayed}
    assert None not in {row.page_kind for row in after.values()}
