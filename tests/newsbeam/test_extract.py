"""newsbeam.extract: the article of one page, in this process and without Beam."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import typing
from dataclasses import FrozenInstanceError, asdict, fields
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.metadata import version

import pytest

import newsbeam
from newsbeam import extract_page
from schemas.article import ARTICLES, Article
from schemas.failure import Reason
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS, SUBHEADING, news_page

DAY = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://news.example.org/2026/03/02/bridge"

OF_A_RUN = {
    "feed_url", "entry_id", "revision", "ingested_at", "withdrawn_at", "cluster_id", "relation", "duplicate_of",
    "similarity", "story_id", "run_id", "feed_country", "feed_tags",
}  # fmt: skip


def test_it_has_every_column_of_articles_but_those_of_a_run_with_their_types() -> None:
    columns = set(ARTICLES.schema.names) - OF_A_RUN
    assert {field.name for field in fields(newsbeam.PageArticle)} == columns
    known = {"date": date, "datetime": datetime} | {
        name: getattr(sys.modules["schemas.article"], name) for name in ("Block", "Entity", "Link", "Removed")
    }
    own = typing.get_type_hints(newsbeam.PageArticle, known)
    rows = typing.get_type_hints(Article)
    for name in columns:
        if f"{name}_us" in rows:
            expected = {int: datetime, int | None: datetime | None}[rows[f"{name}_us"]]
        else:
            expected = dict[str, str] | None if name == "facts_sources" else rows[name]
        assert own[name] == expected, name


def test_a_page_becomes_its_article_with_instants_in_utc() -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=2)))
    page = news_page().replace("<main>", "<main><time datetime='2026-03-02T07:30:00+01:00'>today</time>")
    article = newsbeam.extract(page.encode(), URL, fetched_at=at)
    assert article.headline == HEADLINE
    assert article.article_body.split("\n") == [*PARAGRAPHS[:3], SUBHEADING, *PARAGRAPHS[3:]]
    assert article.removed == ()
    assert article.fetched_at == at
    assert article.fetched_at.tzinfo == UTC
    assert article.date_published == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert (article.url, article.publisher_domain, article.in_language) == (URL, "example.org", "en")
    assert article.word_count == len(article.article_body.split())
    assert len(article.content_hash) == len(article.article_id) == 32
    assert asdict(article)["headline"] == HEADLINE
    assert article.facts_sources is not None
    assert article.facts_sources["in_language"] == "text"


def test_the_same_page_gives_the_same_article_whose_repr_is_short() -> None:
    at = datetime(2026, 3, 2, 12)  # noqa: DTZ001
    article, again = (newsbeam.extract(news_page(), URL, fetched_at=at) for _ in range(2))
    assert article == again
    assert article.fetched_at == at.replace(tzinfo=UTC), "an instant without a zone is UTC"
    assert repr(article) == (
        f"PageArticle(headline={HEADLINE!r}, authors=(), publisher_domain='example.org', date_published={DAY!r}, "
        f"in_language='en', word_count={article.word_count}, url={URL!r})"
    )
    with pytest.raises(FrozenInstanceError):
        article.headline = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("charset", "declared", "headers"),
    [
        ("utf-8", "", {"Content-Type": "text/html; charset=utf-8"}),
        ("cp1251", "", {"content-TYPE": "text/html; charset=windows-1251"}),
        ("cp1251", "<meta charset='windows-1251'>", {"content-type": "text/html"}),
    ],
)
def test_bytes_are_decoded_by_headers_and_declaration(charset: str, declared: str, headers: dict[str, str]) -> None:
    told = "Старый мост закроют на год, решил в среду городской совет."
    page = f"<html><head>{declared}<title>Мост закроют</title></head><body><article><p>{told}</p><p>{told * 3}</p>"
    assert newsbeam.extract(page.encode(charset), URL, headers=headers).article_body.startswith(told)


@pytest.mark.parametrize("declared", ["windows-1252", "utf-16", "iso-2022-jp"])
def test_a_str_is_taken_as_it_is_whatever_the_page_declares(declared: str) -> None:
    told = "Le conseil a voté mardi la fermeture du pont pour un an. " * 4
    page = f"<html><head><meta charset='{declared}'><title>Été</title></head><body><article><p>{told}</p></article>"
    assert "a voté mardi" in newsbeam.extract(page, URL).article_body
    assert "a voté mardi" in newsbeam.extract("\ufeff" + page + "\ud800", URL).article_body


def test_headers_say_what_the_publisher_allows() -> None:
    headers = {"X-Robots-Tag": "noai", "Content-Type": "text/html"}
    assert newsbeam.extract(news_page(), URL, headers=headers).usage_directives == ("noai",)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty_body"),
        ("<p>Sign in to read on.</p>", "no_article"),
        (b"%PDF-1.7 and the rest", "not_html"),
        ("<title>Please verify you are a human</title><p>Please complete the security check.</p>", "wall"),
    ],
)
def test_a_page_without_an_article_raises_with_the_reason(html: bytes | str, reason: str) -> None:
    with pytest.raises(newsbeam.ExtractError) as caught:
        newsbeam.extract(html, URL)
    assert caught.value.reason == reason
    assert str(caught.value) == f"{reason}: {caught.value.message}"
    assert isinstance(caught.value, newsbeam.NewsbeamError)


def test_an_address_that_is_none_is_the_callers_mistake() -> None:
    with pytest.raises(newsbeam.UsageError, match="not http or https"):
        newsbeam.extract(news_page(), "file:///page.html")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"html": None}, "html: give bytes or a str, not NoneType"),
        ({"html": 5}, "html: give bytes or a str, not int"),
        ({"html": [60, 112, 62]}, "html: give bytes or a str, not list"),
        ({"url": None}, "url: give a str, not NoneType"),
        ({"url": URL.encode()}, "url: give a str, not bytes"),
        ({"headers": {b"content-type": b"text/html"}}, "headers: give a mapping of a str"),
        ({"headers": {"link": ["a", "b"]}}, "headers: give a mapping of a str"),
        ({"headers": "content-type: text/html"}, "headers: give a mapping of a str"),
        ({"headers": 5}, "headers: give a mapping of a str"),
        ({"fetched_at": "2026-03-02"}, "fetched_at: give a datetime, not str"),
        ({"fetched_at": DAY.date()}, "fetched_at: give a datetime, not date"),
        ({"fetched_at": datetime.max.replace(tzinfo=UTC)}, "fetched_at: '9999-12-31.*' lies outside 1990 to 2100"),
        ({"fetched_at": datetime.min.replace(tzinfo=timezone(timedelta(hours=12)))}, "fetched_at: '0001-01-01"),
    ],
)
def test_a_value_of_another_kind_is_told_in_one_line(given: dict[str, typing.Any], said: str) -> None:
    with pytest.raises(newsbeam.UsageError, match=said) as caught:
        newsbeam.extract(**{"html": news_page(), "url": URL} | given)
    assert "\n" not in str(caught.value)


def test_headers_may_come_as_pairs_and_bytes_in_other_wraps() -> None:
    headers: typing.Any = [("Content-Type", "text/html"), ("X-Robots-Tag", "noai")]
    assert newsbeam.extract(bytearray(news_page(), "utf-8"), URL, headers=headers).usage_directives == ("noai",)


def test_where_a_library_fails_the_page_is_built_by_simpler_means(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(extract_page.BuildPage):
        def __call__(self, page: typing.Any, plainly: typing.Any = None) -> typing.Any:
            if plainly is None:
                raise extract_page.NoArticleError(Reason.CRASH, "the library fails")
            return super().__call__(page, plainly)

    monkeypatch.setattr(extract_page, "BuildPage", Failing)
    assert newsbeam.extract(news_page(), URL).body_source == "page_plain"


@pytest.mark.slow
def test_importing_loads_nothing_and_extracting_no_beam() -> None:
    script = f"""
import sys
import newsbeam
rooms = {{name.partition(".")[0] for name in sys.modules}}
assert not rooms & {{"pyarrow", "lxml", "numpy", "schemas", "transforms", "pipelines", "importlib.metadata"}}, rooms
assert set(newsbeam.__all__) <= set(dir(newsbeam))
newsbeam.extract({news_page()!r}, {URL!r})
newsbeam.read
assert not hasattr(newsbeam, "extrct")
assert "apache_beam" not in sys.modules
print(newsbeam.__version__)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    named = subprocess.run(
        [sys.executable, "-m", "newsbeam", "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    ours, libraries = named.stdout.splitlines()
    assert re.fullmatch(rf"newsbeam {re.escape(done.stdout.strip())}(, commit [0-9a-f]{{12}}(-changed)?)?", ours)
    told = [f"{name} {version(name)}" for name in ("apache-beam", "pyarrow", "lxml", "trafilatura")]
    assert libraries == ", ".join([f"Python {platform.python_version()}", *told])
