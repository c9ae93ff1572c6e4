"""`newsbeam.extract`: from the HTML of one page to its article, by the same steps as in a run."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa
from multidict import CIMultiDict

from newsbeam import given
from newsbeam.errors import ExtractError, UsageError
from newsbeam.page_article import PageArticle
from pipelines.given.times import instant
from pipelines.run.build_page import BuildPage
from pipelines.single_page import single_page
from schemas.article import ARTICLES, Article
from schemas.failure import Reason
from schemas.page import Page
from schemas.run import from_us
from transforms.enrich.entities.by_spacy.models import OWN, SPACY, TELLERS, is_installed
from transforms.extract.extract_error import ExtractError as NoArticleError
from transforms.extract.extract_error import Plainly
from transforms.web.errors import FetchError
from transforms.web.urls import BadUrl

_UTF8_MARK = b"\xef\xbb\xbf"
"""The byte-order mark that says UTF-8, whatever a page declares."""


def extract(
    html: bytes | str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    keep_links: bool = False,
    entities: str = OWN,
) -> PageArticle:
    """The article of one page: text, headline, authors, dates, language and what else the page tells.

    >>> import newsbeam
    >>> page = '''<html lang="en"><head><title>Ferry to run all winter</title>
    ... <meta property="article:published_time" content="2026-03-02T07:30:00+01:00"></head><body>
    ... <article><h1>Ferry to run all winter</h1><p class="byline">By Ada Marsh</p>
    ... <p>The ferry between Oldport and the island of Senn will run all winter for the first time, the harbour office
    ... said on Monday. The council pays for four crossings a day, and the island's school has asked for a fifth.</p>
    ... <p>Until now the boats stopped in November, and the two hundred islanders had to fly or stay at home. A new
    ... hull that can take ice of ten centimetres made the change possible.</p></article></body></html>'''
    >>> article = newsbeam.extract(page, "https://news.example.org/2026/03/02/ferry")
    >>> article.headline, article.authors, article.in_language
    ('Ferry to run all winter', ('Ada Marsh',), 'en')
    >>> article.date_published.isoformat()
    '2026-03-02T06:30:00+00:00'
    >>> article.article_body.split()[:5]
    ['The', 'ferry', 'between', 'Oldport', 'and']

    A page without an article raises `newsbeam.ExtractError`, whose `reason` says why. It is an exception and not None,
    because there are several reasons that call for different deeds (a wall, a page that is no HTML, a text that a
    program would have to draw), and because None is noticed far from where it came from.

    >>> try:
    ...     newsbeam.extract("<p>Sign in to read on.</p>", "https://news.example.org/")
    ... except newsbeam.ExtractError as error:
    ...     print(error.reason)
    no_article

    Give `html` as the bytes that came, so that the charset is found as browsers find it; a str is taken as it is. `url`
    is where the page answered, after redirects. `headers` are those of the answer, names in any case: the charset of
    Content-Type, Link, Content-Language and the rights that X-Robots-Tag states are used. `fetched_at` (default: now,
    and UTC if it has no zone) is when the page came: dates more than a day later are not believed. With `keep_links`,
    `links` are the links of the text. Names are told by our own rules, or with `entities` "spacy" by spaCy's models
    (``pip install 'newsbeam[entities]'``), which the first call loads. Raises `newsbeam.UsageError` for an address that
    is none, a value of another type, or where spaCy is asked for and missing.

    The page is read in this process, without limits of time and memory: a page made to hurt can take long. Pages of
    strangers by the thousand belong into `ingest`, which reads each in a process that can be killed. What a site
    repeats on all its pages is known to a run, and not to one page alone. Thread-safe; makes no request.
    """
    given.check("html", html, (bytes, bytearray, memoryview, str), "bytes or a str")
    given.check("url", url, *given.TEXT)
    given.check("keep_links", keep_links, *given.FLAG)
    _check_entities(entities)
    body = _UTF8_MARK + html.encode(errors="replace") if isinstance(html, str) else bytes(html)
    answered = _checked_headers(headers or {"content-type": "text/html"})
    try:
        page = single_page(body, url, answered, _instant_us(fetched_at), run_id="")
        article = _built(page, keep_links, entities)
    except BadUrl as error:
        raise UsageError(str(error)) from None
    except (FetchError, NoArticleError) as error:
        raise ExtractError(error.reason, error.message) from error
    return _of_page(article)


def _check_entities(entities: Any) -> None:
    """Raise UsageError for what cannot tell names here."""
    if entities not in TELLERS:
        raise UsageError(f"entities: give one of {', '.join(map(repr, TELLERS))}, not {entities!r}")
    if entities == SPACY and not is_installed():
        raise UsageError("entities: spaCy, or a model of it, is missing: pip install 'newsbeam[entities]'")


def _checked_headers(headers: Any) -> CIMultiDict[str]:
    """The headers of a mapping of headers, or of pairs. Raises UsageError."""
    pairs = list(headers.items()) if hasattr(headers, "items") else headers
    try:
        checked = [(name, value) for name, value in pairs]
    except (TypeError, ValueError):
        checked = []
    if not checked or not all(isinstance(one, str) for pair in checked for one in pair):
        raise UsageError("headers: give a mapping of a str, a header's name, to a str")
    return CIMultiDict(checked)


def _instant_us(fetched_at: datetime | None) -> int:
    """An instant in microseconds since 1970; now for None. Raises UsageError."""
    at = datetime.now(UTC) if fetched_at is None else fetched_at
    given.check("fetched_at", at, datetime, "a datetime")
    try:
        return (instant(at.isoformat()) - from_us(0)) // timedelta(microseconds=1)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"fetched_at: {error}") from None


def _built(page: Page, keep_links: bool, entities: str) -> Article:
    """The page's article, built by simpler means where a library fails on it, as in a run. Raises ExtractError."""
    build = BuildPage(keep_links=keep_links, entities_by=entities)
    try:
        return build(page).article
    except NoArticleError as error:
        if error.reason != Reason.CRASH:
            raise
        return build(page, Plainly.LIBRARY_ERROR).article


def _of_page(article: Article) -> PageArticle:
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(PageArticle)):
        is_instant = name in _instants()
        value = getattr(article, f"{name}_us" if is_instant else name)
        values[name] = from_us(value) if is_instant and value is not None else value
    if article.facts_sources is not None:
        values["facts_sources"] = dict(article.facts_sources)
    return PageArticle(**values)


@cache
def _instants() -> frozenset[str]:
    """The columns that hold instants."""
    return frozenset(column.name for column in ARTICLES.schema if pa.types.is_timestamp(column.type))
