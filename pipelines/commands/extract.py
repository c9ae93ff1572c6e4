"""``newsbeam extract``: runs the pipeline's own steps on one page, a file or an address, and prints JSON."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.checks import UsageError, check_output, read_input
from pipelines.commands.explain import explained_blocks, explained_page, print_explained
from pipelines.commands.report.report import wide_console
from pipelines.given.network import network_settings
from pipelines.given.run_settings import entities_by
from pipelines.printable import json_text, plain
from pipelines.run.build_page import explain_pages
from pipelines.single_page import entry_of, single_page
from pipelines.start_workers import preload
from schemas.article import ARTICLES, Article
from schemas.columns import Column
from schemas.page import Page
from schemas.run import iso
from transforms.common.clock import Clock
from transforms.extract.extract_error import ExtractError
from transforms.pages.make_page import check_page, page_from
from transforms.sandbox import NoWorkersError, Sandbox, SandboxError
from transforms.text.markdown import markdown_of
from transforms.web.errors import Deferred, FetchError
from transforms.web.politeness.polite import open_polite_client
from transforms.web.urls import BadUrl, parse_url

_RUN_ID = "extract"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,20}://", re.IGNORECASE)


def extract(given: argparse.Namespace) -> int:
    """0, after printing the article (JSON, Markdown) or its explained blocks; 1, after printing why there is none."""
    clock = Clock()
    tells_names = entities_by(given)
    is_address = _ADDRESS.match(given.page) is not None
    try:
        parse_url(given.page if is_address else given.url)
    except BadUrl as error:
        raise UsageError(str(error)) from None
    if given.explain not in (None, "-"):
        check_output(given.explain)
    try:
        page = asyncio.run(_fetched(given, clock)) if is_address else _read(given.page, given.url, clock)
    except (FetchError, Deferred, BadUrl) as error:
        print(f"newsbeam extract: {plain(str(error))}", file=sys.stderr)
        return 1
    pool = Sandbox(workers=1, preload=preload(tells_names)).open()
    try:
        build = explain_pages(given.keep_links, tells_names)
        found = build.finish(pool, page, build.start(pool, page))
        found = found._replace(article=replace(found.article, ingested_at_us=clock.now_us(), run_id=_RUN_ID))
    except (ExtractError, SandboxError, NoWorkersError) as error:
        print(f"newsbeam extract: {plain(str(error))}", file=sys.stderr)
        return 1
    finally:
        pool.close()
    if given.markdown:
        print(_as_markdown(found.article))
    elif given.explain is None:
        print(json_text(shown(found.article), indent=2))
    elif given.explain == "-":
        print_explained(explained_blocks(found.article, found.blocks), found.article, wide_console())
    else:
        _write(given.explain, explained_page(explained_blocks(found.article, found.blocks), found.article))
    return 0


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {name}: {error.strerror}") from None


def _as_markdown(article: Article) -> str:
    text = markdown_of(article.article_body, article.blocks, article.headline, article.links)
    return "\n".join(map(plain, text.rstrip("\n").split("\n")))


def shown(article: Article) -> dict[str, Any]:
    """The article by the lake's columns, as JSON has it: instants and days in ISO 8601, structs and maps as objects."""
    return {column.name: _shown(column, getattr(article, column.attribute)) for column in ARTICLES.columns}


def _shown(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.is_instant:
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if column.item is not None:
        return [one._asdict() for one in value]
    return dict(value) if pa.types.is_map(column.field.type) else value


async def _fetched(given: argparse.Namespace, clock: Clock) -> Page:
    http, guard = network_settings(given, [given.page])
    async with open_polite_client(http, guard, clock) as client:
        response = await client.fetch(given.page)
        stated = client.robots_usage(response.final_url)
    check_page(response)
    return page_from(entry_of(given.page), response, clock.now_us(), _RUN_ID, stated)


def _read(name: str, url: str, clock: Clock) -> Page:
    body = read_input(name)
    return single_page(body, url, {"content-type": "text/html"}, clock.now_us(), _RUN_ID)
