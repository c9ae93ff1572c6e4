"""``newsbeam diff``: prints what changed from one revision of an article to another."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from pipelines.checks import CommandError, UsageError
from pipelines.commands.why.asked import asked_of
from pipelines.commands.why.changes import Changed, changed_facts, text_diff
from pipelines.given.lakes import lake_at, read_again, reading_lake, runs_of
from pipelines.printable import json_text, masked, plain
from schemas.run import iso
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.lookup.entry_facts import entry_facts
from transforms.lake.lookup.find_rows import Row
from transforms.lake.lookup.text_diff import Change, Stretch, by_words


def diff(given: argparse.Namespace) -> int:
    """0, after printing the difference. Raises CommandError without such an article, UsageError without such a
    revision."""
    asked = asked_of(given.what)
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)
        facts = read_again(lambda: entry_facts(PartReader(storage), committed(storage), asked, articles_only=True))
    rows = facts.articles
    if not rows:
        raise CommandError(f"no article of {given.output} is at {masked(given.what)}; newsbeam why tells more")
    if len(rows) == 1 and given.between is None:
        _show(given, rows, (1, 1))
        return 0
    numbers = tuple(given.between or (len(rows) - 1, len(rows)))
    if not all(1 <= number <= len(rows) for number in numbers):
        raise UsageError(f"--between {numbers[0]} {numbers[1]}: the article has revisions 1 to {len(rows)}")
    _show(given, rows, (numbers[0], numbers[1]))
    return 0


def _show(given: argparse.Namespace, rows: Sequence[Row], numbers: tuple[int, int]) -> None:
    before, after = rows[numbers[0] - 1], rows[numbers[1] - 1]
    facts = changed_facts(before, after)
    if given.json:
        shown = {
            "output": given.output,
            "article_id": after["article_id"],
            "canonical_url": after["canonical_url"],
            "revisions": [
                {"number": number, "revision": row["revision"], "fetched_at": iso(row["fetched_at"])}
                for number, row in enumerate(rows, 1)
            ],
            "between": list(numbers),
            "changed": [one._asdict() for one in facts],
            "diff": text_diff(before, after, numbers),
        }
        print(json_text(shown))
        return
    print(f"article {after['article_id']}, {masked(after['canonical_url'])}")
    if numbers[0] == numbers[1]:
        print(f"revision {numbers[0]} of {len(rows)}, fetched {iso(after['fetched_at'])[:16]}Z: nothing to compare")
        return
    print("\n".join(_lines(before, after, numbers, facts, given.words)))


def _lines(before: Row, after: Row, numbers: tuple[int, int], facts: Sequence[Changed], words: bool) -> Iterator[str]:
    for one in facts:
        yield plain(f"{one.name}: {one.before} -> {one.after}")
    if facts:
        yield ""
    if not words:
        yield from map(plain, text_diff(before, after, numbers) or ["the same text"])
        return
    for stretches in by_words(before["article_body"], after["article_body"]):
        yield from "".join(map(_marked, stretches)).split("\n")


def _marked(stretch: Stretch) -> str:
    """A stretch as ``[-gone-]`` or ``{+new+}``, as wdiff and git mark words."""
    text = "\n".join(map(plain, stretch.text.split("\n")))
    return {Change.SAME: text, Change.GONE: f"[-{text}-]", Change.NEW: f"{{+{text}+}}"}[stretch.change]
