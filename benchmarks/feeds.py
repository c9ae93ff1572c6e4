"""Real feed documents, read by newsbeam and by bare feedparser.

    python -m benchmarks.feeds FEEDS_FOLDER

FEEDS_FOLDER holds ``feeds-dev.zip`` with the documents, and ``feeds-dev.jsonl`` with a line for each (name, url, root).
Prints exceptions; entries against feedparser's own count in the same run; entries without link, id and date, as
feedparser gives them and as newsbeam does; and processor milliseconds a feed against feedparser alone, with and without
its sanitising. JSON feeds, which feedparser does not read, are left out of the comparisons. Only reads files; fetches
nothing.
"""

from __future__ import annotations

import argparse
import json
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

from schemas.feed import FeedSpec
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError

_DATES = ("published_parsed", "updated_parsed", "created_parsed")


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document. `is_json` marks those that feedparser cannot read."""

    name: str
    body: bytes
    url: str
    is_json: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    documents = list(_documents(parser.parse_args().folder))
    xml = [document for document in documents if not document.is_json]
    for warm in (_read, _bare, _sanitised):  # the first document of each kind pays for imports
        warm(xml[0])

    ours, ours_s = _timed(_read, xml)
    bare, bare_s = _timed(_bare, xml)
    _, sanitised_s = _timed(_sanitised, xml)
    json_counts, _ = _timed(_read, [document for document in documents if document.is_json])

    raised = sum(count["raised"] for count in (*ours, *json_counts))
    print(f"documents {len(documents)}, of them {len(documents) - len(xml)} JSON")
    print(f"exceptions  newsbeam {raised}  feedparser {sum(count['raised'] for count in bare)}")
    print(f"no feed     newsbeam {sum(count['refused'] for count in (*ours, *json_counts))}")
    fewer = [xml[n].name for n in range(len(xml)) if ours[n]["entries"] < bare[n]["entries"]]
    more = sum(mine["entries"] > theirs["entries"] for mine, theirs in zip(ours, bare, strict=True))
    print(f"feeds with fewer entries than feedparser finds {len(fewer)} {fewer or ''}  with more {more}")
    print(f"JSON entries {sum(count['entries'] for count in json_counts)}")
    print(f"\n{'entries':24} {'feedparser':>10} {'newsbeam':>10}")
    for label, key in (("all", "entries"), ("without link", "link"), ("without id", "id"), ("without date", "date")):
        print(f"{label:24} {_sum(bare, key):10} {_sum(ours, key):10}")
    silent = _sum(bare, "date") - _sum(bare, "unreadable")
    unread = _sum(ours, "date") - _sum(ours, "absurd") - silent
    print(f"{'  with one, unreadable':24} {_sum(bare, 'unreadable'):10} {unread:10}")
    print(f"{'  with one, absurd':24} {'':>10} {_sum(ours, 'absurd'):10}")
    print(f"\n{'processor ms a feed':24} {'':>10} {'ratio':>10}")
    for label, spent_s in (
        ("feedparser, sanitising", sanitised_s),
        ("feedparser, bare", bare_s),
        ("newsbeam", ours_s),
    ):
        print(f"{label:24} {1000 * spent_s / len(xml):10.1f} {spent_s / bare_s:10.2f}")


def _documents(folder: Path) -> Iterable[Document]:
    with zipfile.ZipFile(folder / "feeds-dev.zip") as archive:
        for line in (folder / "feeds-dev.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            url = row["url"] or "https://feed.example/feed"
            yield Document(row["name"], archive.read(row["name"]), url, row["root"] == "json")


def _timed(read: Callable[[Document], Counter[str]], documents: list[Document]) -> tuple[list[Counter[str]], float]:
    started_s = time.process_time()
    counts = [read(document) for document in documents]
    return counts, time.process_time() - started_s


def _read(document: Document) -> Counter[str]:
    spec = FeedSpec(document.url)
    try:
        parsed = parse_feed(document.body, None, document.url)
        entries, problems = entries_of(parsed, spec, time.time_ns() // 1000)
    except FeedError:
        return Counter(refused=1)
    except Exception as error:  # there should be none: this counts them
        print(f"{document.name}: {error!r}")
        return Counter(raised=1)
    undated = sum(raw.published_us is None and raw.updated_us is None for raw in parsed.entries)
    dated = sum(entry.published_us is not None or entry.updated_us is not None for entry in entries)
    linked = [raw for raw in parsed.entries if raw.link]
    dated_raw = sum(raw.published_us is not None or raw.updated_us is not None for raw in linked)
    return Counter(
        entries=len(parsed.entries),
        link=len(problems),
        id=sum(not entry.entry_id for entry in entries),
        date=undated + dated_raw - dated,
        absurd=dated_raw - dated,
    )


def _bare(document: Document) -> Counter[str]:
    return _feedparser(document, sanitize_html=False, resolve_relative_uris=False)


def _sanitised(document: Document) -> Counter[str]:
    return _feedparser(document)


def _feedparser(document: Document, **settings: bool) -> Counter[str]:
    try:
        entries = feedparser.parse(BytesIO(document.body), **settings).entries
    except Exception:  # feedparser may raise anything
        return Counter(raised=1)
    undated = [entry for entry in entries if not any(entry.get(key) for key in _DATES)]
    return Counter(
        entries=len(entries),
        link=sum(not entry.get("link") for entry in entries),
        id=sum(not entry.get("id") for entry in entries),
        date=len(undated),
        unreadable=sum(_names_a_date(entry) for entry in undated),
    )


def _names_a_date(entry: Any) -> bool:
    return any(dict.get(entry, key) for key in ("published", "updated", "created"))


def _sum(counts: Iterable[Counter[str]], key: str) -> int:
    return sum(count[key] for count in counts)


if __name__ == "__main__":
    main()
