"""`newsbeam.markdown`: an article as Markdown, of a page or of a lake's row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from newsbeam.errors import UsageError
from schemas.article import Block, Link
from transforms.text.markdown import markdown_of

if TYPE_CHECKING:
    from newsbeam.page_article import PageArticle


def markdown(article: PageArticle | Mapping[str, Any]) -> str:
    """Headline and text of an article as Markdown (CommonMark, with the tables of GitHub), made of its `blocks`.

    >>> import newsbeam
    >>> row = {"headline": "Ferry #2", "article_body": "It runs all winter.\\n- at 8", "links": None, "blocks": [
    ...     {"kind": "paragraph", "level": 0, "start": 0, "end": 19},
    ...     {"kind": "list_item", "level": 1, "start": 20, "end": 26}]}
    >>> print(newsbeam.markdown(row), end="")
    # Ferry #2
    <BLANKLINE>
    It runs all winter.
    <BLANKLINE>
    - at 8

    `article` is what `newsbeam.extract` returns, or a row of the table `articles` as a mapping, such as an item of
    ``newsbeam.read("lake").to_table(…).to_pylist()`` with the columns `headline`, `article_body`, `blocks` and, for
    links, `links`. Without blocks, as in rows of releases before they were stored, each line is a paragraph. What
    Markdown would misread is escaped. Raises `newsbeam.UsageError` for a value without a text.
    """
    value: Callable[[str], Any] = article.get if isinstance(article, Mapping) else _attribute_of(article)
    body = value("article_body")
    if not isinstance(body, str):
        raise UsageError("article: give an article of newsbeam.extract, or a row with the column article_body")
    return markdown_of(body, _tuples(Block, value("blocks")), value("headline"), _tuples(Link, value("links")))


def _attribute_of(article: object) -> Callable[[str], Any]:
    return lambda name: getattr(article, name, None)


def _tuples(kind: Callable[..., Any], items: Any) -> list[Any] | None:
    """The items of a list column as rows hold them; None if there is no list."""
    return None if items is None else [kind(**one) if isinstance(one, Mapping) else kind(*one) for one in items]
