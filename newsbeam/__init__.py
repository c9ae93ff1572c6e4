"""News feeds in, a clean Parquet lake out; from Python.

- `newsbeam.extract(html, url)`: the article of one page.
- `newsbeam.ingest(feeds, output)`: one run, as ``newsbeam ingest`` makes it.
- `newsbeam.markdown(article)`: its headline and text as Markdown; of a page or of a lake's row.
- `newsbeam.read(lake)`: the committed rows of a lake, as a `pyarrow.dataset.Dataset`.

All errors that a caller may want to catch are a `newsbeam.NewsbeamError`. Importing the package loads nothing; each
function loads what it needs at its first use, and only `ingest` loads Apache Beam.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsbeam.as_markdown import markdown
    from newsbeam.errors import ExtractError, LakeError, LockedError, NewsbeamError, RunError, UsageError
    from newsbeam.extract_page import extract
    from newsbeam.ingest_feeds import ingest
    from newsbeam.page_article import PageArticle
    from newsbeam.read_lake import read
    from schemas.run import RunManifest

    __version__: str

_HOMES = {
    "extract": "newsbeam.extract_page",
    "ingest": "newsbeam.ingest_feeds",
    "read": "newsbeam.read_lake",
    "markdown": "newsbeam.as_markdown",
    "PageArticle": "newsbeam.page_article",
    "RunManifest": "schemas.run",
    "NewsbeamError": "newsbeam.errors",
    "ExtractError": "newsbeam.errors",
    "LakeError": "newsbeam.errors",
    "LockedError": "newsbeam.errors",
    "RunError": "newsbeam.errors",
    "UsageError": "newsbeam.errors",
}
"""The module of each public name, which is imported when the name is first used."""

__all__ = [
    "ExtractError",
    "LakeError",
    "LockedError",
    "NewsbeamError",
    "PageArticle",
    "RunError",
    "RunManifest",
    "UsageError",
    "__version__",
    "extract",
    "ingest",
    "markdown",
    "read",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("importlib.metadata").version("newsbeam")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'newsbeam' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
