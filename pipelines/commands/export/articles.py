"""``newsbeam export articles``: writes articles of a lake as a dataset that Hugging Face's and other tools load."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.checks import CommandError, UsageError, nearest
from pipelines.commands.export.archives import software
from pipelines.commands.export.chosen_articles import ChosenArticles
from pipelines.commands.export.new_folder import NewFolder
from pipelines.given.lakes import lake_at, reading_lake, runs_of
from pipelines.given.times import days_of, now_of
from pipelines.printable import json_text, plain
from schemas.article import PageKind
from transforms.dataset.chosen import Sums
from transforms.dataset.columns import COLUMNS, DEFAULT, dataset_rows, schema_of
from transforms.dataset.data_card import CardFacts, DataFile, data_card
from transforms.dataset.row_counts import RowCounts
from transforms.dataset.shards import SUFFIXES, Shards
from transforms.dataset.wanted import Wanted

_MB = 1_000_000
_FILTERS = ("languages", "countries", "topics", "page_kinds", "domains", "hosts")
_SWITCHES = ("all_revisions", "keep_withdrawn", "without_copies", "ignore_usage_directives")


def export_articles(given: argparse.Namespace) -> int:
    """0 after ``newsbeam export articles``.

    Raises UsageError if there is no lake or the folder holds something, CommandError if there is nothing to export or
    the lake cannot be read.
    """
    given.columns = tuple(dict.fromkeys(_known(given.columns or DEFAULT, COLUMNS, "column")))
    _known(sorted(given.page_kinds), [*PageKind], "page kind")
    since, until = days_of(given.since, given.until, now_of(given))
    wanted = Wanted(since, until, **{name: getattr(given, name) for name in _FILTERS}, min_words=given.min_words)
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)
        with NewFolder(given.to) as folder:
            articles = ChosenArticles(
                storage,
                wanted,
                all_revisions=given.all_revisions,
                keeps_withdrawn=given.keep_withdrawn,
                honours_objections=not given.ignore_usage_directives,
                without_copies=given.without_copies,
            )
            facts = _write(given, wanted, articles, folder)
            folder.begin("README.md").write(data_card(facts).encode())
            place = folder.keep()
    _show(given, facts, place)
    return 0


def _known(words: Sequence[str], known: Iterable[str], what: str) -> Sequence[str]:
    """The words, which must be known. Raises UsageError with the nearest, or all that are."""
    known = list(known)
    for word in words:
        if word not in known:
            near = nearest(word, known)
            meant = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"there is no {what} {word!r}; {meant}")
    return words


def _write(given: argparse.Namespace, wanted: Wanted, articles: ChosenArticles, folder: NewFolder) -> CardFacts:
    schema = schema_of(given.columns)
    suffix, counts = SUFFIXES[given.format], RowCounts()

    def path(number: int) -> str:
        return f"data/{number:05d}{suffix}"

    shards = Shards(given.format, schema, lambda number: folder.begin(path(number)), given.max_file_mb * _MB)
    for day, rows in articles.in_order():
        counts.add(rows, day)
        shards.write(dataset_rows(rows, day, schema))
    if not counts.rows:
        raise CommandError(_nothing(given, articles.sums))
    shards.finish()
    folder.flush()
    files = []
    for number, count in enumerate(shards.rows):
        name = f"train-{number:05d}-of-{len(shards.rows):05d}{suffix}"  # as Hugging Face names them
        folder.rename(path(number), name)
        files.append(_described(folder.folder, f"data/{name}", count))
    asked = _asked(given, wanted)
    return CardFacts(files, suffix, schema, counts, articles.sums, asked, not given.ignore_usage_directives, software())


def _described(folder: Path, path: str, rows: int) -> DataFile:
    with open(folder / path, "rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        return DataFile(path, rows, file.tell(), checksum)


def _asked(given: argparse.Namespace, wanted: Wanted) -> dict[str, str]:
    """The options that chose the articles, as they were understood; the lake's name is not told."""
    asked = {"since": str(wanted.since or ""), "until": str(wanted.until or "")}
    asked |= {name: ", ".join(sorted(getattr(wanted, name))) for name in _FILTERS}
    asked["min_words"] = str(wanted.min_words or "")
    asked |= {name: "yes" if getattr(given, name) else "" for name in _SWITCHES}
    asked["format"] = given.format
    return {name: value for name, value in asked.items() if value}


def _nothing(given: argparse.Namespace, sums: Sums) -> str:
    """Why there is nothing to export."""
    if not sums.read:
        return f"nothing to export: {given.output} has no article of these days"
    return f"nothing to export: all {sums.read} row(s) of these days are left out ({_by_reason(sums.left_out)})"


def _show(given: argparse.Namespace, facts: CardFacts, place: Path) -> None:
    sums, left_out = facts.sums, {str(why): count for why, count in facts.sums.left_out.items() if count}
    size = sum(file.bytes for file in facts.files)
    if given.json:
        told: dict[str, Any] = {"output": given.output, "to": str(place), "rows": facts.counts.rows, "bytes": size}
        told |= {"files": [asdict(file) for file in facts.files], "read": sums.read, "left_out": left_out}
        told |= {"withdrawn": sums.withdrawn, "objecting": sums.objecting, "objections": dict(sums.objections)}
        print(json_text(told, sort_keys=True))
        return
    print(f"{facts.counts.rows} article(s), {size / 1e6:.1f} MB in {len(facts.files)} file(s), in {plain(str(place))}.")
    if left_out:
        print(f"Left out: {_by_reason(left_out)}.")
    if sums.withdrawn and given.keep_withdrawn:
        print(f"{sums.withdrawn} row(s) of articles that their publishers withdrew are among them.")
    if sums.objecting and given.ignore_usage_directives:
        print(f"{sums.objecting} article(s) of publishers who object to training or mining are among them.")


def _by_reason(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{why.replace('_', ' ')} {count}" for why, count in sorted(counts.items()) if count)
