"""A lake over months: its commands in random order, killed between and within, against a small model of its rows."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow.parquet as pq
import pytest

import newsbeam as library
import transforms.lake.state
from schemas.article import ARTICLES
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES
from schemas.run import from_us, iso
from schemas.site import SITES
from schemas.state import SEEN
from schemas.story import STORIES
from schemas.table import Table
from schemas.tables import STATE
from tests.command import newsbeam
from tests.rows import NOON_US
from tests.warc_files import answer, record, write
from tests.web_server import Answer, WebServer, running_server
from transforms.common.clock import DAY_US, HOUR_US
from transforms.lake import check_state
from transforms.lake.committed import committed
from transforms.lake.files.layout import table_folder
from transforms.lake.files.lock import lake_lock
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

pytestmark = pytest.mark.timeout(900)

HOSTS: Final = ("127.0.0.1", "127.0.0.2")
ARCHIVED: Final = ("news.example.org", "daily.example.com", "paper.example.net")
Row = tuple[str, str]
"""An article's address, and the word that only this version of its text has."""

_NOUNS = "bridge harbour council market tram library orchard ferry museum school quarry theatre bakery river".split()
_VERBS = "opens repairs paints sells measures visits closes praises rents discusses moves counts".split()
_PLACES = "north south old upper lower inner outer new little great green white".split()


class KilledError(RuntimeError):
    """What ends a command as a killed process would: nothing is written or deleted after it."""


@dataclass
class Mortal:
    """Counts the storage's changes; from the one at `dies_at` on, all of them fail."""

    dies_at: int = 0
    done: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def step(self) -> None:
        with self.lock:
            self.done += 1
            if self.dies_at and self.done >= self.dies_at:
                raise KilledError

    @property
    def is_dead(self) -> bool:
        return bool(self.dies_at) and self.done >= self.dies_at


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Mortal:
    life = Mortal()

    def patched(name: str) -> None:
        call = getattr(Storage, name)

        def operation(storage: Storage, *given: object, **named: object) -> object:
            life.step()
            return call(storage, *given, **named)

        monkeypatch.setattr(Storage, name, operation)

    for name in ("put", "put_file", "put_if_absent", "delete", "sweep"):
        patched(name)
    monkeypatch.setattr(transforms.lake.state, "TIDY_AT", 3)
    return life


def text(word: str, number: int) -> bytes:
    """A page about something of its own: no two of them are copies."""
    some = random.Random(word)

    def sentence() -> str:
        pick = [some.choice(words) for words in (_PLACES, _NOUNS, _VERBS, _PLACES, _NOUNS, _PLACES, _NOUNS)]
        return "The {} {} {} the {} {} near the {} {} on day {}.".format(*pick, some.randrange(10_000))

    body = "".join(f"<p>{' '.join(sentence() for _ in range(4))}</p>" for _ in range(6))
    return (
        f"<html><head><title>Report {number} {word}</title></head><body><article><h1>Report {number} {word}</h1>"
        f"<p>It was the {word} that everybody in town spoke about when the paper came out.</p>{body}"
        f"</article></body></html>"
    ).encode()


@dataclass
class Life:
    """A lake, the world around it, and what must be in it."""

    folder: Path
    web: WebServer
    mortal: Mortal
    random: random.Random
    now_us: int = NOON_US
    rows: set[Row] = field(default_factory=set)
    possible: set[Row] = field(default_factory=set)
    """Rows that may be there: pages that a killed command has stored are taken over by the next run of any command."""
    listed: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """What feeds list: the current version of each address, when it was published, and when it was edited."""
    fetched: set[Row] = field(default_factory=set)
    archives: list[set[Row]] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    dropped: set[Row] = field(default_factory=set)
    captured_us: int = 0
    owed: set[Row] = field(default_factory=set)
    """What a forgetting that was killed after its switch has left to the next command to delete."""
    is_behind: bool = False
    """Whether the last command that could change something was killed, so that the views may not follow yet."""
    is_damaged: bool = False
    may_ask_again: bool = False
    steady: frozenset[str] = frozenset()
    numbers: int = 0
    story: list[str] = field(default_factory=list)

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    # the world

    def pass_time(self) -> None:
        self.now_us += self.random.choice((1, 1, 2, 5, 26, 26, 75, 24 * 9)) * HOUR_US + self.random.randrange(10**9)

    def word(self) -> str:
        self.numbers += 1
        return f"w{self.numbers}x{self.random.randrange(10**6)}"

    def publish(self) -> None:
        for host in HOSTS:
            for _ in range(self.random.randrange(4) if self.steady else 1):
                self._set(f"http://{host}:{self.web.port}/{self.numbers + 1}", self.word())
        editable = [
            url for url in self.listed if url not in self.steady
        ]  # a feed whose entries all have one date of edit is not believed
        for url in self.random.sample(editable, min(len(editable), self.random.randrange(3))):
            self._set(url, self.word())
        self.steady = self.steady or frozenset(self.listed)
        for host in HOSTS:
            entries = [
                f"<item><title>Report {url.rpartition('/')[2]} {word}</title><link>{url}</link><guid>{url}</guid>"
                f"<pubDate>{from_us(published):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
                + (f"<atom:updated>{iso(edited)}</atom:updated></item>" if edited > published else "</item>")
                for url, (word, published, edited) in self.listed.items()
                if f"//{host}:" in url
            ]
            feed = (
                '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>'
                + "".join(entries)
                + "</channel></rss>"
            )
            self.web.on(f"{host}/feed", Answer(200, feed.encode(), {"Content-Type": "application/rss+xml"}))

    def _set(self, url: str, word: str) -> None:
        self.listed[url] = word, self.listed.get(url, ("", self.now_us))[1], self.now_us
        host, number = url.split("/")[2].partition(":")[0], url.rpartition("/")[2]
        page = Answer(200, text(word, int(number)), {"Content-Type": "text/html; charset=utf-8"})
        self.web.on(f"{host}/{number}", page)

    def archive(self) -> None:
        """One more WARC file, with captures of the last day."""
        found, records = set(), []
        at = max(self.now_us - DAY_US, self.captured_us + 2 * HOUR_US)
        known = sorted({url for url, _ in set().union(*self.archives)}) if self.archives else []
        urls = [
            f"https://{self.random.choice(ARCHIVED)}/{self.numbers + n + 1}" for n in range(self.random.randrange(1, 4))
        ]
        urls += self.random.sample(known, min(len(known), self.random.randrange(2)))
        for url in urls:
            word = self.word()
            at = self.captured_us = at + HOUR_US
            found.add((url, word))
            block = answer(text(word, int(url.rpartition("/")[2])))
            records.append(record(uri=url, block=block, date=iso(at)))
        write(self.folder / f"crawl/{len(self.archives):04}.warc.gz", records)
        self.archives.append({row for row in found if not self._is_forgotten(row[0])})

    def _is_forgotten(self, url: str) -> bool:
        return url in self.forgotten or url.split("/")[2].partition(".")[2] in self.forgotten

    @property
    def due(self) -> set[Row]:
        current = {(url, word) for url, (word, *_) in self.listed.items() if not self._is_forgotten(url)}
        return current - self.fetched

    # the commands

    def command(self, name: str, *more: str, kill: bool = False) -> tuple[int, str]:
        check_state._SOUND.clear()  # each command is a process of its own
        self.mortal.done = 0
        self.mortal.dies_at = (
            self.random.choice((1, 2, 3, 5, 8, 13, 21, 34, 55)) + self.random.randrange(5) if kill else 0
        )
        self.story.append(
            f"{iso(self.now_us)} {name} {' '.join(more)}" + (f" dies at {self.mortal.dies_at}" if kill else "")
        )
        now = () if name in ("verify", "repair", "export") else ("--now", iso(self.now_us))
        status, said = -1, ""
        with suppress(KilledError):
            done = newsbeam(name, *more, "--output", str(self.lake), *now)
            status, said = done.returncode, done.stdout + done.stderr
        was_dead = self.mortal.is_dead
        self.story[-1] += f" -> {'killed ' if was_dead else ''}{status}"
        self.mortal.dies_at = 0
        if not was_dead:
            assert "Traceback" not in said, said[-3_000:]
        writes_views = status in (0, 3) and name not in ("verify", "export") and "--dry_run" not in more
        self.is_behind = was_dead or (self.is_behind and not writes_views)
        if not was_dead and status == 0 and name not in ("verify", "export"):
            self.no_trace(self.owed)
            self.owed = set()
        if name in ("ingest", "backfill", "repair") and not was_dead:
            self.is_damaged = False
        return (-1, said) if was_dead else (status, said)

    def ingest(self, kill: bool = False) -> None:
        feeds = self.folder / "feeds.txt"
        feeds.write_text("\n".join(f"http://{host}:{self.web.port}/feed" for host in HOSTS))
        due = self.due
        self.web.log.clear()
        compacts = ["--compact", "off"] if self.random.random() < 0.3 else []
        status, said = self.command(
            "ingest", "--feeds", str(feeds), "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--poll_interval",
            "0", "--force", "--json", "--extract_workers", "1", *compacts, *self.grace(), kill=kill,
        )  # fmt: skip
        asked = {f"http://{one.host}:{self.web.port}{one.path}" for one in self.web.log}
        asked = {url for url in asked if url.rpartition("/")[2].isdigit()}
        assert not {url for url in asked if self._is_forgotten(url)}
        if not self.may_ask_again:
            assert asked <= {url for url, _ in due}, f"fetched again: {asked - {url for url, _ in due}}"
        if status == -1:
            self.possible |= due
        else:
            assert status in (0, 3), said[-3_000:]
            [told] = [line for line in said.splitlines() if line.startswith("{") and '"run_id"' in line]
            self.story.append(f"    due {sorted(due)}: {json.loads(told)['counts']}")
            self.fetched |= due
            self.rows |= due
        self.look()

    def backfill(self, kill: bool = False) -> None:
        if not self.archives:
            self.archive()
        more = ["--store_pages"] if self.random.random() < 0.4 else []
        more += ["--max_run_pages", "1"] if self.random.random() < 0.3 else []
        status, said = self.command(
            "backfill", "--warc", str(self.folder / "crawl/*"), "--json", "--extract_workers", "1", *more,
            *self.grace(), kill=kill,
        )  # fmt: skip
        found = set().union(*self.archives)
        if status == -1:
            self.possible |= found
        else:
            assert status in (0, 3), said[-3_000:]
            self.rows |= found - self.dropped
        self.look()

    def compact(self, kill: bool = False) -> None:
        self.upkeep("compact", *(["--all"] if self.random.random() < 0.6 else []), *self.grace(), kill=kill)

    def rebuild(self, kill: bool = False) -> None:
        more = []
        if self.random.random() < 0.4:
            more += ["--since", f"{from_us(self.now_us) - timedelta(days=self.random.randrange(1, 12)):%Y-%m-%d}"]
        if self.random.random() < 0.3:
            more += ["--until", f"{from_us(self.now_us) + timedelta(days=1 - self.random.randrange(2)):%Y-%m-%d}"]
        more += ["--dry_run"] if self.random.random() < 0.1 else []
        self.possible |= self.dropped  # what is not there any more is made anew from a page that is still kept
        self.upkeep("rebuild", "--extract_workers", "1", *more, *self.grace(), kill=kill)

    def retain(self, kill: bool = False) -> None:
        days = {name: self.random.choice((None, 1, 3, 10)) for name in ("pages", "articles", "failures", "feed_polls")}
        days["pages"] = days["pages"] or 5
        gone = set()
        if days["articles"]:
            oldest = f"{from_us(self.now_us - days['articles'] * DAY_US):%Y-%m-%d}"
            gone = {row for row, day in self.read().items() if day < oldest}
        before = set(self.rows)
        options = [word for name, n in days.items() if n for word in (f"--{name}", f"{n}d")]
        status, said = self.command("retain", *options, *self.grace(), kill=kill)
        actual = set(self.read())
        assert status in (-1, 0), said
        if status == 0 or actual & before == before - gone:
            self.rows -= gone
            self.dropped |= gone
        self.look()

    def forget(self, kill: bool = False) -> None:
        urls = sorted({url for url, _ in self.rows})
        if not urls:
            return
        url = self.random.choice(urls)
        what = url if self.random.random() < 0.8 or "example" not in url else url.split("/")[2].partition(".")[2]
        before, known = set(self.forgotten), set(self.rows)
        self.forgotten.add(what)
        gone = {row for row in self.rows if self._is_forgotten(row[0])}
        status, said = self.command("forget", what, kill=kill)
        assert status in (-1, 0), said
        if status == 0 or not gone & set(self.read()):
            self.rows -= gone
            for some in (self.possible, self.fetched, self.dropped, *self.archives):
                some -= {row for row in some if self._is_forgotten(row[0])}
            if status == 0:
                self.no_trace(gone)
            else:
                self.owed |= gone
        else:
            self.forgotten = before
            assert known <= set(self.read())
        self.look()

    def damage(self, kill: bool = False) -> None:
        storage = Storage(str(self.lake))
        parts = [path for table in STATE for path in storage.list(table_folder(table)) if not path.endswith(".json")]
        if not parts:
            return
        path = self.random.choice(parts)
        self.story.append(f"damage {path}")
        self.is_damaged = True
        if self.random.random() < 0.5:
            (self.lake / path).write_bytes(b"garbage")
        else:
            (self.lake / path).unlink()
        # what was retained is not known any more once state is rebuilt from the tables
        self.may_ask_again |= "/seen/" in path and any(" retain " in one for one in self.story)
        if self.random.random() < 0.7:
            self.repair(kill=kill)
        else:
            self.publish()
            self.ingest()

    def repair(self, kill: bool = False) -> None:
        status, said = self.command("repair", kill=kill)
        assert status in (-1, 0, 3), said
        self.look()

    def export(self) -> None:
        out = self.folder / f"out{len(self.story)}.warc.gz"
        status, said = self.command("export", "pages", "--warc", str(out), "--json")
        pages = library.read(self.lake, table="pages").count_rows()
        assert (status == 0) == bool(pages), said

    def locked(self) -> None:
        with lake_lock(Storage(str(self.lake)), "another"):
            for name in ("compact", "rebuild"):
                assert self.command(name)[0] == 75
        self.look()

    def upkeep(self, *given: str, kill: bool) -> None:
        status, said = self.command(*given, kill=kill)
        assert status in (-1, 0), said
        self.look()

    def grace(self) -> list[str]:
        return self.random.choice(([], ["--grace", "0"], ["--grace", "1h"]))

    # what must be true

    def read(self) -> dict[Row, str]:
        found: dict[Row, str] = {}
        if not (self.lake / "runs").is_dir():
            return found
        columns = ["url", "article_body", "headline", "published_date", "article_id", "revision"]
        for row in library.read(self.lake).to_table(columns).to_pylist():
            key = row["url"], row["headline"].rpartition(" ")[2]
            assert key not in found, f"twice: {key}"
            assert key[1] in row["article_body"]
            found[key] = f"{row['published_date']}"
        return found

    def look(self) -> None:
        actual = set(self.read())
        lost, strange = self.rows - actual, actual - self.rows - self.possible
        assert not lost, f"lost: {sorted(lost)}"
        assert not strange, f"not to be there: {sorted(strange)}"
        assert not {url for url, _ in actual if self._is_forgotten(url)}
        new = actual - self.rows
        self.rows |= new
        self.fetched |= new
        if not actual:
            return
        if (self.lake / "lake.duckdb").exists() and not self.is_behind:
            with duckdb.connect(str(self.lake / "lake.duckdb"), read_only=True) as views:
                for name in ("articles", "pages", "failures", "feed_polls"):
                    [(n,)] = views.execute(f"select count(*) from {name}").fetchall()
                    assert n == library.read(self.lake, table=name).count_rows(), name

    def no_trace(self, gone: set[Row]) -> None:
        """No Parquet file holds any of it, but the record of what was forgotten."""
        storage = Storage(str(self.lake))
        for path in storage.list() if gone else ():
            if path.endswith(".parquet") and not path.startswith("_state/forgotten/"):
                held = repr(pq.read_table(self.lake / path, partitioning=None).to_pylist())
                assert not [(url, word) for url, word in gone if word in held or f"{url}'" in held], path

    def verify(self) -> None:
        if not (self.lake / "runs").is_dir():
            return
        status, said = self.command("verify", "--json")
        assert status == 0 or (status == 3 and (self.is_damaged or self.is_behind)), said
        if not self.is_damaged:
            self.is_remembered()

    def is_remembered(self) -> None:
        """What is there is what later runs compare with: no article is new to them, and no page is fetched again."""
        held = committed(Storage(str(self.lake)))

        def columns(table: Table[Any], *names: str) -> set[tuple[Any, ...]]:
            reader = PartReader(held.storage)
            read = (reader.columns(path, names).select(names) for path in held.parts(table))
            return {one for rows in read for one in zip(*(rows.column(n).to_pylist() for n in names), strict=True)}

        revisions = columns(ARTICLES, "article_id", "revision")
        assert not revisions - columns(FINGERPRINTS, "article_id", "revision"), "fingerprints"
        assert not {(one,) for one, _ in revisions} - columns(STORIES, "article_id"), "stories"
        assert not columns(ARTICLES, "publisher_domain") - columns(SITES, "site"), "sites"
        assert not columns(PAGES, "url_key") - columns(SEEN, "url_key"), "seen"


def live(life: Life, steps: int) -> None:
    verbs: list[tuple[Callable[..., None], int]] = [
        (life.ingest, 6), (life.backfill, 3), (life.compact, 3), (life.rebuild, 3), (life.retain, 1), (life.forget, 2),
        (life.damage, 2), (life.repair, 1), (life.export, 1), (life.locked, 1),
    ]  # fmt: skip
    (life.ingest if life.random.random() < 0.5 else life.backfill)()
    for _ in range(steps):
        life.pass_time()
        if life.random.random() < 0.7:
            life.publish()
        if life.random.random() < 0.4:
            life.archive()
        [verb] = life.random.choices([one for one, _ in verbs], [n for _, n in verbs])
        if verb in (life.export, life.locked):
            verb()
            continue
        kill = life.random.random() < 0.35
        verb(kill=kill)
        if "killed" not in life.story[-1]:
            life.verify()
        elif life.random.random() < 0.3:
            life.command("verify")
    life.mortal.dies_at = 0
    life.pass_time()
    life.publish()
    life.archive()
    life.ingest()
    life.backfill()
    life.verify()
    for one in (life.compact, life.rebuild):
        one()
    life.ingest()
    life.verify()


@contextmanager
def a_life(folder: Path, mortal: Mortal, seed: int) -> Iterator[Life]:
    with running_server(len(HOSTS)) as web:
        life = Life(folder, web, mortal, random.Random(seed))
        life.publish()
        try:
            yield life
        except BaseException:
            print(f"seed {seed}:", *life.story, sep="\n  ")
            raise


@pytest.mark.upkeep
@pytest.mark.parametrize("seed", range(2))
def test_a_lake_in_random_hands_keeps_each_row_once(tmp_path: Path, mortal: Mortal, seed: int) -> None:
    with a_life(tmp_path, mortal, seed) as life:
        live(life, 2)


@pytest.mark.crash
@pytest.mark.parametrize("seed", range(100, 108))
def test_a_lake_in_random_hands_for_long(tmp_path: Path, mortal: Mortal, seed: int) -> None:
    with a_life(tmp_path, mortal, seed) as life:
        live(life, 25)


@pytest.mark.crash
def test_merged_state_is_rebuilt_from_all_runs_also_where_an_edition_came_between(
    tmp_path: Path, mortal: Mortal
) -> None:
    """Its older rows went by way of the edition's files, so those that the edition replaced are no bound of it."""
    with a_life(tmp_path, mortal, 5) as life:
        for hours in (26, 26, 26, 26, 0, 26, 26):
            life.now_us += hours * HOUR_US
            if hours:
                life.publish()
                life.ingest()
            else:
                status, said = life.command("rebuild", "--grace", "0")
                assert (status, "Switched to edition" in said) == (0, True), said
        life.verify()
        for table in ("fingerprints", "stories", "seen"):
            sorted(life.lake.glob(f"_state/{table}/*-merged.parquet"))[-1].write_bytes(b"garbage")
        assert life.command("repair")[0] == 0
        life.verify()
