"""Forgetting leaves exactly the other rows, whatever is asked for, wherever they lie, and whenever it is killed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import ARTICLES, Article
from schemas.failure import FAILURES, Failure
from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedCursor, FeedPoll
from schemas.fingerprint import FINGERPRINTS
from schemas.forgotten import FORGOTTEN
from schemas.host import HOSTS, HostMemory
from schemas.page import PAGES, Page
from schemas.run import RunManifest, iso, new_run_id
from schemas.site import SITES
from schemas.state import SEEN, Seen
from schemas.story import STORIES
from schemas.table import Table
from schemas.tables import DATA, STATE
from tests.rows import NOON_US, article, entry, page
from transforms.common.clock import DAY_US, HOUR_US
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.sites.site_blocks import hashes_of, learn_site, site_page
from transforms.compare.stories.sketch import sketch_of
from transforms.lake.check_state import check_state
from transforms.lake.committed import committed
from transforms.lake.editions.compact import compact
from transforms.lake.files.layout import is_merged, manifest_path, open_path, run_of
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.forget.asked import asked_for
from transforms.lake.forget.finish import finish_forgetting
from transforms.lake.forget.forget import forget
from transforms.lake.forget.record import forgotten_in, read_record
from transforms.lake.merged.merge_parts import merge_parts
from transforms.lake.recover import recover
from transforms.web.urls import registrable_domain, url_key

URLS = [f"https://{host}/{name}" for host in ("one.example", "www.two.example", "three.example") for name in "abcd"]
LATER_US = NOON_US + 3 * DAY_US


def article_at(address: str, run_id: str, **values: Any) -> Article:
    return article(
        **{
            "article_id": url_key(address),
            "url": f"{address}?utm_source=feed",
            "canonical_url": address,
            "publisher_domain": registrable_domain(address),
            "cluster_id": url_key(address),
            "story_id": url_key(address),
            "relation": "original",
            "article_body": f"The text of {address}.",
            "run_id": run_id,
        }
        | values
    )


def page_of(one: Article, key: str) -> Page:
    body, feed = one.article_body.encode(), one.feed_url
    return page(url=one.url, final_url=one.canonical_url, url_key=key, run_id=one.run_id, body=body, feed_url=feed)


def failure_of(one: Article, key: str) -> Failure:
    message = f"late: {one.url}"
    return Failure("pages", "timeout", message, "entry", one.url, NOON_US, one.run_id, one.feed_url, key)


def write_run(storage: Storage, number: int, articles: Sequence[Article], commits: bool = True) -> str:
    """A run that fetched and wrote these articles, with all that it would leave in the state."""
    run_id = new_run_id(NOON_US + number * HOUR_US, None)
    writer = PartWriter(storage, run_id)
    day = "2026-03-02"
    some = [replace(one, run_id=run_id) for one in articles]
    ids = [url_key(one.url) for one in some]
    drafts = [(one, f"{number} {key}") for one, key in zip(some, ids, strict=True)]
    marked = [
        replace(fingerprint_of(one, name), cluster_id=one.cluster_id, revision=one.revision) for one, name in drafts
    ]
    told = [replace(sketch_of(one, name), story_id=one.story_id) for one, name in drafts]
    sites = {one.publisher_domain for one in some}
    learned = [
        learn_site([site_page(name, one) for one, name in drafts if one.publisher_domain == site], None, NOON_US).memory
        for site in sorted(sites)
    ]
    rows: list[tuple[Table[Any], list[Any]]] = [
        (ARTICLES, some),
        (PAGES, [page_of(one, key) for one, key in zip(some, ids, strict=True)]),
        (FAILURES, [failure_of(one, key) for one, key in zip(some, ids, strict=True)]),
        (FEED_POLLS, [FeedPoll(one, one, "ok", NOON_US, run_id) for one in sorted({one.feed_url for one in some})]),
        (SEEN, [Seen(key, None, NOON_US) for key in ids]),
        (FINGERPRINTS, marked),
        (STORIES, told),
        (SITES, learned),
        (PENDING, [entry(url=one.url, url_key=key) for one, key in zip(some, ids, strict=True)]),
        (HOSTS, [HostMemory(one.canonical_url.split("/")[2]) for one in some[:1]]),
        (FEED_CURSORS, [FeedCursor(one) for one in sorted({one.feed_url for one in some})]),
    ]  # fmt: skip
    files = []
    for table, given_rows in rows:
        if given_rows or table in (PENDING, HOSTS, FEED_CURSORS):
            shard = "00000-0000" if table is PAGES else "00000"
            files.append(writer.write(table, given_rows, shard, day if table.partition else ""))
    at = iso(NOON_US)
    counts = {f"rows.{part.table}": part.rows for part in files}
    manifest = RunManifest(run_id, "repair", at, at, {}, {}, counts, {}, tuple(sorted(files)))
    storage.put(manifest_path(run_id) if commits else open_path(run_id), manifest.to_json())
    return run_id


def rows_of(storage: Storage, *tables: Table[Any]) -> dict[str, list[str]]:
    reader, held = PartReader(storage), committed(storage)
    return {
        table.name: sorted(repr(row) for path in held.parts(table) for row in reader.rows(table, path))
        for table in tables
    }


def forgetting(storage: Storage, *asked: str, now_us: int = LATER_US) -> None:
    with lake_lock(storage, "forget") as generation:
        forget(storage, generation, now_us, [asked_for(one) for one in asked], None, hashes_of)


def said(storage: Storage, but: Sequence[str] = ("_state/forgotten/", "editions/")) -> Iterator[tuple[str, str]]:
    """Each file with all its rows as text."""
    reader = PartReader(storage)
    for path in storage.list():
        if not path.startswith(tuple(but)):
            text = repr(reader.columns(path, _all(reader, path)).to_pylist()) if path.endswith(".parquet") else ""
            yield path, text or repr(storage.get(path))


def _all(reader: PartReader, path: str) -> list[str]:
    return list(reader.footer(path).schema.to_arrow_schema().names)


@pytest.fixture(autouse=True, scope="module")
def _unsynced() -> Iterator[None]:
    """No waiting for the disk: nobody cuts the power."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Storage, "_sync", lambda *_: None)
        yield


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "lake"))


@given(
    st.lists(st.lists(st.sampled_from(URLS), unique=True, max_size=6), min_size=1, max_size=4),
    st.lists(st.sampled_from([*URLS, "two.example", "one.example", "four.example"]), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=8)
def test_exactly_the_other_rows_stay(runs: list[list[str]], asked: list[str], compacted: bool, merged: bool) -> None:
    def is_asked(url: str) -> bool:
        host = url.split("/")[2]
        return url in asked or any(host == one or host.endswith(f".{one}") for one in asked if "://" not in one)

    with TemporaryDirectory() as folder:
        storage, others = Storage(f"{folder}/lake"), Storage(f"{folder}/others")
        for number, urls in enumerate(runs):
            write_run(storage, number, [article_at(url, "") for url in urls])
            write_run(others, number, [article_at(url, "") for url in urls if not is_asked(url)])
        if merged:
            for table in (SEEN, FINGERPRINTS):
                if parts := committed(storage).parts(table):
                    merge_parts(storage, table, parts, committed(storage).runs[-1])
        if compacted:
            with lake_lock(storage, "compact") as generation:
                compact(storage, generation, LATER_US)
        forgetting(storage, *asked)
        compared = [table for table in (*DATA, *STATE) if table not in (FORGOTTEN, SITES, HOSTS, FEED_POLLS)]
        compared = [table for table in compared if table is not FEED_CURSORS]  # of feeds, which nobody asked for
        snapshots = {PENDING.name}
        found, wanted = rows_of(storage, *compared), rows_of(others, *compared)
        for table in compared:
            if table.name in snapshots:
                path, other = committed(storage).parts(table)[-1], committed(others).parts(table)[-1]
                found[table.name] = [repr(row) for row in PartReader(storage).rows(table, path)]
                wanted[table.name] = [repr(row) for row in PartReader(others).rows(table, other)]
        assert found == wanted
        gone = [url for url in URLS if is_asked(url)]
        texts = [f"The text of {url}." for url in gone] + [url_key(url) for url in gone] + [f"'{url}'" for url in gone]
        assert [(path, text) for path, whole in said(storage) for text in texts if text in whole] == []
        assert all(forgotten_in(storage).holds(url) for url in gone)
        assert check_state(committed(storage), thoroughly=True).damaged == ()


def test_copies_of_a_forgotten_original_become_copies_of_the_earliest_that_stays(storage: Storage) -> None:
    original, second, third, alone = URLS[0], URLS[4], URLS[8], URLS[9]
    of = {
        "cluster_id": url_key(original),
        "duplicate_of": url_key(original),
        "similarity": 0.9,
        "story_id": url_key(original),
    }
    write_run(
        storage,
        0,
        [
            article_at(original, "", date_published_us=NOON_US),
            article_at(third, "", relation="near", date_published_us=NOON_US + 2, **of),
            article_at(second, "", relation="exact", date_published_us=NOON_US + 1, **of),
            article_at(alone, "", story_id=url_key(original), date_published_us=NOON_US + 3),
        ],
    )  # fmt: skip
    revision = of | {"duplicate_of": url_key(second)}
    write_run(storage, 1, [article_at(second, "", relation="revision", revision=2, article_body="New.", **revision)])
    forgetting(storage, original)
    rows = [row for path in committed(storage).parts(ARTICLES) for row in PartReader(storage).rows(ARTICLES, path)]
    told = {
        (row.canonical_url, row.revision): (
            row.relation,
            row.duplicate_of,
            row.similarity,
            row.cluster_id,
            row.story_id,
        )
        for row in rows
    }
    heir = url_key(second)
    assert told == {
        (second, 1): ("original", None, None, heir, heir),
        (second, 2): ("revision", heir, 0.9, heir, heir),
        (third, 1): ("near", heir, None, heir, heir),
        (alone, 1): ("original", None, None, url_key(alone), heir),
    }
    reader, held = PartReader(storage), committed(storage)
    clusters = {
        row.article_id: row.cluster_id for path in held.parts(FINGERPRINTS) for row in reader.rows(FINGERPRINTS, path)
    }
    assert clusters == {heir: heir, url_key(third): heir, url_key(alone): url_key(alone)}
    stories = {row.article_id: row.story_id for path in held.parts(STORIES) for row in reader.rows(STORIES, path)}
    assert set(stories.values()) == {heir}


def test_an_article_of_another_publisher_stays_without_the_name_of_what_led_to_it(storage: Storage) -> None:
    own, feed = URLS[0], "https://www.two.example/feed"
    write_run(storage, 0, [article_at(own, "", url="https://www.two.example/go?to=1", feed_url=feed)])
    forgetting(storage, "two.example")
    [path] = committed(storage).parts(ARTICLES)
    [row] = PartReader(storage).rows(ARTICLES, path)
    assert (row.canonical_url, row.url, row.feed_url) == (own, own, "")
    assert [path for path, text in said(storage) if "two.example" in text] == []


def test_only_files_that_hold_some_of_it_are_written_anew(storage: Storage) -> None:
    write_run(storage, 0, [article_at(URLS[0], "")])
    write_run(storage, 1, [article_at(URLS[4], "")])
    before = {path: storage.stat(path) for path in committed(storage).parts(ARTICLES)}
    forgetting(storage, URLS[0])
    [path] = committed(storage).parts(ARTICLES)
    assert storage.stat(path) == before[path]
    gone = read_record(storage)[0]
    assert {one.table: one.rows for one in gone.rows if one.table in ("articles", "pages")} == {
        "articles": 1,
        "pages": 1,
    }
    assert [row.asked for row in read_record(storage)] == [URLS[0]]


def test_the_pages_of_a_run_that_died_do_not_come_back(storage: Storage) -> None:
    write_run(storage, 0, [article_at(URLS[4], "")])
    write_run(storage, 1, [article_at(URLS[0], ""), article_at(URLS[5], "")], commits=False)
    forgetting(storage, URLS[0])
    recovery = recover(storage)
    [part] = recovery.adopted
    assert [row.final_url for row in PartReader(storage).rows(PAGES, part.path)] == [URLS[5]]
    assert [path for path, text in said(storage) if URLS[0] in text or url_key(URLS[0]) in text] == []


def test_a_chain_of_editions_is_no_damage_and_its_merged_parts_stay_merged(storage: Storage) -> None:
    for number in range(4):
        write_run(storage, number, [article_at(url, "") for url in URLS[3 * number : 3 * number + 3]])
    merge_parts(storage, FINGERPRINTS, committed(storage).parts(FINGERPRINTS)[:3], committed(storage).runs[2])
    forgetting(storage, URLS[0])
    assert not any(map(is_merged, committed(storage).parts(FINGERPRINTS)))
    assert check_state(committed(storage)).damaged == ()
    forgetting(storage, URLS[1], now_us=LATER_US + 1)
    assert check_state(committed(storage)).damaged == ()
    assert len(rows_of(storage, FINGERPRINTS)["fingerprints"]) == 10
    forgetting(storage, "one.example", "two.example", "three.example", now_us=LATER_US + 2)
    assert check_state(committed(storage)).damaged == ()
    assert rows_of(storage, FINGERPRINTS, SEEN, SITES) == {"fingerprints": [], "seen": [], "sites": []}


class KilledError(Exception):
    """The process ends here."""


def counted(method: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    """A method of the storage that works so many times more, not counting those for the lock."""

    def call(self: Storage, path: str, *rest: Any) -> Any:
        if "/lock/" not in path:
            if not left[0]:
                raise KilledError
            left[0] -= 1
        return method(self, path, *rest)

    return call


def test_killed_at_a_write_it_has_happened_or_not_and_the_next_run_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Storage(str(tmp_path / "first"))
    write_run(first, 0, [article_at(URLS[0], ""), article_at(URLS[4], "")])
    write_run(first, 1, [article_at(URLS[1], ""), article_at(URLS[5], "")])
    write_run(first, 2, [article_at(URLS[0], ""), article_at(URLS[6], "")], commits=False)
    with lake_lock(first, "compact") as generation:
        compact(first, generation, LATER_US)

    def lake(name: str) -> Storage:
        shutil.copytree(tmp_path / "first", tmp_path / name)
        return Storage(str(tmp_path / name))

    whole = lake("whole")
    before = rows_of(whole, *DATA, SEEN)
    forgetting(whole, URLS[0])
    after = rows_of(whole, *DATA, SEEN)
    assert before != after
    ended = set()
    for operations in range(0, 200, 4):
        storage = lake(f"killed-{operations}")
        left = [operations]

        with monkeypatch.context() as patched:
            for name in ("put", "put_file", "delete"):
                patched.setattr(Storage, name, counted(getattr(Storage, name), left))
            try:
                forgetting(storage, URLS[0])
            except KilledError:
                pass
            else:
                break
        seen_by_readers = rows_of(storage, *DATA, SEEN)
        assert seen_by_readers in (before, after)
        finish_forgetting(storage, LATER_US)
        recover(storage)
        assert rows_of(storage, *DATA, SEEN) == seen_by_readers
        held = [path for path, text in said(storage) if f"The text of {URLS[0]}" in text or url_key(URLS[0]) in text]
        assert (held == []) == (seen_by_readers == after)
        ended.add(seen_by_readers == after)
    else:
        pytest.fail("it never came to its end")
    assert ended == {True, False}


def test_files_of_a_forgotten_article_that_nobody_committed_go_too(storage: Storage) -> None:
    run_id = write_run(storage, 0, [article_at(URLS[0], ""), article_at(URLS[4], "")])
    [path] = committed(storage).parts(ARTICLES)
    stray = path.replace(run_id, "20250101T000000.000000Z")
    storage.put(stray, storage.get(path))
    storage.put(f"_state/damaged/{path}", b"what nobody can read")
    forgetting(storage, URLS[0])
    assert not storage.exists(stray)
    assert not storage.exists(f"_state/damaged/{path}")
    assert run_of(stray) is not None
