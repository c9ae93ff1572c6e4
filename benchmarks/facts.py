"""Facts against hand labels: agencies, datelines, countries, language, names, topic; and their cost.

    python -m benchmarks.facts LABELS.jsonl --pages SET=FOLDER … [--gold] [--predicted OUT.json] [--errors]

LABELS holds one object a line: "id", "set", and the labelled columns. Each FOLDER holds ``html/<id>[.html.gz]`` and
``ground-truth.json`` ({id: {"articleBody", "url", "title", "authors"}}). The labelled pages are built as in a run, with
what they show of their sites. ``--gold`` takes the gold text of each page as its article body instead, so that what
extraction finds of the text does not affect the figures. Labels are told from text, title, address and byline, so the
byline is taken as the build finds it on the page; authors are those of the gold data where these name any.
``--gold --no-bylines`` leaves the pages out.
"""

from __future__ import annotations

import argparse
import ast
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from benchmarks.extraction import after_learning, build_page
from benchmarks.facts_scores import folded, score_lines
from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import BuildPage
from schemas.article import Article
from transforms.clean.clean_text import clean_article
from transforms.enrich.enrich_article import enrich_article, warm_up

_COLUMNS_OF_ERRORS = ("wire_sources", "dateline", "dateline_country", "countries")


def main() -> None:
    """Print the table, and write the predictions if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--pages", nargs="+", required=True, metavar="SET=FOLDER")
    parser.add_argument("--gold", action="store_true", help="take the gold texts as article bodies")
    parser.add_argument("--no-bylines", action="store_true", help="with --gold: leave out the bylines of the pages")
    parser.add_argument("--predicted", type=Path, help="write {id: columns} here")
    parser.add_argument("--errors", action="store_true", help="print each article that is not right")
    options = parser.parse_args()
    if options.no_bylines and not options.gold:
        parser.error("--no-bylines is for --gold")
    labels = [json.loads(line) for line in options.labels.read_text(encoding="utf-8").splitlines()]
    folders = {name: PageSet(Path(folder)) for name, folder in (pair.split("=", 1) for pair in options.pages)}
    if missing := {label["set"] for label in labels} - set(folders):
        parser.error(f"--pages lacks the sets {', '.join(sorted(missing))}")
    warm_up()
    articles = {} if options.no_bylines else built_articles(labels, folders)
    if options.gold:
        articles = gold_articles(labels, folders, articles)
    # A second time for built articles, whose facts stay as they are: to measure the cost apart from extraction's.
    predicted, first_ms = _enriched(articles)
    _, spent_ms = _enriched(articles)
    languages = len({one["in_language"] for one in predicted.values()})
    if options.errors:
        print_errors(labels, predicted)
    for line in score_lines(labels, predicted):
        print(line)
    print(
        f"clean and enrich     {spent_ms:.2f} ms of processor time an article, "
        f"{first_ms:.2f} the first time, with the data of {languages} languages to load"
    )
    if options.predicted:
        options.predicted.write_text(json.dumps(predicted, ensure_ascii=False), encoding="utf-8")


def _enriched(articles: Mapping[str, Article]) -> tuple[dict[str, dict[str, Any]], float]:
    """The columns that are scored of each article, and the processor milliseconds that an article took."""
    started = time.process_time()
    found = {page_id: columns(enrich_article(clean_article(article))) for page_id, article in articles.items()}
    return found, 1000 * (time.process_time() - started) / max(1, len(articles))


def built_articles(labels: Sequence[Mapping[str, Any]], folders: Mapping[str, PageSet]) -> dict[str, Article]:
    """The articles that the build makes of the labelled pages, by id, without what their sites repeat on them. A page
    in which no article is found is left out."""
    build = BuildPage()
    drafts = {}
    for label in labels:
        page_id, pages = label["id"], folders[label["set"]]
        draft = build_page(build, page_of(address(pages, page_id), pages.body(page_id)))
        if draft is not None:
            drafts[page_id] = draft
    return {page_id: draft.article for page_id, draft in after_learning(drafts).items()}


def gold_articles(
    labels: Sequence[Mapping[str, Any]],
    folders: Mapping[str, PageSet],
    built: Mapping[str, Article] = MappingProxyType({}),
) -> dict[str, Article]:
    """The articles as extraction would give them if it found exactly the gold texts, by id; with the bylines of those
    in `built`."""
    articles = {label["id"]: gold_article(label["id"], folders[label["set"]].rows[label["id"]]) for label in labels}
    return {
        page_id: _with_byline(article, built[page_id]) if page_id in built else article
        for page_id, article in articles.items()
    }


def _with_byline(article: Article, built: Article) -> Article:
    return replace(
        article,
        byline=built.byline,
        authors=article.authors or built.authors,
        author_organizations=built.author_organizations,
    )


def gold_article(page_id: str, page: Mapping[str, Any]) -> Article:
    """An article as extraction would give it if it found exactly the gold text."""
    url = page.get("url") or ""
    authors = page.get("authors") or ()
    authors = ast.literal_eval(authors) if isinstance(authors, str) else authors
    return Article(
        article_id=page_id, url=url, canonical_url=url, publisher_domain=_domain(url, page_id), publisher_name=None,
        feed_url="", entry_id=page_id, fetched_at_us=0, ingested_at_us=0, run_id="", article_body=page["articleBody"],
        body_source="gold", extractor="", content_hash="", headline=page.get("title"), authors=tuple(authors or ()),
    )  # fmt: skip


def _domain(url: str, page_id: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    country, _, rest = page_id.partition("__")
    return host if host else (f"unknown.{country}" if rest and len(country) == 2 and country != "us" else "")


def columns(article: Article) -> dict[str, Any]:
    """The columns that are scored, and what told them."""
    return {
        "in_language": article.in_language,
        "wire_sources": list(article.wire_sources),
        "dateline": article.dateline,
        "dateline_country": article.dateline_country,
        "countries": list(article.countries),
        "entities": [entity._asdict() for entity in article.entities],
        "topic": article.topic,
        "facts_sources": dict(article.facts_sources or ()),
        "word_count": article.word_count,
    }


def print_errors(labels: Sequence[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]) -> None:
    """Print the articles whose agencies, dateline or countries are not those of the labels."""
    for label in labels:
        given = predicted.get(label["id"], {})
        for column in _COLUMNS_OF_ERRORS:
            if _compared(label[column]) != _compared(given.get(column)):
                shown = f"{label[column]} but {given.get(column)}"
                print(f"{label['id'][:28]:28} {label['language']} {column:16} {shown}")


def _compared(value: Any) -> list[str]:
    return folded(value if isinstance(value, list) else [value])


if __name__ == "__main__":
    main()
