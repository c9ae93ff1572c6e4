"""Dates, titles and authors of pages against gold, and against trafilatura's own metadata in the same run.

    python -m benchmarks.metadata FOLDER… [--errors] [--sources]

Each FOLDER holds pages as for ``benchmarks.extraction``, and its ``ground-truth.json`` has `title`, `author` or
`authors`, `publish_date` or `publishing_date`, and `url` if known. Figures are printed for all pages and for each half
of the sites (by a hash of the site, so that what is tuned on one half can be checked on the other):

- date: of the pages with a gold date, how many have a date at most a day away from it, and how many that very day
  (`published_day`); how many of the dates given are wrong, and how many pages have none.
- title: pages whose title is equal, ignoring case, runs of white space and the shape of quotation marks.
- author: pages with a gold author whose names are the same set, compared like titles. A string of several names is
  split at commas, semicolons, "and" and "&", in both gold and answer. `named` counts the pages where any name is
  given, `invented` the pages without a gold author where one is given. `signed` counts the pages where the authors,
  or the authors with the organisations, are the gold names: some golds take a desk or a publisher for an author.
- ms: processor milliseconds a page for all metadata, without decoding and parsing; each tool on trees of its own.

Pages state no time of fetch; one later than all of them is taken. A gold date that is no date counts as none; a page
whose address is none has one made up. `--errors` prints the differences in the first half, `--sources` how often each
source of dates is right.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

from benchmarks.date_sources import DateSources
from benchmarks.pages import PageSet, address, page_of
from transforms.extract.facts.metadata import read_metadata
from transforms.extract.facts.page_facts import PageFacts, page_facts
from transforms.extract.parsing.parse import parse_page
from transforms.text.charset import decode_body

_QUOTES = str.maketrans("‘’‚‛“”„‟«»", "''''" + 6 * '"')
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|&)\s*")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page or its gold states: title, names, the day of publication, and organisations in an author's place."""

    title: str
    authors: frozenset[str]
    day: date | None
    organizations: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tally:
    """Counts of right answers, and of the pages that call for one."""

    pages: int = 0
    ms: float = 0.0
    dates: int = 0
    same_days: int = 0
    undated: int = 0
    dated: int = 0
    titles: int = 0
    titled: int = 0
    authors: int = 0
    named: int = 0
    signed: int = 0
    all_signed: int = 0
    invented: int = 0
    unsigned: int = 0

    def add(self, gold: Stated, given: Stated, ms: float) -> list[str]:
        """Count one page. Returns the names of the values that are wrong."""
        self.pages += 1
        self.ms += ms
        wrong = []
        if gold.day is not None:
            right = given.day is not None and abs((given.day - gold.day).days) <= 1
            self.dates, self.dated = self.dates + right, self.dated + 1
            self.same_days, self.undated = self.same_days + (given.day == gold.day), self.undated + (given.day is None)
            wrong += [] if right else ["day"]
        if gold.title:
            right = given.title == gold.title
            self.titles, self.titled = self.titles + right, self.titled + 1
            wrong += [] if right else ["title"]
        if gold.authors:
            right = given.authors == gold.authors
            self.authors, self.signed = self.authors + right, self.signed + 1
            self.all_signed += right or given.authors | given.organizations == gold.authors
            self.named += bool(given.authors)
        else:
            right = not given.authors
            self.invented, self.unsigned = self.invented + (not right), self.unsigned + 1
        return wrong if right else [*wrong, "authors"]

    def __str__(self) -> str:
        given = self.dated - self.undated
        return (
            f"date {_share(self.dates, self.dated)}, same day {_share(self.same_days, self.dated)}, "
            f"wrong {_share(given - self.dates, given)}  title {_share(self.titles, self.titled)}  "
            f"author {_share(self.authors, self.signed)}, named {_share(self.named, self.signed)}, "
            f"signed {_share(self.all_signed, self.signed)}, "
            f"invented {_share(self.invented, self.unsigned)}  {self.ms / max(1, self.pages):5.1f} ms a page"
        )


def _share(count: int, of: int) -> str:
    return f"{count / of:.3f} of {of}" if of else "- of 0"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true", help="print what differs on the pages of the first half")
    parser.add_argument("--sources", action="store_true", help="print how often each source of dates is right")
    given = parser.parse_args()
    sources = DateSources()
    for pages in map(PageSet, given.folders):
        measure(pages, given.errors, sources if given.sources else None)
    if given.sources:
        print(sources.table())


def measure(pages: PageSet, show_errors: bool = False, sources: DateSources | None = None) -> None:
    """Print the figures of one folder, and count the sources of its dates."""
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for page_id, body in pages.bodies.items():
        row = pages.rows[page_id]
        url = address(pages, page_id)
        half = f"half {blake2b(pages.site(page_id).encode()).digest()[0] % 2 + 1}"
        gold = gold_of(row)
        text, _ = decode_body(body, None)
        if sources is not None and gold.day is not None:
            page = page_of(url, b"")
            sources.add(url, page_facts(parse_page(text), page.final_url), page, gold.day)
        for tool, read in TOOLS.items():
            tree = parse_page(text)
            started = time.process_time()
            answer = read(tree, url)
            ms = 1000 * (time.process_time() - started)
            tallies[tool, "all"].add(gold, answer, ms)
            wrong = tallies[tool, half].add(gold, answer, ms)
            if show_errors and wrong and half == "half 1" and tool == "newsbeam":
                for name in wrong:
                    print(f"  {page_id} {name}: gold {getattr(gold, name)!r}, given {getattr(answer, name)!r}")
    print(f"{pages.folder.name}, {len(pages.rows)} pages")
    for (tool, part), tally in sorted(tallies.items(), key=lambda one: (one[0][1], one[0][0])):
        print(f"  {tool:12} {part:7} {tally}")


def gold_of(row: Mapping[str, Any]) -> Stated:
    """What the gold data say of a page."""
    return Stated(_plain(row.get("title")), _names(row.get("author") or row.get("authors")), _gold_day(row))


def _gold_day(row: Mapping[str, Any]) -> date | None:
    """The gold day; None if only a month is given, or what is no day."""
    text = str(row.get("publish_date") or row.get("publishing_date") or "")[:10]
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _plain(text: str | None) -> str:
    return " ".join((text or "").translate(_QUOTES).casefold().split())


def _names(names: str | list[str] | tuple[str, ...] | None) -> frozenset[str]:
    joined = names if isinstance(names, str) else ";".join(names or ())
    return frozenset(filter(None, _SPLIT.split(_plain(joined))))


def _ours(tree: HtmlElement, url: str) -> Stated:
    return ours(page_facts(tree, page_of(url, b"").final_url), url)


def ours(facts: PageFacts, url: str) -> Stated:
    """What newsbeam says of a page."""
    page = page_of(url, b"")
    said = read_metadata(facts, page)
    names, organizations = _names(said.authors), _names(said.author_organizations)
    return Stated(_plain(said.headline), names, said.published_day, organizations)


def _trafilaturas(tree: HtmlElement, url: str) -> Stated:
    found = extract_metadata(tree, default_url=url)
    day = date.fromisoformat(found.date) if found.date else None
    return Stated(_plain(found.title), _names(found.author), day)


TOOLS: Mapping[str, Callable[[HtmlElement, str], Stated]] = {"newsbeam": _ours, "trafilatura": _trafilaturas}


if __name__ == "__main__":
    main()
