"""`newsbeam backfill` as a user runs it: the pages of archives are as if they had been fetched."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.pvalue import PCollection

from newsroom import Newsroom
from schemas.run import iso
from tests.command import newsbeam
from tests.committed_rows import committed_rows as rows
from tests.conftest import Desk
from tests.warc_files import HTML, answer, member, record, records_of, write
from transforms.lake.commit_run import CommitRun
from transforms.lake.kept import Kept
from transforms.web.urls import url_key

pytestmark = pytest.mark.upkeep

OF_THE_RUN = {"run_id", "fetched_at", "ingested_at", "failed_at"}
OF_THE_FEED = {"feed_url", "feed_title", "entry_id", "entry_title", "entry_summary", "entry_published"}
NOW = "2026-03-03T12:00:00Z"


def backfill(lake: Path, *warc: str | Path, more: Sequence[str] = (), now: str = NOW) -> dict[str, Any]:
    """What a backfill says that was committed."""
    done = ended(lake, *warc, more=more, now=now)
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def ended(lake: Path, *warc: str | Path, more: Sequence[str] = (), now: str = NOW) -> subprocess.CompletedProcess[str]:
    return newsbeam(
        "backfill",
        "--warc",
        *map(str, warc),
        "--output",
        str(lake),
        "--now",
        now,
        "--json",
        "--log_format",
        "json",
        *more,
    )


def content(lake: Path, table: str, without: set[str] | None = None) -> list[dict[str, Any]]:
    """The rows without what a run decides, in an order of their own."""
    left_out = OF_THE_RUN | (without or set())
    return sorted(({name: row[name] for name in row if name not in left_out} for row in rows(lake, table)), key=repr)


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that fetched its pages from the newsroom."""
    folder = tmp_path_factory.mktemp("fetched")
    with Newsroom(slow_s=0.0) as room:
        desk = Desk(room, folder)
        desk.run("lake")
        (folder / "now").write_text(iso(room.now_us))
    return folder / "lake"


@pytest.fixture(scope="module")
def now(fetched: Path) -> str:
    return (fetched.parent / "now").read_text()


def test_pages_of_an_archive_with_their_feed_facts_give_the_articles_of_the_fetched_ones(
    fetched: Path, now: str, tmp_path: Path
) -> None:
    """Over three files of three forms, by reference and by value, in one run and in several."""
    stored = sorted(rows(fetched, "pages"), key=lambda row: row["url_key"])
    for number, form in enumerate(("plain", "gzip", "zstd")):
        path = tmp_path / f"crawl/part-{number}.warc{ {'plain': '', 'gzip': '.gz', 'zstd': '.zst'}[form] }"
        write(path, records_of(stored[number::3], with_facts=True), form)
    said = backfill(tmp_path / "one", tmp_path / "crawl/*.warc*", now=now)
    several = backfill(
        tmp_path / "several", tmp_path / "crawl/*.warc*", more=["--max_run_pages", "1", "--store_pages"], now=now
    )

    assert (len(said["runs"]), len(several["runs"])) == (1, 3)
    assert said["counts"]["records.page"] == several["counts"]["records.page"] == len(stored)
    assert content(tmp_path / "one", "articles") == content(fetched, "articles")
    assert {row["article_id"] for row in rows(tmp_path / "several", "articles")} == {
        row["article_id"] for row in rows(fetched, "articles")
    }
    by_key = {row["url_key"]: row for row in stored}
    for lake, is_stored in (("one", False), ("several", True)):
        for row in rows(tmp_path / lake, "pages"):
            former = by_key[row["url_key"]]
            assert row["body"] == (former["body"] if is_stored else b"")
            assert row["fetched_at"] == former["fetched_at"]
            assert row["headers"] == former["headers"]
            assert row["status_line"] == "HTTP/1.1 200 OK"
            data = Path(row["warc_file"]).read_bytes()
            assert row["warc_offset"] + row["warc_length"] <= len(data)
    failures = [row for row in rows(fetched, "failures") if row["stage"] == "extract"]
    assert [row["input"] for row in content(tmp_path / "one", "failures")] == sorted(row["input"] for row in failures)


def test_an_exported_lake_comes_back_with_its_pages_and_articles(fetched: Path, now: str, tmp_path: Path) -> None:
    exported = newsbeam("export", "pages", "--output", str(fetched), "--warc", str(tmp_path / "all.warc.gz"))
    assert exported.returncode == 0, exported.stderr
    said = backfill(tmp_path / "back", tmp_path / "all.warc.gz", more=["--store_pages"], now=now)
    assert said["counts"]["records.page"] == len(rows(fetched, "pages"))
    assert content(tmp_path / "back", "articles") == content(fetched, "articles")
    places = {"warc_file", "warc_offset", "warc_length"}
    assert content(tmp_path / "back", "pages", places) == content(fetched, "pages", places)


def test_a_feed_that_lists_what_an_archive_has_does_not_fetch_it_again_and_its_facts_are_kept(
    fetched: Path, now: str, tmp_path: Path
) -> None:
    """A lake fetches some pages; an archive has later captures of them, and others, of which no feed is known."""
    stored = sorted(rows(fetched, "pages"), key=lambda row: row["url_key"])
    known = stored[:5]
    lake = tmp_path / "lake"
    backfill(lake, write(tmp_path / "first.warc.gz", records_of(known, with_facts=True)), now=now)
    later = [row | {"fetched_at": row["fetched_at"].replace(hour=23)} for row in stored[:8]]
    archive = write(tmp_path / "second.warc.gz", records_of([*known, *later], with_facts=False))
    said = backfill(lake, archive, now="2026-03-04T12:00:00Z")

    assert said["counts"]["records.known"] == len(known)
    assert said["counts"]["records.page"] == len(later)
    by_capture = {(row["url_key"], row["fetched_at"].hour): row for row in rows(lake, "pages")}
    for row in later[:5]:
        found = by_capture[url_key(row["final_url"]), 23]
        former = next(one for one in known if one["url_key"] == row["url_key"])
        assert {name: found[name] for name in OF_THE_FEED} == {name: former[name] for name in OF_THE_FEED}
    for row in later[5:]:
        found = by_capture[url_key(row["final_url"]), 23]
        assert (found["feed_url"], found["feed_title"], found["entry_id"]) == ("", None, row["final_url"])


def test_a_lake_fetches_and_reads_archives_in_turns(desk: Desk, tmp_path: Path) -> None:
    """What an archive captured counts as fetched; what a feed left over is not fetched after its capture."""
    desk.run("lake", "--max_pages", "10")
    whole = desk.run("whole")
    pages = rows(desk.folder / "whole", "pages")
    had = {row["url_key"] for row in rows(desk.folder / "lake", "pages")}
    archive = write(tmp_path / "a.warc.gz", records_of(pages, with_facts=False))
    said = backfill(desk.folder / "lake", archive, now=iso(desk.room.now_us))
    desk.room.clear_requests()
    after = desk.run("lake", "--force")

    assert said["counts"]["records.page"] + said["counts"].get("records.known", 0) == len(pages)
    fetched = [row for row in rows(desk.folder / "lake", "pages") if row["run_id"] == after["run_id"]]
    assert all(row["url"] != row["final_url"] for row in fetched), "what the archive has is fetched only by other names"
    again = {row["url_key"]: row for row in rows(desk.folder / "lake", "pages") if row["warc_file"] is not None}
    listed = {row["url_key"]: row for row in pages}
    waiting = [key for key in again if key not in had and again[key]["feed_url"]]
    assert waiting, "entries that waited give their facts to the capture"
    assert all(again[key]["entry_title"] == listed[key]["entry_title"] for key in waiting)
    assert {row["article_id"] for row in desk.rows("articles", "lake")} == {
        row["article_id"] for row in desk.rows("articles", "whole")
    }
    assert whole["tables"]["articles"] == len({row["article_id"] for row in desk.rows("articles", "whole")})


def test_every_record_that_is_one_ends_in_a_row_a_failure_or_a_count(tmp_path: Path) -> None:
    story = (
        b"<html><body><article><h1>The bridge</h1>"
        + b"".join(
            b"<p>Paragraph %d of a story about the bridge that was opened in the town of Example on Monday.</p>" % n
            for n in range(8)
        )
        + b"</article></body></html>"
    )
    broken = bytearray(member(record(uri="https://example.org/broken"), "gzip"))
    broken[40:60] = bytes(20)
    parts = [
        member(record("warcinfo", "", b"software: test\r\n"), "gzip"),
        member(record("request", block=b"GET / HTTP/1.1\r\n\r\n"), "gzip"),
        member(record(uri="https://example.org/story", block=answer(story)), "gzip"),
        bytes(broken),
        member(record(uri="https://example.org/gone", block=answer(b"<p>gone</p>", "404 Not Found")), "gzip"),
        member(record(uri="https://example.org/pdf", block=answer(b"%PDF-1.7 text")), "gzip"),
        member(record(uri="https://example.org/empty", block=answer(b" ")), "gzip"),
        member(record(uri="https://example.org/undated", date="yesterday"), "gzip"),
        member(record(uri="ftp://example.org/file"), "gzip"),
        member(record(uri="https://example.org/story", block=answer(story)), "gzip"),
        member(record(uri="https://example.org/short", length=9), "gzip"),
        member(record(uri="https://example.org/nothing", block=answer(HTML)), "gzip"),
        member(record(uri="https://example.org/cut"), "gzip")[:-40],
    ]
    archive = tmp_path / "all.warc.gz"
    archive.write_bytes(b"".join(parts))
    said = backfill(tmp_path / "lake", archive)

    offsets = [sum(map(len, parts[:n])) for n in range(len(parts))]
    failures = {(row["stage"], row["reason"], row["input"]) for row in rows(tmp_path / "lake", "failures")}
    assert failures == {
        ("warc", "bad_record", f"{archive}#{offsets[3]}"),
        ("warc", "not_found", "https://example.org/gone"),
        ("warc", "not_html", "https://example.org/pdf"),
        ("warc", "empty_body", "https://example.org/empty"),
        ("warc", "bad_record", "https://example.org/undated"),
        ("warc", "bad_url", "ftp://example.org/file"),
        ("warc", "bad_record", f"{archive}#{offsets[10]}"),
        ("extract", "no_article", "https://example.org/nothing"),
        ("warc", "truncated", f"{archive}#{offsets[12]}"),
    }
    assert [row["url"] for row in rows(tmp_path / "lake", "articles")] == ["https://example.org/story"]
    assert said["counts"]["records.known"] == 1, "one capture twice is one page"
    assert said["counts"]["records.response"] == 8
    assert said["counts"]["other.request"] == said["counts"]["other.warcinfo"] == 1


def test_what_was_read_is_not_read_again_unless_it_has_changed(tmp_path: Path) -> None:
    first = write(tmp_path / "a.warc", [record(uri="https://example.org/1")], "plain")
    second = write(tmp_path / "b.warc", [record(uri="https://example.org/2")], "plain")
    lake = tmp_path / "lake"
    assert backfill(lake, first)["counts"]["archives.read"] == 1
    said = backfill(lake, first, second)
    assert (said["read_before"], said["counts"]["archives.read"], said["counts"]["records.page"]) == (1, 1, 1)
    again = backfill(lake, first, second)
    assert (again["read_before"], again["runs"]) == (2, [])
    known = backfill(lake, first, second, more=["--again"])["counts"]
    assert (known["archives.read"], known["records.known"], known.get("records.page", 0)) == (2, 2, 0)
    write(first, [record(uri="https://example.org/1"), record(uri="https://example.org/3")], "plain")
    changed = backfill(lake, first, second)["counts"]
    assert (changed["archives.read"], changed["records.page"], changed["records.known"]) == (1, 1, 1)


def test_filters_choose_and_are_counted(tmp_path: Path) -> None:
    pages = [
        record(uri="https://news.example.org/1"),
        record(uri="https://example.com/2"),
        record(uri="https://example.org/3", date="2026-03-01T23:59:59Z"),
        record(uri="https://example.org/4", date="2026-03-03T00:00:00Z"),
        record(uri="https://example.org/5", block=answer(b'<html lang="de-AT"><p>Seite</p></html>')),
        record(uri="https://example.org/6", block=answer(HTML, Content_Language="en, fr")),
        record(uri="https://example.org/7", block=answer(b'<html lang="en"><p>Page</p></html>')),
    ]
    archive = write(tmp_path / "a.warc.gz", pages)
    more = ["--hosts", "Example.org", "--since", "2026-03-02", "--until", "2026-03-03", "--languages", "en"]
    counts = backfill(tmp_path / "lake", archive, more=more)["counts"]
    assert (counts["filtered.hosts"], counts["filtered.dates"], counts["filtered.languages"]) == (1, 2, 1)
    assert {row["url"] for row in rows(tmp_path / "lake", "pages")} == {
        "https://news.example.org/1", "https://example.org/6", "https://example.org/7"
    }  # fmt: skip


def test_an_archive_that_is_missing_is_a_failure_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "there.warc.gz", [record()])
    (tmp_path / "files.txt").write_text("# what there is\nmissing.warc.gz\nthere.warc.gz\n\n")
    done = ended(tmp_path / "lake", tmp_path / "files.txt")
    said = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 3
    assert (said["counts"]["archives.failed"], said["counts"]["records.page"]) == (1, 1)
    [row] = [row for row in rows(tmp_path / "lake", "failures") if row["stage"] == "warc"]
    assert (row["reason"], row["input_kind"], row["input"]) == (
        "not_found",
        "archive",
        str(tmp_path / "missing.warc.gz"),
    )
    write(tmp_path / "missing.warc.gz", [record(uri="https://example.org/late")])
    said = backfill(tmp_path / "lake", tmp_path / "files.txt")
    assert (said["read_before"], said["counts"]["records.page"]) == (1, 1)


def test_a_page_whose_archive_has_gone_is_a_failure_when_it_is_built(tmp_path: Path, fetched: Path, now: str) -> None:
    """A run stores its pages and dies; the archive goes; the next run, of any command, takes the pages over."""
    stored = rows(fetched, "pages")[:3]
    archive = write(tmp_path / "a.warc.gz", records_of(stored, with_facts=True))
    lake = tmp_path / "lake"
    run = backfill(lake, archive, now=now)["runs"][0]
    (lake / "runs" / f"{run}.json").unlink()  # as if it had died before its commit
    (lake / "_state/open").mkdir(exist_ok=True)
    (lake / f"_state/open/{run}.json").write_text(json.dumps({"run_id": run}))
    shutil.copy(archive, tmp_path / "b.warc.gz")
    archive.unlink()
    said = backfill(lake, tmp_path / "b.warc.gz", now="2026-03-04T12:00:00Z")
    assert said["counts"]["pages.adopted"] == said["counts"]["records.known"] == 3
    assert said["reasons"] == {"extract/unreachable": 3}
    assert {row["input"] for row in rows(lake, "failures")} == {row["final_url"] for row in stored}


def story(word: str, *more: str) -> bytes:
    """An article about something."""
    sentences = [
        f"Paragraph {n} tells what the council of Example decided about the {word} on that long Monday evening."
        for n in range(8)
    ]
    text = "".join(f"<p>{one}</p>" for one in (*sentences, *more))
    return f"<html><body><article><h1>The {word}</h1>{text}</article></body></html>".encode()


def test_revisions_and_copies_are_found_among_what_was_fetched_when_the_archive_was_made(tmp_path: Path) -> None:
    """Two archives of 2020, a week apart, read years later in two runs."""
    added = "One more paragraph was added a week later, when the council of Example had thought about it again."
    lake, uri, other = tmp_path / "lake", "https://example.org/bridge", "https://copy.example.com/bridge"
    first = record(uri=uri, block=answer(story("bridge")), date="2020-01-06T08:00:00Z")
    backfill(lake, write(tmp_path / "a.warc.gz", [first]))
    later = [
        record(uri=uri, block=answer(story("bridge")), date="2020-01-10T08:00:00Z"),
        record(uri=uri, block=answer(story("bridge", added)), date="2020-01-13T08:00:00Z"),
        record(uri=other, block=answer(story("bridge")), date="2020-01-13T08:00:00Z"),
    ]
    said = backfill(lake, write(tmp_path / "b.warc.gz", later))
    found = {(row["url"], row["revision"], row["relation"]) for row in rows(lake, "articles")}
    assert found == {(uri, 1, "original"), (uri, 2, "revision"), (other, 1, "near")}
    assert said["counts"]["records.page"] == 3
    assert said["counts"]["articles.article"] == 2
    anew = rebuilt(lake, "--since", "2020-01-10")
    assert (anew["pages"], anew["same"], anew["changed"], anew["gone"], anew["new"]) == (3, 2, 0, 0, 0)


def rebuilt(lake: Path, *more: str, status: int = 0) -> dict[str, int]:
    """What a rebuild by the version that made the lake would change."""
    done = newsbeam("rebuild", "--output", str(lake), "--dry_run", "--json", *more)
    assert done.returncode == status, done.stderr
    return dict(json.loads(done.stdout)["counts"])


def test_what_a_backfill_has_stored_and_a_run_of_feeds_takes_over_follows_one_another_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Captures of 2020 are compared with those of then, and each that has other words is a revision."""
    added = "One more paragraph was added a week later, when the council of Example had thought about it again."
    again = "And a last one after two weeks, when nobody in the town remembered what it had all been about."
    lake, uri = desk.folder / "lake", "https://example.org/bridge"

    def captures(*of: tuple[str, bytes]) -> list[bytes]:
        return [record(uri=uri, block=answer(page), date=date) for date, page in of]

    first = ("2020-01-06T08:00:00Z", story("bridge"))
    backfill(lake, write(desk.folder / "a.warc.gz", captures(first)))
    later = captures(
        ("2020-01-10T08:00:00Z", story("bridge")),
        ("2020-01-13T08:00:00Z", story("bridge", added)),
        ("2020-01-20T08:00:00Z", story("bridge", added, again)),
    )
    with monkeypatch.context() as patched:
        patched.setattr(CommitRun, "expand", _killed)
        archive = write(desk.folder / "b.warc.gz", later)
        assert ended(lake, archive).returncode == 1
    said = desk.run("lake", "--max_pages", "0", "--now", "2026-03-04T12:00:00Z")
    assert said["counts"]["pages.adopted"] == 3
    assert said["counts"]["articles.unchanged"] == 1
    assert backfill(lake, archive, now="2026-03-05T12:00:00Z")["counts"]["records.known"] == 3
    found = {(row["revision"], row["relation"], row["fetched_at"].day) for row in rows(lake, "articles")}
    assert found == {(1, "original", 6), (2, "revision", 13), (3, "revision", 20)}
    before = content(lake, "articles")
    assert newsbeam("rebuild", "--output", str(lake), "--grace", "0", "--now", "2026-03-06T12:00:00Z").returncode == 0
    assert content(lake, "articles") == before


def _killed(_: CommitRun, facts: PCollection[Any]) -> PCollection[str]:
    return facts | beam.Map(_die)


def _die(fact: Any) -> str:
    raise RuntimeError("killed")


def test_captures_of_one_archive_follow_one_another_as_runs_would(tmp_path: Path) -> None:
    added = "One more paragraph was added a day later, when the council of Example had thought about it again."
    lake, uri, lead = tmp_path / "lake", "https://example.org/bridge", "https://example.org/bridge?from=front"
    canonical = f'<link rel="canonical" href="{uri}">'.encode()
    page = story("bridge").replace(b"<body>", b"<head>" + canonical + b"</head><body>")
    captures = [
        record(uri=uri, block=answer(story("bridge", added)), date="2020-01-08T08:00:00Z"),
        record(uri=uri, block=answer(page), date="2020-01-06T08:00:00Z"),
        record(uri=lead, block=answer(page), date="2020-01-06T08:20:00Z"),
        record(uri=uri, block=answer(page), date="2020-01-07T08:00:00Z"),
    ]
    counts = backfill(lake, write(tmp_path / "a.warc.gz", captures))["counts"]
    found = sorted((row["revision"], row["fetched_at"].isoformat()[:10]) for row in rows(lake, "articles"))
    assert found == [(1, "2020-01-06"), (2, "2020-01-08")]
    assert (counts["articles.unchanged"], counts["articles.same_article"]) == (1, 1)
    anew = rebuilt(lake)
    assert (anew["pages"], anew["same"], anew["changed"], anew["gone"], anew["new"]) == (4, 2, 0, 0, 0)
    before = content(lake, "articles")
    assert newsbeam("rebuild", "--output", str(lake), "--grace", "0", "--now", NOW).returncode == 0
    assert content(lake, "articles") == before, "and so they do when they are made anew"


def test_captures_whose_pages_are_no_longer_kept_are_known_by_their_articles(tmp_path: Path) -> None:
    lake, uri = tmp_path / "lake", "https://example.org/bridge"
    archive = write(
        tmp_path / "a.warc.gz", [record(uri=uri, block=answer(story("bridge")), date="2020-01-06T08:00:00Z")]
    )
    backfill(lake, archive, more=["--store_pages"])
    done = newsbeam("retain", "--output", str(lake), "--pages", "1d", "--grace", "0", "--now", NOW)
    assert (done.returncode, rows(lake, "pages")) == (0, [])
    before = content(lake, "articles")
    assert backfill(lake, archive, more=["--again"])["counts"]["records.known"] == 1
    assert content(lake, "articles") == before


def test_what_was_forgotten_does_not_come_back_from_an_archive(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    pages = [record(uri=f"https://{host}/bridge", block=answer(story(host))) for host in ("example.org", "example.com")]
    backfill(lake, write(tmp_path / "a.warc.gz", pages))
    done = newsbeam("forget", "--output", str(lake), "example.com")
    assert done.returncode == 0, done.stderr
    said = backfill(lake, write(tmp_path / "b.warc.gz", [*pages, record(uri="https://www.example.com/other")]))
    assert said["counts"]["filtered.forgotten"] == 2
    assert {row["publisher_domain"] for row in rows(lake, "articles")} == {"example.org"}


def test_articles_of_pages_by_reference_are_rebuilt_from_their_archive(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    archive = write(tmp_path / "a.warc.gz", [record(uri="https://example.org/bridge", block=answer(story("bridge")))])
    backfill(lake, archive)
    before = content(lake, "articles")
    done = newsbeam("rebuild", "--output", str(lake), "--grace", "0", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["same"] == 1
    assert content(lake, "articles") == before
    archive.unlink()
    done = newsbeam("rebuild", "--output", str(lake), "--grace", "0", "--json")
    assert (done.returncode, json.loads(done.stdout)["counts"]["kept_after_an_accident"]) == (3, 1)
    assert content(lake, "articles") == before


def test_on_one_worker_an_archive_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of its pages go from the reading to the building in memory."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is opened again")

    monkeypatch.setattr("pipelines.archives.stored_pages.open_archive", refuse)
    pages = [record(uri=f"https://example.org/{word}", block=answer(story(word))) for word in ("bridge", "harbour")]
    said = backfill(tmp_path / "lake", write(tmp_path / "a.warc.gz", pages))
    assert said["tables"]["articles"] == 2
    assert [row["body"] for row in rows(tmp_path / "lake", "pages")] == [b"", b""]


def test_runs_of_a_backfill_keep_nothing_of_the_state_for_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run reads of it is large where the runs before were, and would add up."""

    def refuse(_: Kept, limit_bytes: int) -> None:
        assert limit_bytes == 0

    monkeypatch.setattr(Kept, "resize", refuse)
    paths = [
        write(tmp_path / f"{word}.warc.gz", [record(uri=f"https://example.org/{word}", block=answer(story(word)))])
        for word in ("bridge", "harbour")
    ]
    assert len(backfill(tmp_path / "lake", *paths, more=["--max_run_pages", "1"])["runs"]) == 2


def test_another_archive_under_the_name_of_the_first_gives_no_page_the_words_of_another(tmp_path: Path) -> None:
    lake, name = tmp_path / "lake", tmp_path / "a.warc"
    backfill(lake, write(name, [record(uri="https://example.org/one", block=answer(story("one")))], "plain"))
    write(name, [record(uri="https://example.org/two", block=answer(story("two")))], "plain")
    anew = rebuilt(lake, status=3)
    assert (anew["pages_failed_unreachable"], anew["kept_after_an_accident"], anew["changed"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{}/nothing-*.warc.gz"], "no file matches"),
        (["{}/none.warc.gz"], "there is no such file"),
        (["{}/empty.txt"], "the list is empty"),
        (["{}"], "is a folder"),
        (["{}/picture.png"], "it is no text"),
        (["{}/crawl.wacz"], "unpack it, and name the WARC files in its archive/"),
        (["{}/a.warc", "--since", "2026-03-02", "--until", "2026-03-02"], "lies not after --since"),
        (["gopher://example.org/a.warc.gz"], "there is no storage gopher://"),
        (["s3:///"], "names nothing"),
    ],
)
def test_a_mistake_in_the_files_is_one_line_with_status_2(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    (tmp_path / "crawl.wacz").write_bytes(b"PK\x03\x04 and so on")
    done = ended(tmp_path / "lake", *(word.format(tmp_path) for word in words))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "lake").exists()


def test_several_workers_give_the_rows_of_one(fetched: Path, now: str, tmp_path: Path) -> None:
    stored = sorted(rows(fetched, "pages"), key=lambda row: row["url_key"])[:20]
    for number in range(2):
        write(tmp_path / f"{number}.warc.gz", records_of(stored[number::2], with_facts=True))
    backfill(tmp_path / "one", tmp_path / "*.warc.gz", now=now)
    more = ["--direct_num_workers=2", "--direct_running_mode=multi_threading"]
    backfill(tmp_path / "two", tmp_path / "*.warc.gz", more=more, now=now)
    for table in ("pages", "articles", "failures"):
        assert content(tmp_path / "one", table) == content(tmp_path / "two", table)
    assert len(rows(tmp_path / "one", "articles")) > 10
