"""The data card of a dataset: README.md with the YAML that Hugging Face reads, and what a user must know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from transforms.dataset.chosen import LeftOut, Sums
from transforms.dataset.columns import COLUMNS, feature_lines
from transforms.dataset.objections import MEANINGS
from transforms.dataset.row_counts import RowCounts

_SHOWN: Final = 50
"""Rows of a table; the rest is summed up in one."""

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MORE_SIZES: Final = ((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))

_SAID: Final = {
    LeftOut.OLDER: "older revisions: a newer one of the article is in the lake",
    LeftOut.NOT_WANTED: "not among what was asked for",
    LeftOut.WITHDRAWN: "their publishers have withdrawn them",
    LeftOut.OBJECTS: "their publishers object to training or mining",
    LeftOut.COPY: "copies of another article in this dataset",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dataset: its path in it, rows, bytes and checksum."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card tells: the files and their schema, the counts, what was asked for (option and value), who made it."""

    files: Sequence[DataFile]
    suffix: str
    schema: pa.Schema
    counts: RowCounts
    sums: Sums
    asked: Mapping[str, str]
    honours_objections: bool
    made_by: str


def data_card(facts: CardFacts) -> str:
    """The card. The same facts give the same text; no time of making is in it."""
    return "\n".join([*_front_matter(facts), "", *_text(facts), ""])


def title_of(counts: RowCounts) -> str:
    """The name of a dataset: ``News articles, 2026-03-01 to 2026-03-31``."""
    return f"News articles, {' to '.join(dict.fromkeys(str(day) for day in (counts.first, counts.last)))}"


def _front_matter(facts: CardFacts) -> Iterator[str]:
    counts = facts.counts
    size = sum(file.bytes for file in facts.files)
    yield "---"
    yield f"pretty_name: {json.dumps(title_of(counts))}"
    if languages := sorted(one for one in counts.by["in_language"] if one):
        yield "language:"
        yield from (f"- {json.dumps(one)}" for one in languages)
    yield "license: other"
    yield f"size_categories:\n- {json.dumps(_size_category(counts.rows))}"
    yield "tags:\n- news"
    yield from ("configs:", "- config_name: default", "  data_files:", "  - split: train")
    yield f"    path: {json.dumps(f'data/*{facts.suffix}')}"
    yield from ("dataset_info:", "  config_name: default", "  features:")
    yield from (f"  {line}" for line in feature_lines(facts.schema))
    yield from ("  splits:", "  - name: train", f"    num_bytes: {size}", f"    num_examples: {counts.rows}")
    yield from (f"  download_size: {size}", f"  dataset_size: {size}", "---")


def _text(facts: CardFacts) -> Iterator[str]:
    yield from _head(facts)
    yield from _use(facts)
    yield from _contents(facts)


def _head(facts: CardFacts) -> Iterator[str]:
    counts, sums = facts.counts, facts.sums
    yield f"# {title_of(counts)}\n"
    kinds = "articles in each of their revisions" if "all_revisions" in facts.asked else "articles"
    languages = len([one for one in counts.by["in_language"] if one])
    publishers = len(counts.by["publisher_domain"])
    yield f"{_number(counts.rows)} {kinds} of {_number(publishers)} publishers in {languages} languages, with"
    yield f"{_number(counts.words)} words, published from {counts.first} to {counts.last} (UTC). Exported from a lake"
    yield f"of collected news feeds by {facts.made_by}.\n"
    yield "```python\nfrom datasets import load_dataset\n"
    yield 'articles = load_dataset("path/of/this/folder", split="train")\n```\n'

    yield "## What was asked for\n"
    yield from _table(("option", "value"), [(f"`{name}`", _cell(value)) for name, value in facts.asked.items()])
    yield "\n## What is in it, and what is not\n"
    yield f"{_number(sums.read)} rows of the days asked for were read.\n"
    rows = [(_said(why), _number(sums.left_out[why])) for why in LeftOut if sums.left_out[why]]
    yield from _table(("what became of them", "rows"), [*rows, ("in this dataset", _number(counts.rows))])


def _use(facts: CardFacts) -> Iterator[str]:
    counts, sums = facts.counts, facts.sums
    yield "\n## Use\n"
    yield "The articles belong to their publishers. That one is here is no permission to use it: `license`,"
    yield "`is_accessible_for_free` and `usage_directives` carry what pages, headers, feeds and robots.txt stated when"
    yield "the article was fetched; silence is not consent.\n"
    if facts.honours_objections:
        yield f"**Usage directives were honoured**: {_number(sums.objecting)} articles whose publishers object to the"
        yield "training of models or to text and data mining are left out."
    else:
        yield f"**Usage directives were NOT honoured** (`ignore_usage_directives`): {_number(sums.objecting)} articles"
        yield "whose publishers object to the training of models or to text and data mining are among these."
    yield "Objections by kind; an article may have several:\n"
    found = [(MEANINGS[kind], _number(sums.objections[kind])) for kind in MEANINGS]
    yield from _table(("objection", "articles"), found)
    if sums.withdrawn:
        kept = "keep_withdrawn" in facts.asked
        yield f"\n{_number(sums.withdrawn)} rows of articles that their publishers have withdrawn are"
        yield "among these (`keep_withdrawn`)." if kept else "left out."
    yield "\nLicences as stated by the pages:\n"
    yield from _counts("licence", counts.by["license"], "none stated")
    free, paid = _number(counts.free[True]), _number(counts.free[False])
    yield f"\nStated to be free to read: {free} articles; not to be: {paid}."
    yield "\nUsage directives of the articles in this dataset:\n"
    yield from _counts("directive", counts.by["usage_directives"], "none stated")


def _contents(facts: CardFacts) -> Iterator[str]:
    counts = facts.counts
    yield "\n## Languages\n"
    yield from _counts("language", counts.by["in_language"], "not known")
    yield "\n## Sources\n"
    yield from _counts("publisher", counts.by["publisher_domain"], "")
    yield "\n## Countries\n\nAn article may have up to four.\n"
    yield from _counts("country", counts.by["countries"], "none")
    yield "\n## Topics, kinds of page, copies\n"
    for name, no_value in (("topic", "not sure"), ("page_kind", "not known"), ("relation", "not known")):
        yield from _counts(f"`{name}`", counts.by[name], no_value)
        yield ""
    yield "## Columns\n"
    yield ", ".join(f"`{name}`" for name in facts.schema.names) + "."
    missing = [name for name in COLUMNS if name not in facts.schema.names]
    if missing:
        yield f"\nLeft out: {', '.join(f'`{name}`' for name in missing)}."
    yield "\nnewsbeam's docs/tables.md has their meaning. `facts_sources` is a list of pairs here, a map there;"
    yield "`published_date` is the partition there.\n"
    yield "## Files\n"
    files = [(f"`{one.path}`", _number(one.rows), _number(one.bytes), f"`{one.sha256}`") for one in facts.files]
    yield from _table(("file", "rows", "bytes", "SHA-256"), files)


def _said(why: LeftOut) -> str:
    return f"left out: {_SAID[why]}"


def _counts(what: str, counts: Counter[str | None], no_value: str) -> Iterator[str]:
    """A table of values and their counts, the most frequent first, those without a value last."""
    ranked = sorted(((count, value) for value, count in counts.items() if value), key=lambda one: (-one[0], one[1]))
    rows = [(_cell(value), _number(count)) for count, value in ranked[:_SHOWN]]
    if rest := ranked[_SHOWN:]:
        rows.append((f"{_number(len(rest))} others", _number(sum(count for count, _ in rest))))
    if without := sum(count for value, count in counts.items() if not value):
        rows.append((no_value, _number(without)))
    return _table((what, "articles"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    """Foreign text in a table: as code, so that it is neither a link nor mark-up, and in its cell."""
    plain = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{plain if len(plain) <= 200 else f'{plain[:200]}…'}`" if plain else ""


def _number(count: int) -> str:
    return f"{count:,}"


def _size_category(rows: int) -> str:
    return next((name for most, name in (*_SIZES, *_MORE_SIZES) if rows < most), "n>1B")
