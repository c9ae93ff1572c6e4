"""Which address an article goes by, and why a stated one is not believed."""

from __future__ import annotations

import pytest

from schemas.page import Header
from tests.rows import page
from tests.transforms.extract.documents import facts_of
from transforms.extract.facts.canonical import Refusal, absolute, canonical_url, refusal
from transforms.web.urls import normalize_url

SITE = "https://www.example.org"


def canonical_of(head: str, final_url: str, headers: tuple[Header, ...] = ()) -> str:
    return canonical_url(facts_of(head), page(final_url=final_url, headers=headers))


@pytest.mark.parametrize(
    ("answered", "stated"),
    [
        ("/city/fish-market-closure?ref=rss", "/city/fish-market-closure"),
        ("/city/fish-market-closure?from=feed&page=2", "/city/fish-market-closure"),
        ("/amp/city/fish-market-closure", "/city/fish-market-closure"),
        ("/city/fish-market-closure/amp/", "/city/fish-market-closure"),
        ("/city/fish-market-closure.amp.html", "/city/fish-market-closure.html"),
        ("/fish?amp=1", "/fish"),
        ("/print/fish", "/city/fish"),
        ("/print.php?id=7", "/city/fish-market-closure"),
        ("/article.php?id=7&print=1", "/article.php?id=7"),
        ("/article.php?cat=3&id=7", "/article.php?id=7"),
        ("/viewtopic?t=1677&sid=58428beaa14598c2e02d93ad5c773e4d", "/viewtopic?t=1677"),
        ("/city/fish-market-closure/photos/12", "/city/fish-market-closure"),
        ("/article/155970/fish-market-closure-approved", "/article/155970"),
        ("/fish", "/2026/03/02/fish"),
        ("/2026/03/fish", "/?p=72620"),
        ("/x7f2", "/article.asp?ArtNr=335"),
        ("/x7f2", "/news/%E9%B1%BC%E5%B8%82%E5%9C%BA%E5%85%B3%E9%97%AD"),
        ("/CITY/Fish", "/city/fish/"),
        ("/wiki/null", "/wiki/null/"),
        ("/?ref=rss", "/"),
        ("/index.html", "/"),
        ("/tech/privacy/new-law-for-browsers", "/amp/tech/privacy/new-law-for-browsers"),
        ("/story/7", "https://m.example.org/story/7"),
    ],
)
def test_an_address_that_names_the_same_article_is_believed(answered: str, stated: str) -> None:
    assert refusal(absolute(stated, SITE), normalize_url(SITE + answered)) is None


@pytest.mark.parametrize(
    ("answered", "stated", "why"),
    [
        ("/city/fish", "/", Refusal.FRONT_PAGE),
        ("/city/fish", "/index.php", Refusal.FRONT_PAGE),
        ("/city/fish", "/en/", Refusal.FRONT_PAGE),
        ("/city/fish", "/?lang=en", Refusal.FRONT_PAGE),
        ("/?p=101", "/", Refusal.FRONT_PAGE),
        ("/?fish-market-to-close", "/", Refusal.FRONT_PAGE),
        ("/index.php?option=com_content&id=101", "/index.php", Refusal.FRONT_PAGE),
        ("/", "https://blog.example.org/", Refusal.FRONT_PAGE),
        ("/city/fish", "https://news.example.org/", Refusal.FRONT_PAGE),
        ("/city/fish", "https://www.example.net/city/fish", Refusal.OTHER_PUBLISHER),
        ("/city/fish", "https://www.example.net/", Refusal.OTHER_PUBLISHER),
        ("/city/fish-market-closure", "/city", Refusal.SECTION),
        ("/city/fish-market-closure", "/city/", Refusal.SECTION),
        ("/2026/03/02/fish", "/2026/03/02/", Refusal.SECTION),
        ("/arts-music-theatre-reviews/a-new-play-in-the-harbour", "/arts-music-theatre-reviews", Refusal.SECTION),
        ("/x7f2", "/local-sports", Refusal.SECTION),
        ("/x7f2", "/tag/market-fish-harbour", Refusal.SECTION),
        ("/city/fish", "/login?next=/city/fish", Refusal.OTHER_PAGE),
        ("/city/fish", "https://consent.example.org/collect?sessionId=3_cc-session_9a1", Refusal.OTHER_PAGE),
        ("/city/fish", "/errors/404.html", Refusal.OTHER_PAGE),
        ("/city/fish", "/seite-nicht-gefunden", Refusal.OTHER_PAGE),
        ("/city/fish", "/cookie-policy", Refusal.OTHER_PAGE),
        ("/city/fish", "undefined", Refusal.PLACEHOLDER),
        ("/city/fish", "/city/null", Refusal.PLACEHOLDER),
        ("/city/fish", "/article?id=undefined", Refusal.PLACEHOLDER),
        ("/city/fish", "{{ article.url }}", Refusal.PLACEHOLDER),
        ("/city/fish", "/city/%7B%7Bslug%7D%7D", Refusal.PLACEHOLDER),
        ("/city/fish", "[object Object]", Refusal.PLACEHOLDER),
        ("/city/fish", "/<%= url %>", Refusal.PLACEHOLDER),
        ("/city/fish", "https://undefined/city/fish", Refusal.PLACEHOLDER),
        ("/city/fish", "javascript:void(0)", Refusal.NO_ADDRESS),
        ("/city/fish", "  ", Refusal.NO_ADDRESS),
        ("/article.php?id=7", "/article.php", Refusal.LESS_QUERY),
        ("/article.php?id=7", "/article.php?id=1", Refusal.LESS_QUERY),
        ("/article.php?id=7&lang=en", "/article.php?lang=en", Refusal.LESS_QUERY),
        ("/news/articleView.html?idxno=1205", "/news/articleView.html", Refusal.LESS_QUERY),
        ("/news?nid=4", "/news", Refusal.LESS_QUERY),
        ("/read?pk_news=1", "/read", Refusal.LESS_QUERY),
        ("/story?Art_ID=9", "/story", Refusal.LESS_QUERY),
        ("/amp/article.php?id=7", "/article.php", Refusal.LESS_QUERY),
        ("/show?335614", "/show", Refusal.LESS_QUERY),
        ("/show.php?7", "/show.php", Refusal.LESS_QUERY),
        ("/?q=node/12", "/", Refusal.FRONT_PAGE),
        ("/show?titel=fish", "/show", Refusal.LESS_QUERY),
        ("/?view=article&id=7&Itemid=60", "/?view=article&Itemid=60", Refusal.LESS_QUERY),
    ],
)
def test_an_address_that_cannot_be_this_articles_is_refused(answered: str, stated: str, why: Refusal) -> None:
    assert refusal(absolute(stated, f"{SITE}/city/"), normalize_url(SITE + answered)) is why


def test_two_words_name_an_article_where_its_title_has_them() -> None:
    stated, answered = f"{SITE}/city/fish-market", f"{SITE}/a/x7f2"
    assert refusal(stated, answered, {"old", "fish", "market", "to", "close"}) is None
    assert refusal(stated, answered, {"ferry", "fares"}) is Refusal.SECTION


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<base href="https://www.example.org/"><link rel="canonical" href="city/fish">', "/city/fish"),
        ('<base href="/city/"><link rel="canonical" href="fish">', "/city/fish"),
        ('<link rel="canonical" href="fish"><base href="/city/">', "/city/fish"),
        ('<base href="http://["><link rel="canonical" href="/city/fish">', "/city/fish"),
        ('<base target="_blank"><link rel="canonical" href="fish">', "/a/fish"),
        ('<link rel="canonical" href="//www.example.org/city/fish">', "/city/fish"),
        ('<link rel="CANONICAL" href="HTTPS://WWW.EXAMPLE.ORG/city/fish?utm_source=x#top">', "/city/fish"),
        ('<link rel="canonical" href=" \n https://www.example.org/\n   city/fish\t">', "/city/fish"),
        ('<link rel="canonical" href="/city/fish?a=1&amp;amp;id=7">', "/city/fish?a=1&id=7"),
        ('<link rel="canonical" href="/"><meta property="og:url" content="/city/fish">', "/city/fish"),
        ('<meta property="og:url" content="https://www.example.org">', "/a/fish"),
        ('<meta property="og:url" content="{{ url }}">', "/a/fish"),
        ("", "/a/fish"),
    ],
)
def test_an_address_is_read_as_a_browser_would_and_og_url_by_the_same_rules(head: str, expected: str) -> None:
    assert canonical_of(head, f"{SITE}/a/fish?utm_medium=rss") == SITE + expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('</style.css>; rel=preload, <https://www.example.org/city/fish>; rel="canonical"', "/city/fish"),
        ("</city/fish>;rel=canonical", "/city/fish"),
        ('<https://www.example.org/>; rel="canonical"', "/a/fish"),
        ('<https://www.example.org/city/fish>; rel="alternate"', "/a/fish"),
        ("<" * 4000 + ">;" * 4000, "/a/fish"),
    ],
)
def test_the_link_header_counts_where_the_page_itself_states_nothing(link: str, expected: str) -> None:
    assert canonical_of("", f"{SITE}/a/fish", (Header("link", link),)) == SITE + expected


def test_the_cache_of_a_mobile_page_answers_for_the_page_whose_address_it_holds() -> None:
    cached = "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/city/fish"
    head = '<link rel="canonical" href="https://www.example.org/city/fish">'
    assert canonical_of(head, cached) == f"{SITE}/city/fish"
    assert canonical_of(head, "https://other.example.net/www.example.org/city/fish").startswith("https://other.")
