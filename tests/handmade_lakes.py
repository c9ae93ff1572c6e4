"""Lakes whose rows and runs a test writes by hand, so that weeks of a lake's life take a second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from schemas.article import ARTICLES, Article, Removed
from schemas.failure import FAILURES, Failure
from schemas.feed import FEED_POLLS, FeedPoll
from schemas.run import FilePart, RunManifest, iso, new_run_id
from schemas.table import Table
from tests.rows import NOON_US, article
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake.files.layout import manifest_path, part_path
from transforms.lake.files.parts import checksum_of, encode
from transforms.lake.files.storage import Storage

DAYS: Final = 40
STEADY, SILENT, DROPPED, LEFT = (f"https://{name}.example.org/feed" for name in ("steady", "silent", "dropped", "left"))
HOSTILE: Final = (
    '</script><script>alert("x")</script><img src=x onerror=alert(1)> \x00\x1b[31m\u202e & "quoted" \'one\''
)
ARABIC, JAPANESE = "أعلنت الحكومة عن افتتاح الجسر الجديد", "市役所が新しい橋の開通を発表しました"


def put_run(
    storage: Storage,
    at_us: int,
    articles: Sequence[Article] = (),
    polls: Sequence[FeedPoll] = (),
    failures: Sequence[Failure] = (),
    counts: Mapping[str, int] | None = None,
    pending: int = 0,
    command: str = "ingest",
) -> str:
    """Commit a run with these rows at an instant; its id."""
    run_id = new_run_id(at_us, None)
    files: list[FilePart] = []
    articles = [replace(one, run_id=run_id, ingested_at_us=at_us) for one in articles]
    polls = [replace(one, run_id=run_id) for one in polls]
    failures = [replace(one, run_id=run_id) for one in failures]
    given: tuple[tuple[Table[Any], Sequence[Any]], ...] = (
        (ARTICLES, articles), (FEED_POLLS, polls), (FAILURES, failures),
    )  # fmt: skip
    for table, rows in given:
        by_partition: dict[str, list[Any]] = {}
        for row in rows:
            by_partition.setdefault(table.partition_of(row), []).append(row)  # type: ignore[misc]
        for partition, some in by_partition.items():
            path, data = part_path(table, partition, run_id, "00000"), encode(table, some)
            _write(storage, path, data)
            files.append(FilePart(table.name, path, len(some), len(data), checksum_of(data)))
    reasons = Counter(f"{one.stage}/{one.reason}" for one in failures)
    tables = {"articles": len(articles), "feed_polls": len(polls), "failures": len(failures), "pending": pending}
    ended = iso(at_us + 42_500_000)
    manifest = RunManifest(
        run_id, command, iso(at_us), ended, {}, {}, dict(counts or {}), dict(reasons), tuple(files), tables=tables
    )
    _write(storage, manifest_path(run_id), manifest.to_json())
    return run_id


def _write(storage: Storage, path: str, data: bytes) -> None:
    """Write a file without waiting for the disk, as the storage would."""
    assert storage.folder is not None
    target = storage.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def poll(feed_url: str, at_us: int, new_entries: int = 0, outcome: str = "ok") -> FeedPoll:
    """A poll that is due again in twelve hours."""
    return FeedPoll(
        feed_url, feed_url, outcome, at_us, "", new_entries=new_entries, next_poll_at_us=at_us + DAY_US // 2
    )


def failure(stage: str, reason: str, given: str, at_us: int, message: str = "no", host: str | None = None) -> Failure:
    """A failure of an entry."""
    return Failure(stage, reason, message, "entry", given, at_us, "", host=host)


def of_site(site: str, number: int, at_us: int, words: int = 400, **values: Any) -> Article:
    """The article of a site with a number."""
    identity = f"{number:032x}"
    plain = {
        "article_id": identity, "canonical_url": f"https://{site}/{number}", "publisher_domain": site,
        "headline": f"Number {number} of {site}", "word_count": words, "fetched_at_us": at_us, "relation": "original",
        "date_published_us": at_us - number % 30 * HOUR_US - HOUR_US // 3, "date_precision": "second",
        "in_language": "en", "page_kind": "article", "story_id": identity,
        "removed": (Removed("Share", "promotion"),) * (number % 3),
    }  # fmt: skip
    return article(**plain | values)


def eventful_lake(folder: Path) -> str:
    """A lake of 40 days with two runs a day, up to noon of 2 March 2026.

    One feed has fallen silent 6 days ago, one brings a tenth since 7 days, one has left the list. The texts of one site
    are a quarter as long since 2 days; on the last day there are many failures, and entries left over.
    """
    storage, number = Storage(str(folder)), 0
    for half in range(2 * DAYS, -1, -1):
        at_us = NOON_US - half * DAY_US // 2
        age = half / 2
        articles = []
        for _ in range(3):
            number += 1
            articles.append(of_site("steady.example.org", number, at_us))
        number += 1
        articles.append(of_site("falls.example.net", number, at_us, words=100 if age < 2 else 400))
        articles.append(of_site("falls.example.net", number + 500_000, at_us, words=110 if age < 2 else 420))
        number += 1
        copied = {"relation": "near", "duplicate_of": articles[0].article_id, "story_id": articles[0].article_id}
        articles.append(
            of_site("copies.example.com", number, at_us, in_language="de", wire_sources=("Nordpress",), **copied)
        )
        polls = [poll(STEADY, at_us, 5), poll(SILENT, at_us, 4 if age >= 6 else 0)]
        polls.append(poll(DROPPED, at_us, 20 if age >= 7 else 2))
        polls += [poll(LEFT, at_us, 9)] if age >= 10 else []
        failures = [
            failure("pages", "not_found", f"https://steady.example.org/x{half}", at_us, host="steady.example.org")
        ]
        if age < 1:
            failures += [
                failure("pages", "forbidden", f"https://wall.example.org/{n}", at_us, host="wall.example.org")
                for n in range(30)
            ]
        put_run(storage, at_us, articles, polls, failures, {"feeds": 3, "polls.ok": 3}, 500 if age == 0 else 3)
    return str(folder)


def hostile_lake(folder: Path) -> str:
    """A lake of two runs whose every foreign text is as bad as can be."""
    storage = Storage(str(folder))
    for at_us in (NOON_US - HOUR_US, NOON_US):
        texts = [HOSTILE, ARABIC, JAPANESE, "x" * 100_000, "&" * 100_000, "", "${lake} $x {0} %s"]
        articles = [
            of_site(
                text[:5_000] or "empty", at + (at_us == NOON_US) * 100, at_us, headline=text, in_language=text[:5_000],
                countries=(text, text), wire_sources=(text,), topic=text, story_id="5" * 32,
                removed=(Removed(text, text[:5_000]),),
            )
            for at, text in enumerate(texts * 4)
        ]  # fmt: skip
        polls = [poll(f"https://example.org/{text}", at_us, 3) for text in texts]
        failures = [failure("pages", "forbidden", f"https://example.org/{text}", at_us, text, text) for text in texts]
        failures += [failure("feeds", HOSTILE, f"http://x.example/'; rm -rf / #{n}", at_us, "y") for n in range(2)]
        failures += [
            failure("extract", "wall", "https://x.example/$(reboot)`id`", at_us),
            failure("warc", "bad_record", "-rf", at_us),
        ]
        put_run(storage, at_us, articles, polls, failures, {HOSTILE: 3, "feeds": 7, "polls.ok": 7})
    return str(folder)
