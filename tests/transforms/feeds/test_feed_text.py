"""What an entry says is kept as its format means it: plain text, markup, captions, authors of the feed."""

from __future__ import annotations

import json
from html import unescape

import pytest

from transforms.feeds.parsing.fields.plain import html_of_text, plain_text, plain_title
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.parsing.parsed import RawEntry

BASE = "https://paper.example/feed"
NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:m="http://search.yahoo.com/mrss" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
LONG = "The harbour council voted on Monday to close the old fish market. " * 20


def rss(inner: str) -> RawEntry:
    (entry,) = parse_feed(
        f'<rss version="2.0" {NAMESPACES}><channel><title>P</title><item>{inner}</item></channel></rss>'.encode(),
        None,
        BASE,
    ).entries
    return entry


def atom(inner: str, head: str = "") -> RawEntry:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{head}<entry>{inner}</entry></feed>'
    (entry,) = parse_feed(feed.encode(), None, BASE).entries
    return entry


def json_feed(**item: object) -> RawEntry:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [item]}
    (entry,) = parse_feed(json.dumps(document).encode(), None, BASE).entries
    return entry


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Q&A with AT&T: R&D", "Q&A with AT&T: R&D"),
        ("Q&amp;A with AT&amp;T: R&amp;D", "Q&A with AT&T: R&D"),
        ("1 &copy=2 &amp;copy=2 &reg", "1 &copy=2 &copy=2 &reg"),
        ("&amp;lt;dialog&amp;gt; & more", "<dialog> & more"),
        ("Caf&eacute;&hellip; &amp;eacute; &#8217;", "Café… é ’"),
        ("&nosuch; &amp;notit; &;&&", "&nosuch; &notit; &;&&"),
        ("<![CDATA[Q&A &copy=2 &eacute; <b>R&D</b>]]>", "Q&A &copy=2 é R&D"),
    ],
)
def test_an_ampersand_without_a_semicolon_is_one(written, meant):
    assert rss(f"<title>{written}</title><link>/a</link>").title == meant
    assert rss(f"<title>T</title><link>/a</link><description>{written}</description>").summary == meant


@pytest.mark.parametrize("query", ["id=9&lang=en&copy=2", "a=1&reg_id=2&not=3&amp=4&#38", "a=1&lt=2&gt;"])
def test_addresses_with_bare_ampersands_stay_as_they_are(query):
    link = f"https://paper.example/show?{query}"
    assert rss(f"<title>T</title><link>{link.replace('&gt;', '&amp;gt')}</link>").link == link.replace("&gt;", "&gt")
    assert rss(f"<title>T</title><guid>{link.replace(';', '')}</guid>").link == link.replace(";", "")
    href = link.replace(";", "")
    assert atom(f'<title>T</title><link href="{href}"/>').link == href
    assert atom(f'<title>T</title><link href="{href.replace("&", "&amp;")}"/>').link == href
    (entry,) = parse_feed(
        f"<urlset><url><loc>{href}</loc><news><title>T</title></news></url></urlset>".encode(), None, BASE
    ).entries
    assert entry.link == href


CAPTION = "The hall seen from the quay on a grey morning, long before the vote."


@pytest.mark.parametrize(
    "media",
    [
        f"<media:description>{CAPTION}</media:description>",
        f'<media:content url="/i.jpg" medium="image"><media:description type="plain">{CAPTION}</media:description>'
        f"</media:content>",
        f"<media:group><media:text>{CAPTION}</media:text><m:description>{CAPTION}</m:description></media:group>",
        f'<description xmlns="http://search.yahoo.com/mrss/">{CAPTION}</description>',
        f"<itunes:summary>{CAPTION}</itunes:summary><itunes:subtitle>{CAPTION}</itunes:subtitle>",
        f"<dc:description>{CAPTION}</dc:description>",
    ],
)
@pytest.mark.parametrize("content", [None, f"<p>{LONG}</p>"])
def test_a_caption_is_neither_the_summary_nor_the_text(media, content):
    own = "<description>The vote was close.</description>"
    full = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    for inner in (own + full + media, media + own + full, own + media + full):
        entry = rss(f"<title>T</title><link>/a</link>{inner}")
        assert (entry.summary, entry.content_html) == ("The vote was close.", content)


def test_a_picture_beside_a_caption_is_the_entrys_and_a_caption_alone_is_nothing():
    media = (
        f'<media:content url="/i.jpg" medium="image"><media:description>{CAPTION}</media:description></media:content>'
    )
    entry = rss(f"<title>T</title><link>/a</link>{media}")
    assert (entry.summary, entry.content_html, entry.image_url) == (None, None, "/i.jpg")


def test_a_podcasts_summary_stands_where_there_is_no_other():
    assert rss("<title>T</title><itunes:summary>An hour on boats.</itunes:summary>").summary == "An hour on boats."


AUTHOR = "<author><name>Ada Lindqvist</name></author>"


@pytest.mark.parametrize(
    ("entry", "authors"),
    [
        ("", ("Ada Lindqvist",)),
        ("<author><name>Ben Carr</name></author>", ("Ben Carr",)),
        ("<source><title>S</title><author><name>Eva Holm</name></author></source>", ("Eva Holm",)),
        ("<source><title>S</title></source>", ("Ada Lindqvist",)),
    ],
)
def test_an_atom_feeds_author_is_that_of_entries_without_one(entry, authors):
    assert atom(f"<title>T</title>{entry}", AUTHOR).authors == authors


def test_an_rss_feeds_editor_is_no_author():
    editor = "<managingEditor>ed@paper.example (Ed Itor)</managingEditor>"
    feed = f"<rss><channel>{editor}<item><title>T</title></item></channel></rss>"
    assert parse_feed(feed.encode(), None, BASE).entries[0].authors == ()


@pytest.mark.parametrize(
    "title", ["The <dialog> element & you", "5 < 6 > 4", "<b>bold</b> claims", "Use &amp; and &eacute; in HTML", "R&D"]
)
def test_titles_that_are_plain_text_stay_as_they_are(title):
    spelled = title.replace("&", "&amp;").replace("<", "&lt;")
    assert json_feed(title=title).title == title
    assert atom(f'<title type="text">{spelled}</title>').title == title
    assert atom(f"<title>{spelled}</title>").title == title
    assert atom(f"<title><![CDATA[{title}]]></title>").title == title


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("The <dialog> element", "The <dialog> element"),
        ("Why <b> is not <strong>", "Why <b> is not <strong>"),
        ("Closing </div> and #include <stdio.h>", "Closing </div> and #include <stdio.h>"),
        ("A List<String> of 5 < 6", "A List<String> of 5 < 6"),
        ("The <input> and <img> of <Jane Roe>", "The <input> and <img> of <Jane Roe>"),
        ("<b>Live:</b> the <i>Titanic</i>", "Live: the Titanic"),
        ("One<br>two<br/>three<BR />", "One two three"),
        ('<span class="x">Cut <a href="/b">off', "Cut off"),
        ("<p>Opened and never closed", "Opened and never closed"),
        ("m<sup>2</sup> &amp; <em>more</em>", "m2 & more"),
        ("Gone <!-- a note -->now", "Gone now"),
        ("<script>alert(1)</script>Safe", "Safe"),
    ],
)
def test_a_title_that_may_hold_markup_loses_only_what_is_markup(markup, words):
    spelled = markup.replace("&", "&amp;").replace("<", "&lt;")
    assert plain_title(markup, 100) == words
    assert rss(f"<title>{spelled}</title>").title == words
    assert atom(f'<title type="html">{spelled}</title>').title == words


def test_a_summary_loses_the_markup_of_prose_also_where_it_was_cut_off():
    assert plain_text("<p>One <strong>two <em>three", 100) == "One two three"
    assert plain_text("A vector<T> of <br clear=all>things", 100) == "A vector<T> of things"


def test_the_text_of_a_json_feed_is_its_content():
    text = f"{LONG.strip()}\n\n5 < 6 & 7 > 6.\n\n- one\n- two"
    entry = json_feed(id="1", url="/a", title="T", content_text=text)
    assert entry.content_html == f"<p>{LONG.strip()}</p><p>5 &lt; 6 &amp; 7 &gt; 6.</p><p>- one<br>- two</p>"
    assert entry.summary is None
    assert json_feed(content_text="Short.").summary == "Short."
    assert json_feed(content_text="Short.").content_html == "<p>Short.</p>"
    assert json_feed(content_text="Short.", content_html="<i>S.</i>").content_html == "<i>S.</i>"
    assert json_feed(content_text="", content_html=[7]).content_html is None
    assert atom(f'<content type="text">{LONG}\n\nTwo &amp; three.</content>').content_html == (
        f"<p>{LONG.strip()}</p><p>Two &amp; three.</p>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\nTwo.\nA line that is longer than the others, and by far the longest.", 3),
        ("One.\r\n\r\nTwo.\n \n\nThree.", 3),
        ("A text that was wrapped by its sender's\nprogram has lines of much the same\nwidth, save the last.", 1),
    ],
)
def test_plain_text_keeps_its_paragraphs(text, html):
    made = html_of_text(text)
    assert made.count("<p>") == html
    assert unescape(made.replace("<p>", " ").replace("</p>", " ")).split() == text.split()
