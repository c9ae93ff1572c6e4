"""Feed documents of every format become raw entries; whatever is no feed says what it is."""

from __future__ import annotations

import gzip
import json
import pickle

import pytest

from schemas.failure import Reason
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import FeedError, ParsedFeed, RawEntry

BASE = "https://paper.example/feeds/all"
JUNE_3_US = 1_748_943_540_000_000  # 2025-06-03T09:39:00Z


def rss(items: str, head: str = "", start: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return (
        f'{start}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>The Paper</title><link>https://paper.example/</link>{head}{items}</channel></rss>"
    ).encode()


def item(inner: str = "", link: str = "https://paper.example/a") -> str:
    return f"<item><title>River rises</title><link>{link}</link><guid isPermaLink='false'>g1</guid>{inner}</item>"


def only(body: bytes, content_type: str | None = None) -> RawEntry:
    (entry,) = parse_feed(body, content_type, BASE).entries
    return entry


def failure(body: bytes, content_type: str | None = None) -> FeedError:
    with pytest.raises(FeedError) as caught:
        parse_feed(body, content_type, BASE)
    return caught.value


def test_an_rss_item_gives_all_its_facts():
    feed = parse_feed(
        rss(
            item(
                "<pubDate>Tue, 03 Jun 2025 09:39:00 GMT</pubDate><dc:creator>Ada Byrne</dc:creator>"
                "<category>Weather</category><category>Rivers</category>"
                "<description>&lt;p&gt;Two &lt;b&gt;met&lt;/b&gt;res.&lt;/p&gt;&lt;p&gt;In a night</description>"
                "<content:encoded><![CDATA[<p>The whole story.</p>]]></content:encoded>"
                '<media:content url="/small.jpg" medium="image" width="100"/>'
                '<media:content url="/large.jpg" medium="image" width="900"/>'
            ),
            head="<language>en-ie</language><ttl>60</ttl>",
        ),
        "text/html",
        BASE,
    )
    assert feed == ParsedFeed(
        format="rss20",
        base_url="https://paper.example/",
        title="The Paper",
        language="en-ie",
        ttl_s=3600,
        entries=(
            RawEntry(
                id="g1",
                link="https://paper.example/a",
                title="River rises",
                summary="Two metres. In a night",
                content_html="<p>The whole story.</p>",
                authors=("Ada Byrne",),
                keywords=("Weather", "Rivers"),
                image_url="/large.jpg",
                published_us=JUNE_3_US,
            ),
        ),
    )


def test_the_result_and_the_error_travel_between_processes():
    feed = parse_feed(rss(item()), None, BASE)
    assert pickle.loads(pickle.dumps(feed)) == feed
    error = pickle.loads(pickle.dumps(FeedError(Reason.BAD_FEED, "broken")))
    assert (error.reason, error.message, str(error)) == (Reason.BAD_FEED, "broken", "broken")


def test_atom_keeps_both_dates_and_reads_its_text_to_the_letter():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nb"><title>Avisen</title>
      <entry><id>tag:a,1</id><title type="text">5 &lt; 6</title><link rel="self" href="https://a.example/1.atom"/>
      <link rel="alternate" href="https://a.example/1"/><published>2025-06-03T09:39:00Z</published>
      <updated>2025-06-03T11:39:00+02:00</updated><author><name>Kari Nord</name></author></entry></feed>"""
    assert only(atom.encode()) == RawEntry(
        id="tag:a,1",
        link="https://a.example/1",
        title="5 < 6",
        authors=("Kari Nord",),
        language="nb",
        published_us=JUNE_3_US,
        updated_us=JUNE_3_US,
    )


def test_rss_1_0_is_read_and_its_dc_date_is_the_publication():
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>P</title><link>https://p.example/</link></channel>
      <item rdf:about="https://p.example/1"><title>One</title><link>https://p.example/1</link>
      <dc:date>2025-06-03T09:39:00Z</dc:date></item></rdf:RDF>"""
    feed = parse_feed(rdf.encode(), None, BASE)
    assert feed.format == "rss10"
    assert feed.entries[0].published_us == JUNE_3_US
    assert feed.entries[0].updated_us is None


PREFIXES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:a10="http://www.w3.org/2005/Atom" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
)
JUNE_4 = "2025-06-04T09:39:00Z"
JUNE_4_US = JUNE_3_US + 86_400_000_000


def stated(dates: dict[str, str], prefixes: str = PREFIXES) -> tuple[int | None, int | None]:
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in dates.items())
    document = f"""<rss version="2.0" {prefixes}><channel><title>P</title><item><title>One</title>
      <link>https://p.example/1</link>{elements}</item></channel></rss>"""
    entry = only(document.encode())
    return entry.published_us, entry.updated_us


@pytest.mark.parametrize(
    "name",
    ["atom:updated", "a10:updated", "dcterms:modified", "dc:modified", "prism:modificationDate", "updated"],
)
def test_an_rss_item_that_states_only_its_edit_has_no_publication(name):
    assert stated({name: JUNE_4}) == (None, JUNE_4_US)
    assert stated({name: JUNE_4}, prefixes="") == (None, JUNE_4_US)
    for publication in ("pubDate", "dc:date", "dcterms:issued", "dc:created", "dcterms:date", "a10:published"):
        both = {publication: "Tue, 03 Jun 2025 09:39:00 GMT", name: JUNE_4}
        assert stated(both) == stated(dict(reversed(both.items()))) == (JUNE_3_US, JUNE_4_US)
    assert stated({"pubDate": "yesterday", name: JUNE_4}) == (None, JUNE_4_US)


def test_dc_date_is_an_edit_only_beside_a_publication():
    assert stated({"dc:date": JUNE_4}) == stated({"date": JUNE_4}) == (JUNE_4_US, None)
    assert stated({"pubDate": "Tue, 03 Jun 2025 09:39:00 GMT", "dc:date": JUNE_4}) == (JUNE_3_US, JUNE_4_US)


def test_the_day_of_a_journals_issue_counts_where_nothing_else_is_stated():
    assert stated({"prism:publicationDate": "2025-06-04"}) == (JUNE_4_US - 34_740_000_000, None)
    assert stated({"dc:date": "2025-06-03T09:39:00Z", "prism:publicationDate": "2025-06-04"}) == (JUNE_3_US, None)


@pytest.mark.parametrize(("version", "name"), [("1", "json1"), ("1.1", "json11")])
def test_json_feeds_of_both_versions(version, name):
    document = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "The Paper",
        "home_page_url": "https://paper.example/",
        "language": "en",
        "items": [
            {
                "id": 7,
                "url": "/a",
                "title": "River rises",
                "content_html": "<p>Whole.</p>",
                "summary": "Two metres.",
                "date_published": "2025-06-03T11:39:00+02:00",
                "authors": [{"name": "Ada Byrne"}],
                "author": {"name": "Ben Carr"},
                "tags": ["Weather", None],
                "attachments": [{"url": "/p.jpg", "mime_type": "image/jpeg"}],
            },
            "no object",
        ],
    }
    feed = parse_feed(json.dumps(document).encode(), "application/feed+json", BASE)
    assert (feed.format, feed.title, feed.language, feed.base_url) == (
        name,
        "The Paper",
        "en",
        "https://paper.example/",
    )
    assert feed.entries == (
        RawEntry(
            link="/a",
            title="River rises",
            summary="Two metres.",
            content_html="<p>Whole.</p>",
            authors=("Ada Byrne", "Ben Carr"),
            keywords=("Weather",),
            image_url="/p.jpg",
            published_us=JUNE_3_US,
            id="7",
        ),
        RawEntry(),
    )


def test_a_news_sitemap_lists_its_articles_and_leaves_other_pages_out():
    sitemap = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc>https://p.example/1</loc><image:image><image:loc>https://p.example/1.jpg</image:loc></image:image>
      <news:news><news:publication><news:name>The P</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2025-06-03T09:39:00Z</news:publication_date><news:title>River rises</news:title>
      <news:keywords>weather, rivers</news:keywords></news:news></url>
      <url><loc>https://p.example/about</loc></url></urlset>"""
    feed = parse_feed(sitemap.encode(), "text/xml", BASE)
    assert (feed.format, feed.title, feed.language) == ("sitemap", "The P", "en")
    assert feed.entries == (
        RawEntry(
            link="https://p.example/1",
            title="River rises",
            keywords=("weather", "rivers"),
            language="en",
            image_url="https://p.example/1.jpg",
            published_us=JUNE_3_US,
        ),
    )


def test_an_html_page_is_named_as_one_and_its_feed_too():
    page = b"""<!DOCTYPE html><html><head><link rel="stylesheet" href="/x.css">
      <link rel='alternate' type='application/rss+xml' href='/rss.xml'></head><body><rss></body></html>"""
    error = failure(page, "application/rss+xml")
    assert error.reason is Reason.NOT_A_FEED
    assert error.message == "this is an HTML page, not a feed; it names this feed: https://paper.example/rss.xml"
    assert failure(b"<html><body>Sorry</body></html>").message == "this is an HTML page, not a feed"


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", Reason.EMPTY_BODY, "empty"),
        (b" \r\n\x00", Reason.EMPTY_BODY, "empty"),
        (b"Service unavailable", Reason.NOT_A_FEED, "it starts with 'Service unavailable'"),
        (b"%PDF-1.7 \x00\xff", Reason.NOT_A_FEED, "no feed element"),
        (b'{"error": "no such feed"}', Reason.NOT_A_FEED, "no JSON Feed"),
        (b'{"version": "2", "items": []}', Reason.NOT_A_FEED, "names no JSON Feed"),
        (b'{"items": [', Reason.BAD_FEED, "unreadable JSON"),
        (b'{"items": ' + b"[" * 100_000, Reason.BAD_FEED, "RecursionError"),
        (b"<urlset><url><loc>https://p.example/about</loc></url></urlset>", Reason.NOT_A_FEED, "no news facts"),
        (b"\x1f\x8b\x08damaged", Reason.BAD_FEED, "gzip"),
    ],
)
def test_what_is_no_feed_fails_with_its_reason(body, reason, words):
    error = failure(body)
    assert error.reason is reason
    assert words in error.message


def test_an_index_of_sitemaps_lists_them_with_their_last_change():
    index = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc> https://paper.example/news.xml </loc><lastmod>2026-03-02T10:00:00+01:00</lastmod></sitemap>
      <sitemap><loc>/old.xml</loc><lastmod>long ago</lastmod></sitemap><sitemap/></sitemapindex>"""
    feed = parse_feed(index, None, BASE)
    assert (feed.format, feed.entries) == ("sitemapindex", ())
    assert [(link.url, link.changed_us) for link in feed.sitemaps] == [
        ("https://paper.example/news.xml", 1_772_442_000_000_000),
        ("/old.xml", None),
    ]


def test_a_feed_without_entries_is_a_feed():
    assert parse_feed(rss(""), None, BASE).entries == ()


def test_the_bytes_decide_and_not_the_content_type():
    assert only(rss(item()), "text/html; charset=iso-8859-1").title == "River rises"


def test_an_unlabelled_gzip_file_is_unpacked():
    assert only(gzip.compress(rss(item()))).title == "River rises"


def test_junk_before_the_feed_costs_nothing():
    assert only(b"Warning: include() failed\n\n" + rss(item())).link == "https://paper.example/a"


def test_a_declared_charset_that_is_wrong_does_not_make_mojibake():
    body = rss(item("<description>Café – prix</description>"), start='<?xml version="1.0" encoding="windows-1252"?>')
    assert only(body).summary == "Café – prix"


def test_characters_that_xml_forbids_are_dropped_and_the_rest_is_kept():
    body = rss(item("<description>a@@b &#0; &#xD800; &#x110000; &#99999999999; &#233;</description>"))
    assert only(body.replace(b"@@", b"\x00\x0b")).summary == "ab é"


def test_named_characters_of_html_are_read_though_no_feed_declares_them():
    assert only(rss(item("<description>Caf&eacute;&nbsp;&mdash; R&amp;D</description>"))).summary == "Café — R&D"


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY e SYSTEM "file:///etc/passwd">', '<!ENTITY a "lol"><!ENTITY e "&a;&a;&a;">', '<!ENTITY e "&e;">'],
)
def test_entities_of_a_document_type_are_never_expanded(entity):
    entry = only(rss(item("<description>x&e;x</description>"), start=f"<!DOCTYPE rss [{entity}]>"))
    assert entry.link == "https://paper.example/a"
    assert "root:" not in repr(entry)
    assert "lol" not in repr(entry)


def test_scripts_and_styles_are_not_read_as_text():
    body = rss(
        item("<description>&lt;style&gt;p{}&lt;/style&gt;Dry&lt;script&gt;x()&lt;/script&gt; land</description>")
    )
    assert only(body).summary == "Dry land"


def test_a_long_description_is_the_article_itself_and_no_summary():
    long = "<p>" + "The river rose. " * 100 + "</p>"
    entry = only(rss(item(f"<description><![CDATA[{long}]]></description>")))
    assert entry.summary is None
    assert entry.content_html == long.replace(" </p>", " </p>")


def test_a_content_of_megabytes_is_cut():
    entry = only(rss(item("<content:encoded><![CDATA[" + "<p>word</p>" * 100_000 + "]]></content:encoded>")))
    assert entry.content_html is not None
    assert len(entry.content_html) == 200_000


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("<guid>https://paper.example/g</guid>", "https://paper.example/g"),
        ("<guid isPermaLink='false'>https://paper.example/g</guid>", "https://paper.example/g"),
        ("<guid>4711</guid>", None),
        ("", None),
    ],
)
def test_a_guid_is_the_link_only_where_it_is_an_address(guid, link):
    assert only(rss(f"<item><title>t</title>{guid}</item>")).link == link


def test_the_article_behind_a_counting_redirect_is_linked_itself():
    body = rss(
        "<item><link>https://feeds.example/~r/1</link><f:origLink "
        'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://paper.example/1</f:origLink></item>'
    )
    assert only(body).link == "https://paper.example/1"


@pytest.mark.parametrize(
    ("inner", "image"),
    [
        ('<enclosure url="https://p.example/e.jpg" type="image/jpeg" length="1"/>', "https://p.example/e.jpg"),
        ('<enclosure url="https://p.example/e.mp3" type="audio/mpeg" length="1"/>', None),
        ('<media:thumbnail url="https://p.example/t.jpg"/>', "https://p.example/t.jpg"),
    ],
)
def test_an_enclosed_picture_or_thumbnail_is_the_image(inner, image):
    assert only(rss(item(inner))).image_url == image


@pytest.mark.parametrize("prefix", ["news:", "n:", "٣:", ""])
def test_a_sitemap_that_declares_no_prefix_is_read_all_the_same(prefix: str):
    news = f"<{prefix}title>Quay opens</{prefix}title><{prefix}odd:::name/>"
    sitemap = f"<urlset><url><loc>{BASE}/a</loc><{prefix}news>{news}</{prefix}news></url></urlset>"
    [entry] = parse_feed(sitemap.encode(), None, BASE).entries
    assert (entry.link, entry.title) == (f"{BASE}/a", "Quay opens")
