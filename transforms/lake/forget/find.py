"""Finds all that belongs to what is to be forgotten: the addresses, the articles, and who stands in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.article import ARTICLES
from schemas.failure import FAILURES, Reason, Stage
from schemas.feed import PENDING
from schemas.fingerprint import FINGERPRINTS
from schemas.page import PAGES
from schemas.story import STORIES
from schemas.table import Table
from transforms.lake.committed import Committed
from transforms.lake.files.parts import PartReader
from transforms.lake.forget.naming import NAMING
from transforms.web.forgotten import Forgotten
from transforms.web.urls import BadUrl, host_of, name_of, url_key

_WITH_ADDRESSES = (FAILURES, PAGES, ARTICLES, FINGERPRINTS, PENDING)
_GROUPS = ((ARTICLES, ("cluster_id", "story_id")), (FINGERPRINTS, ("cluster_id",)), (STORIES, ("story_id",)))
_WHEN = {ARTICLES.name: "date_published", FINGERPRINTS.name: "published", STORIES.name: "published"}


@dataclass(frozen=True)
class Found:
    """All that is forgotten, by what tables know of it.

    `keys` are the `url_key` of all rows that go, also of those that go by their domain: `seen` knows nothing else of
    them. `articles` are the ids of articles that go; `heirs` name for each of them the earliest remaining member of
    the cluster and of the story that bore its name.
    """

    forgotten: Forgotten
    keys: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    heirs: dict[tuple[str, str], str] = field(default_factory=dict)


def find(reader: PartReader, held: Committed, asked: Forgotten) -> Found:
    """What belongs to the addresses and domains in `asked`.

    An article's addresses are forgotten together: those of the entries that led to it, those from which a forgotten
    one was reached by a redirect, and its canonical one. They are looked for until no more are found. An address that a
    page was redirected to is not, as all missing pages of a site may lead to one.
    """
    found = Found(asked)
    while True:
        before = len(found.forgotten.keys)
        for table in _WITH_ADDRESSES:
            for path in held.parts(table):
                found = _with(found, table, reader.columns(path, _names(table)))
        if len(found.forgotten.keys) == before:
            break
    _name_heirs(reader, held, found)
    return found


def _names(table: Table[Any]) -> list[str]:
    own = NAMING[table.name].columns(table)
    return [*own, *(("stage", "reason") if table is FAILURES else ())]


def _with(found: Found, table: Table[Any], rows: pa.Table) -> Found:
    """`found`, and what the rows of a file add."""
    hits = rows.filter(goes(found, table, rows))
    more: set[str] = set()
    hosts: set[str] = set()
    for name in {"url", "input"} & set(rows.column_names):
        for url in pc.unique(hits.column(name)).to_pylist():
            key = _key(url)
            found.keys.update((key,) if key else ())
            if key and not found.forgotten.holds_domain_of(url) and table in (PAGES, ARTICLES):
                more.add(key)
                hosts.add(name_of(host_of(url)))
    if "url_key" in rows.column_names:
        found.keys.update(filter(None, hits.column("url_key").to_pylist()))
    if "article_id" in rows.column_names:
        found.articles.update(hits.column("article_id").to_pylist())
        for article_id, url in _pairs(hits, "article_id", "canonical_url"):
            if _key(url) and not found.forgotten.holds_domain_of(url):
                more.add(article_id)
                hosts.add(name_of(host_of(url)))
    if table is FAILURES:  # pages that called a forgotten address their own after it was forgotten: their text is here
        led = pc.and_(pc.equal(rows.column("stage"), Stage.EXTRACT), pc.equal(rows.column("reason"), Reason.FORGOTTEN))
        for url in rows.filter(led).column("input").to_pylist():
            if (key := _key(url)) is not None:
                more.add(key)
                hosts.add(name_of(host_of(url)))
    if more <= found.forgotten.keys:
        return found
    known = found.forgotten
    all_hosts = None if known.hosts is None else known.hosts | hosts
    return replace(found, forgotten=Forgotten(known.keys | more, known.domains, all_hosts))


def _pairs(rows: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(rows.column(name).to_pylist() for name in names), strict=True)


def goes(found: Found, table: Table[Any], rows: pa.Table) -> pa.Array:
    """Which of these rows, given in the columns of `NAMING`, are forgotten; as booleans."""
    forgotten, naming = found.forgotten, NAMING[table.name]
    tests: list[tuple[Sequence[str], Callable[[str], bool]]] = [
        (naming.urls, forgotten.holds),
        (naming.urls_by_key, forgotten.holds_key),
        (naming.hosts, forgotten.holds_host),
        (naming.keys, lambda key: key in forgotten.keys or key in found.keys or key in found.articles),
    ]
    gone = pa.array([False] * rows.num_rows, pa.bool_())
    for names, test in tests:
        for name in names:
            if name in rows.column_names:  # a file of an earlier version may lack it
                gone = pc.or_(gone, where(rows.column(name), test))
    return gone


def where(column: pa.ChunkedArray, test: Callable[[str], bool]) -> pa.Array:
    """Which values of a column pass a test, which is made once for equal ones; null passes none."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    passed = pa.array([value is not None and test(value) for value in encoded.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(passed.take(encoded.indices), fill_value=False)


def _key(url: str | None) -> str | None:
    try:
        return url_key(url) if url else None
    except BadUrl:
        return None


def _name_heirs(reader: PartReader, held: Committed, found: Found) -> None:
    """Set `found.heirs`: of each cluster and story named after a forgotten article, its earliest remaining member."""
    earliest: dict[tuple[str, str], tuple[int, str]] = {}
    for table, groups in _GROUPS if found.articles else ():
        for path in held.parts(table):
            rows = reader.columns(path, [*NAMING[table.name].columns(table), _WHEN[table.name], "fetched_at"])
            for member in _members(found, table, groups, rows):
                group, when_us, article_id = member
                earliest[group] = min(earliest.get(group, (when_us, article_id)), (when_us, article_id))
    found.heirs.update((group, article_id) for group, (_, article_id) in earliest.items())


def _members(
    found: Found, table: Table[Any], groups: Sequence[str], rows: pa.Table
) -> Iterator[tuple[tuple[str, str], int, str]]:
    """Each remaining member of a group that is named after a forgotten article: (column, name), instant, id."""
    rows = rows.filter(pc.invert(goes(found, table, rows)))
    when = pc.coalesce(*(rows.column(name) for name in (_WHEN[table.name], "fetched_at") if name in rows.column_names))
    rows = rows.append_column("when_us", pc.fill_null(when.cast(pa.int64()), 0))
    for group in groups:
        named = rows.filter(where(rows.column(group), found.articles.__contains__))
        for name, when_us, article_id in _pairs(named, group, "when_us", "article_id"):
            yield (group, name), when_us, article_id
