from __future__ import annotations

import pytest
import yarl
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.web.urls import (
    BadUrl,
    host_of,
    normalize_url,
    registrable_domain,
    request_url,
    resolve,
    typed_url,
    url_key,
)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://News.Example:80/a/../b", "http://news.example/b"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://news.example/%7euser/%c3%a9", "https://news.example/~user/%C3%A9"),
        ("https://news.example/a?b=2&utm_source=rss&a=1&fbclid=x#top", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?utm_source=rss", "https://news.example/a"),
        ("https://news.example/a?utm%5Fsource=rss", "https://news.example/a"),
        ("  https://news.example/a b\n", "https://news.example/a%20b"),
        ("https://news.example:8443/", "https://news.example:8443/"),
    ],
)
def test_a_url_has_one_normal_spelling(url: str, normal: str) -> None:
    assert normalize_url(url) == normal


def test_parameters_that_may_name_an_article_are_kept_in_their_order() -> None:
    assert (
        normalize_url("https://a.example/?z=1&ref=home&id=2&source=x")
        == "https://a.example/?z=1&ref=home&id=2&source=x"
    )


@pytest.mark.parametrize(
    "spelling",
    ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "①②⑦.0.0.1", "127。0。0。1", "１２７.0.0.1"],
)
def test_every_spelling_of_a_literal_address_is_seen_as_that_address(spelling: str) -> None:
    assert host_of(f"http://{spelling}/") == "127.0.0.1"
    assert yarl.URL(request_url(f"http://{spelling}/"), encoded=True).host == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/a",
        "ftp://news.example/",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "http://user:secret@news.example/",
        "http://news.example\\@other.example/",
        "http://news.example/\x00",
        "http://news.example/a\nb",
        "http:///",
        "http://../",
        "http://[::1",
        "http://a..b/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 124}example/",
        "http://\ud800.example/",
        "https://news.example/" + "a" * 9000,
    ],
)
def test_what_is_no_honest_address_is_refused(url: str) -> None:
    with pytest.raises(BadUrl):
        normalize_url(url)


@given(st.text(alphabet="aZ0/?&=%#.:-_~ éß中@2fF", max_size=60))
def test_normalizing_twice_is_normalizing_once_and_both_parsers_see_one_host(tail: str) -> None:
    try:
        normal = normalize_url(f"https://news.example/{tail}")
    except BadUrl:
        assume(False)
        return
    assert normalize_url(normal) == normal
    assert yarl.URL(normal, encoded=True).host == "news.example"
    assert yarl.URL(normal, encoded=True).raw_path_qs == normal.removeprefix("https://news.example")


def test_the_key_is_the_same_for_all_spellings_and_32_hex_digits_long() -> None:
    key = url_key("https://news.example/a?utm_medium=rss")
    assert key == url_key("HTTPS://NEWS.example:443/a#comments")
    assert len(key) == 32
    assert key != url_key("https://news.example/b")


def test_the_politeness_key_is_the_host_with_a_port_only_where_it_is_unusual() -> None:
    assert host_of("http://News.Example:80/") == host_of("https://news.example/") == "news.example"
    assert host_of("http://news.example:8080/") == "news.example:8080"
    assert host_of("http://[::1]:8080/") == "[::1]:8080"


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.politics.news.co.uk/a", "news.co.uk"),
        ("https://gazette.blogspot.com/", "gazette.blogspot.com"),
        ("https://co.uk/", "co.uk"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://localhost/", "localhost"),
    ],
)
def test_the_registrable_domain_follows_the_public_suffix_list(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


def test_links_are_resolved_as_a_browser_would() -> None:
    base = "https://news.example/feeds/all.xml?x=1"
    assert resolve(base, "../a?b=1") == "https://news.example/a?b=1"
    assert resolve(base, "//cdn.example/i.png") == "https://cdn.example/i.png"
    assert resolve(base, "http://other.example") == "http://other.example/"
    with pytest.raises(BadUrl):
        resolve(base, "mailto:desk@news.example")


@pytest.mark.parametrize(
    "name",
    ["pk_news", "pk_id", "pk_content", "mtm_story", "hsa_id", "at_customer", "ncid", "smid", "s_cid", "cmpid", "utm"],
)
def test_a_name_that_only_looks_like_a_campaigns_is_kept(name: str) -> None:
    assert normalize_url(f"https://a.example/read?{name}=2") == f"https://a.example/read?{name}=2"


@pytest.mark.parametrize("name", ["pk_campaign", "PK_KWD", "mtm_cid", "hsa_acc", "at_custom1", "utm_anything", "xtor"])
def test_a_campaigns_name_goes_as_a_whole(name: str) -> None:
    assert normalize_url(f"https://a.example/read?{name}=2&id=7") == "https://a.example/read?id=7"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("news.example/feed", "https://news.example/feed"),
        ("новости。example", "https://новости。example"),
        ("127.0.0.1/feed", "https://127.0.0.1/feed"),
        ("[::1]/feed", "https://[::1]/feed"),
        ("LocalHost", "https://LocalHost"),
        ("desk:8080", "https://desk:8080"),
        ("http://desk/feed", "http://desk/feed"),
    ],
)
def test_a_typed_address_may_lack_its_scheme(typed: str, meant: str) -> None:
    assert typed_url(typed) == meant


@pytest.mark.parametrize("word", ["", "frontpage", "frontpage.", "frontpage/a.xml", "frontpage?a.b", "12", "zeitung。"])
def test_a_bare_word_is_no_address(word: str) -> None:
    with pytest.raises(BadUrl, match="is no address"):
        typed_url(word)
