"""What of a page, a robots.txt and an address may be a feed."""

from __future__ import annotations

from transforms.feeds.lists.discover import MAX_LINKS, Lead, feed_links, guesses, sitemap_leads

PAGE = "https://www.paper.example/news/today.html"


def found(html: str | bytes, url: str = PAGE) -> list[str]:
    body = html if isinstance(html, bytes) else html.encode()
    return [lead.url for lead in feed_links(body, "text/html", url)]


def test_alternate_links_of_feed_types_are_feeds_with_their_title():
    html = """<html><head>
      <link rel="alternate" type="application/rss+xml" title="All &amp; new" href="/rss.xml">
      <LINK REL='Alternate Feed' TYPE='application/atom+xml; charset=utf-8' HREF='atom'>
      <link rel=alternate type=application/feed+json href=https://cdn.example/feed.json>
      <link rel="alternate" type="text/html" hreflang="de" href="/de/">
      <link rel="alternate stylesheet" type="text/xml" href="/style.xml">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
    """
    assert feed_links(html.encode(), None, PAGE) == (
        Lead("https://www.paper.example/rss.xml", "page", "All & new"),
        Lead("https://www.paper.example/news/atom", "page"),
        Lead("https://cdn.example/feed.json", "page"),
    )


def test_links_in_the_text_count_after_those_of_the_head_and_only_within_the_site():
    html = """<body><a href="/feeds/">Feeds</a> <a href="https://blog.example.org/feed">Blog</a>
      <a href="https://elsewhere.example/rss.xml">Theirs</a> <a href="/feeding-the-birds">Birds</a>
      <link rel="alternate" type="application/rss+xml" href="/all.rss"></body>"""
    assert found(html, "https://www.example.org/today") == [
        "https://www.example.org/all.rss",
        "https://www.example.org/feeds/",
        "https://blog.example.org/feed",
    ]


def test_feeds_of_comments_are_no_news():
    kind = 'rel="alternate" type="application/rss+xml"'
    html = f'<link {kind} href="/comments/feed/"><link {kind} href="/?feed=comments-rss2"><link {kind} href="/feed/">'
    assert found(html) == ["https://www.paper.example/feed/"]


def test_relative_links_are_seen_from_the_base_element():
    html = '<base href="https://cdn.example/x/"><link rel=alternate type=application/rss+xml href=feed#top>'
    assert found(html) == ["https://cdn.example/x/feed"]


def test_addresses_that_nobody_may_fetch_are_left_out():
    html = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{href}">'
        for href in ("javascript:alert(1)", "feed://paper.example/x", "http://user:word@paper.example/", "", "http://[")
    )
    assert found(html) == []


def test_a_directory_of_feeds_is_cut_and_noise_is_survived():
    many = "".join(f'<a href="/{number}/rss.xml">x</a>' for number in range(10_000))
    assert len(found(many)) == MAX_LINKS
    for noise in (b"", b"\x00" * 100, b"%PDF-1.7 \xff\xfe", b"<" * 10_000, b"<a href=" * 1000):
        assert found(noise) == []


def test_a_page_in_another_charset_keeps_its_titles():
    html = '<meta charset="windows-1251"><link rel="alternate" type="application/rss+xml" title="Новости" href="/r">'
    (lead,) = feed_links(html.encode("cp1251"), None, PAGE)
    assert lead.title == "Новости"


def test_the_sitemaps_of_a_robots_txt_are_leads_those_called_news_first():
    robots = """User-agent: *
Disallow: /x
Sitemap: https://paper.example/sitemap.xml
 SITEMAP : https://paper.example/google-news.xml # new
Sitemap: /relative.xml
Sitemap: https://paper.example/sitemap.xml
# Sitemap: https://paper.example/commented.xml"""
    assert sitemap_leads(robots) == (
        Lead("https://paper.example/google-news.xml", "robots.txt"),
        Lead("https://paper.example/sitemap.xml", "robots.txt"),
    )


def test_guesses_begin_at_the_pages_own_folder():
    urls = [lead.url for lead in guesses("https://paper.example/en/index.html?x=1")]
    assert urls[0] == "https://paper.example/en/feed/"
    assert "https://paper.example/rss.xml" in urls
    assert urls[-1].startswith("https://paper.example/")
    assert len(urls) == len(set(urls)) <= 26
    assert next(iter(guesses("https://paper.example"))).url == "https://paper.example/feed/"
