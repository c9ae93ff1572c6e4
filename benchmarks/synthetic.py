"""Makes a lake with any number of stored pages to build from, without a network: invented news of invented sites.

    python -m benchmarks.synthetic PAGES OUTPUT

The pages are in page files, as a run leaves them that died after fetching. ``newsbeam ingest`` with an empty feed list
builds their articles. One article in six is printed by a second site, edited or abridged; each site has a menu, a
footer and lines of its own below every story. The same number gives the same pages.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

from schemas.page import PAGES, Page
from schemas.run import new_run_id
from schemas.table import day_of
from transforms.common.batches import batches
from transforms.lake.files.parts import PartWriter
from transforms.lake.files.storage import Storage
from transforms.lake.recover import begin_run
from transforms.web.urls import url_key

NOON_US = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z
_DAY_US = 86_400_000_000
_SITES = 60
_FILE_PAGES = 400
_COMMON = (
    "the of and to in a that for on with as was at by it from said is his her they were an has would which had not but "
    "who will more after their about when also been have one two new than first last year this its"
).split()
_SYLLABLES = "ba den kel lor mi nar pos rin sal tor ver win zu gar hol fen dra lio mun cas".split()
_PLACES = "Hollowell Greyport Saltmere Duncraig Elverton Northam Quillby Tarrow Wexcombe Yarle".split()


def pages(count: int) -> Iterator[Page]:
    """`count` pages, each at an address of its own."""
    words = vocabulary()
    told: list[tuple[str, list[str]]] = []
    for number in range(count):
        chance = random.Random(number)
        if number % 6 == 5:
            headline, paragraphs = told[chance.randrange(len(told))]
            kept = paragraphs if number % 12 == 5 else paragraphs[: max(2, len(paragraphs) // 2)]
            paragraphs = [_edited(paragraph, chance, words) for paragraph in kept]
        else:
            headline, paragraphs = _story(chance, words)
            told = [*told[-499:], (headline, paragraphs)]
        yield _page(number, headline, paragraphs, chance)


def store(count: int, output: str) -> None:
    """Store `count` pages in the lake at `output`, as a run that died left them."""
    storage = Storage(output)
    run_id = new_run_id(NOON_US, None)
    begin_run(storage, run_id)
    writer = PartWriter(storage, run_id)
    for chunk, some in enumerate(batches(pages(count), _FILE_PAGES)):
        writer.write(PAGES, some, f"00000-{chunk:04d}", day_of(NOON_US))


def vocabulary() -> list[str]:
    """The invented words of the news."""
    chance = random.Random("vocabulary")
    return sorted({"".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))) for _ in range(6_000)})


def _story(chance: random.Random, vocabulary: list[str]) -> tuple[str, list[str]]:
    topic = chance.sample(vocabulary, 40)
    place = chance.choice(_PLACES)
    headline = f"{place} {' '.join(chance.sample(topic, 5))}".capitalize()
    return headline, [_paragraph(chance, vocabulary, topic, place) for _ in range(chance.randrange(6, 14))]


def _paragraph(chance: random.Random, vocabulary: list[str], topic: list[str], place: str) -> str:
    sentences = []
    for _ in range(chance.randrange(2, 4)):
        words = [
            chance.choice(_COMMON if chance.random() < 0.5 else topic if chance.random() < 0.4 else vocabulary)
            for _ in range(chance.randrange(12, 26))
        ]
        words.insert(chance.randrange(1, len(words)), place)
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def _edited(paragraph: str, chance: random.Random, vocabulary: list[str]) -> str:
    words = paragraph.split()
    words[chance.randrange(len(words))] = chance.choice(vocabulary)
    return " ".join(words)


def _page(number: int, headline: str, paragraphs: list[str], chance: random.Random) -> Page:
    site = f"paper{number % _SITES}.example"
    url = f"https://{site}/news/{number}-{headline.lower().replace(' ', '-')}"
    published_us = NOON_US - chance.randrange(20 * _DAY_US)
    date = f"{day_of(published_us)}T09:{number % 60:02d}:00Z"
    story = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in _PLACES)
    tip = f"<p>Got a tip for {site}? Write to the news desk, and we will call you back within the day.</p>"
    related = "".join(f'<li><a href="/news/{n}">Another story, number {n}</a></li>' for n in range(number, number + 8))
    body = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{headline} - {site}</title>'
        f'<link rel="canonical" href="{url}"><meta property="article:published_time" content="{date}"></head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{headline}</h1>{story}{tip}</article></main>"
        f"<aside><h2>More</h2><ul>{related}</ul></aside><footer>All rights with {site}.</footer></body></html>"
    )
    return Page(
        url=url,
        url_key=url_key(url),
        final_url=url,
        status=200,
        content_type="text/html",
        charset="utf-8",
        headers=(),
        body=body.encode(),
        fetched_at_us=NOON_US + number,
        run_id=new_run_id(NOON_US, None),
        feed_url=f"https://{site}/feed",
        feed_title=None,
        entry_id=url,
        entry_title=headline,
        entry_summary=None,
        entry_content_html=None,
        entry_authors=(),
        entry_keywords=(),
        entry_language=None,
        entry_image_url=None,
        entry_published_us=None,
        entry_updated_us=None,
        elapsed_ms=1,
    )


def main() -> None:
    """Store the pages that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int)
    parser.add_argument("output")
    given = parser.parse_args()
    store(given.pages, given.output)


if __name__ == "__main__":
    main()
