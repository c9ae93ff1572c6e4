"""The kinds that pages with gold texts get. Nearly all are articles, and users leave out a page with another kind.

    python -m benchmarks.page_kinds FOLDER…

Prints, for folders of pages with gold texts, how many pages are of each kind, each page that is not called an article,
and the processor milliseconds of finding the kind. The list of pages is to be looked through.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from benchmarks.pages import PageSet, address, page_of
from schemas.article import PageKind
from schemas.page import Page
from transforms.extract.extract_article import extract_article
from transforms.extract.extract_error import ExtractError
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.kind.page_kind import page_kind
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.page.story_tree import into_story_tree
from transforms.extract.parsing.parse import parse_page
from transforms.text.charset import decode_body


class Told(NamedTuple):
    """A page's kind, and the processor seconds of finding it."""

    kind: PageKind
    took_s: float


def main() -> None:
    """Find the kinds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    for pages in map(PageSet, parser.parse_args().folders):
        told = {name: kind_of(page_of(address(pages, name), body)) for name, body in pages.bodies.items()}
        counts = Counter(str(page.kind) for page in told.values())
        each_ms = 1000 * sum(page.took_s for page in told.values()) / len(told)
        listed = ", ".join(f"{n} {kind}" for kind, n in counts.most_common())
        print(f"{pages.folder.name}: {listed}; {each_ms:.2f} ms a page")
        for name, page in told.items():
            if page.kind is not PageKind.ARTICLE:
                print(f"  {page.kind:14} {name}")


def kind_of(page: Page) -> Told:
    """The kind as the build finds it; a page without a text is judged with an empty body."""
    try:
        body = extract_article(page).article.article_body
    except ExtractError:
        body = ""
    tree = parse_page(decode_body(page.body, page.charset)[0])
    if tree is None:
        return Told(PageKind.ARTICLE, 0.0)
    facts = page_facts(tree)
    read = ReadPage(page, facts, into_story_tree(tree), body)
    started_s = time.process_time()
    return Told(page_kind(read), time.process_time() - started_s)


if __name__ == "__main__":
    main()
