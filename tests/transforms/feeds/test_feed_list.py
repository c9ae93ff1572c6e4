"""Feed lists in every shape, and messages that name the line and the remedy."""

from __future__ import annotations

import json

import pytest

from schemas.feed import FeedSpec
from tests.shared_data import SHARED
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list

ONE, TWO = "https://one.example/rss.xml", "http://two.example/atom"


def urls(text: str) -> list[str]:
    return [spec.url for spec in read_feed_list(text.encode(), "list")]


def test_nested_opml_outlines_become_feeds_with_title_and_language():
    opml = f"""<?xml version="1.0" encoding="UTF-8"?>
    <opml version="2.0"><body><outline text="Papers"><outline text="Norway">
      <outline type="rss" text="Short" title="The One" language="nb" xmlUrl="{ONE}"/>
      <outline type="rss" text="The Two" xmlURL="{TWO}"/>
    </outline></outline></body></opml>"""
    assert read_feed_list(opml.encode(), "a.opml") == [
        FeedSpec(ONE, "The One", "nb", folders=("Papers", "Norway")),
        FeedSpec(TWO, "The Two", folders=("Papers", "Norway")),
    ]


def test_a_bare_ampersand_in_an_opml_address_is_read_as_written():
    opml = f'<opml><body><outline xmlUrl="{ONE}?a=1&b=2&amp;c=3"/></body></opml>'
    assert urls(opml) == [f"{ONE}?a=1&b=2&c=3"]


def test_broken_opml_names_its_line():
    with pytest.raises(FeedListError, match=r"my\.opml, line 4: broken XML .*correct that line"):
        read_feed_list(b'<opml>\n<body>\n<outline xmlUrl="https://a.example/"\n</opml>', "my.opml")


def test_opml_entities_are_not_expanded_from_files():
    opml = f'<!DOCTYPE opml [<!ENTITY e SYSTEM "file:///etc/passwd">]><opml><outline text="&e;" xmlUrl="{ONE}"/></opml>'
    assert read_feed_list(opml.encode(), "a.opml") == [FeedSpec(ONE, "&e;")]


@pytest.mark.parametrize("charset", ["ISO-8859-1", "windows-1252", "UTF-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_opml_is_read_in_the_charset_that_it_declares(charset):
    opml = (
        f'<?xml version="1.0" encoding="{charset}"?>\n<opml><body><outline text="Århus" xmlUrl="{ONE}"/></body></opml>'
    )
    assert read_feed_list(opml.encode(charset), "a.opml") == [FeedSpec(ONE, "Århus")]


def test_opml_that_is_utf_8_whatever_it_declares_is_read_as_utf_8():
    opml = f'<?xml version="1.0" encoding="ISO-8859-1"?><opml><outline text="Århus" xmlUrl="{ONE}"/></opml>'
    assert read_feed_list(opml.encode(), "a.opml") == [FeedSpec(ONE, "Århus")]


@pytest.mark.parametrize("label", ["rot13", "utf-7", "no such thing", ""])
def test_opml_in_no_known_charset_names_the_line(label):
    opml = f'<?xml version="1.0" encoding="{label}"?>\n<opml><outline text="Århus" xmlUrl="{ONE}"/></opml>'
    with pytest.raises(FeedListError, match=r"a\.opml, line 2: not UTF-8"):
        read_feed_list(opml.encode("latin-1"), "a.opml")


HALF, NUL = "\\ud83d", "\\u0000"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            f'[{{"url": "{ONE}", "title": "Half {HALF} and {NUL}nul", "country": "{HALF}", "{HALF}": 1}}]',
            "Half \ufffd and nul",
        ),
        (f"url,title\n{ONE},Half \x00\x0b and nul\n", "Half  and nul"),
        (f'<opml><outline text="Half &#xD83D;&#0;&#55357;\x01 and nul" xmlUrl="{ONE}"/></opml>', "Half  and nul"),
        (f"\x00{ONE}\x1b", None),
    ],
)
def test_texts_of_a_list_are_well_formed(text, title):
    (spec,) = read_feed_list(text.encode(), "list")
    assert (spec.url, spec.title) == (ONE, title)
    repr(spec).encode()


def test_a_list_whose_address_holds_half_an_emoji_is_read():
    assert urls(f'["{ONE}?{HALF}"]') == [f"{ONE}?\ufffd"]


@pytest.mark.parametrize("number", ["1" + "0" * 4000, "1e999", "-1", "[[]]", "null"])
def test_values_of_another_type_in_a_list_are_left_out(number):
    assert read_feed_list(f'[{{"url": "{ONE}", "title": {number}, "folder": {number}}}]'.encode(), "list") == [
        FeedSpec(ONE)
    ]


def test_csv_with_a_header_takes_the_address_column_and_what_else_it_knows():
    text = f'Title,URL,Language,Country\n"One, the",{ONE},en,GB\n\nTwo,{TWO},,\n'
    assert read_feed_list(text.encode(), "a.txt") == [FeedSpec(ONE, "One, the", "en", "GB"), FeedSpec(TWO, "Two")]


@pytest.mark.parametrize("header", ["xmlUrl", "feed", "url"])
def test_csv_of_one_column_with_a_header(header):
    assert urls(f"{header}\n{ONE}\n{TWO}\n") == [ONE, TWO]


def test_csv_with_semicolons_and_a_byte_order_mark():
    assert read_feed_list(f"\ufeffname;feed\nOne;{ONE}\n".encode(), "a.csv") == [FeedSpec(ONE, "One")]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [
        f'url;title\n{ONE};Århus "A"\n{TWO};\n', f'Title\tURL\nÅrhus "A"\t{ONE}\n\t{TWO}\n',
        f'"title, or name";"url";"title"\n-;{ONE};Århus "A"\n;{TWO};\n', f'url|title\n{ONE}|Århus "A"\n{TWO}|\n',
        f'\n# Our feeds, and theirs\nsep=;\nurl;title\n{ONE};"Århus ""A"""\n\n# to be looked at\n{TWO}\n',
        f'url,title\n{ONE},"Århus\n""A"""\n{TWO},\n', f'url,title\n{ONE},Århus \u2028"A"\n\ufeff{TWO},\n',
        json.dumps([{"url": ONE, "title": 'Århus "A"'}, TWO], ensure_ascii=False, indent=1),
    ],
)  # fmt: skip
def test_a_table_or_json_is_read_whatever_wrote_it(text, end, charset):
    specs = read_feed_list(text.replace("\n", end).encode(charset), "list")
    assert specs == [FeedSpec(ONE, 'Århus "A"'), FeedSpec(TWO)]


@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [f"url;title\n{ONE};Århus\n", f'[\n{{"url": "{ONE}", "title": "Århus"}}]'])
def test_a_table_or_json_in_another_charset_is_refused_with_its_line(text, charset):
    with pytest.raises(FeedListError, match=r"^feeds\.csv, line [12]: not UTF-8 text; save the list as UTF-8$"):
        read_feed_list(text.encode(charset), "feeds.csv")


@pytest.mark.parametrize("label", ["utf-8", "utf-16", "utf-32", "ebcdic"])
def test_opml_that_declares_what_it_is_not_is_refused_with_the_line(label):
    opml = f'<?xml version="1.0" encoding="{label}"?>\n<opml>\n<outline text="Århus" xmlUrl="{ONE}"/></opml>  '
    for padding in ("", " "):
        with pytest.raises(FeedListError, match=r"a\.opml, line 3: not UTF-8"):
            read_feed_list((opml + padding).encode("latin-1"), "a.opml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'url,title\n{TWO},\n{ONE},"The One\n{TWO}?2,The Two\n', "line 3: broken CSV (unexpected end of data)"),
        (f'url,title\n{ONE},"The" One\n{TWO},\n', "line 2: broken CSV (',' expected after '\"')"),
        (f"url,title\n{ONE},{'x' * 200_000}\n", "line 2: broken CSV (field larger than field limit (131072))"),
        (f"{ONE},The One\n", f"line 1: not one address, in which a space would be %20: '{ONE},The One'"),
        (f"{ONE} {TWO}\n", "line 1: not one address"), (f"One;{ONE}\n", "line 1: not a URL"),
        (f'<opml>\n<outline xmlUrl="{ONE}\n x"/></opml>', "not one address"),
        ("x" * 200_000, "line 1: URL of 200000 characters"), ("%PDF-1.4\n1 0 obj", "line 1: not a URL: '%PDF-1.4'"),
        ("PK\x03\x04\x14\0\0", "line 1: not a URL: 'PK'"), ("\0" * 1000, "no feed in it"),
        ("[" * 100_000, "line 1: broken JSON"),
    ],
)  # fmt: skip
def test_what_would_lose_or_invent_a_feed_is_refused_with_its_line(text, said):
    with pytest.raises(FeedListError) as caught:
        read_feed_list(text.encode(), "feeds")
    assert str(caught.value).startswith("feeds")
    assert said in str(caught.value)


def test_byte_order_marks_of_files_that_were_joined_are_left_out():
    assert urls(f"\ufeff\ufeff{ONE}\n\ufeff{TWO}\n") == [ONE, TWO]
    assert urls(f'\ufeff\ufeff<opml><outline xmlUrl="{ONE}"/></opml>') == [ONE]


def test_plain_lines_skip_comments_and_blank_lines():
    assert urls(f"# papers\n\n  {ONE}  \r\n#{TWO}\n{TWO}") == [ONE, TWO]


@pytest.mark.parametrize(
    "document",
    [
        [ONE, TWO],
        [{"url": ONE}, {"xmlUrl": TWO}],
        {"feeds": [ONE, {"feed_url": TWO}]},
    ],
)
def test_json_lists_of_addresses_and_of_objects(document):
    assert urls(json.dumps(document)) == [ONE, TWO]


def test_json_objects_bring_title_language_and_country():
    text = json.dumps([{"url": ONE, "title": "One", "language": "en", "country": "IE"}])
    assert read_feed_list(text.encode(), "a.json") == [FeedSpec(ONE, "One", "en", "IE")]


def test_a_feed_named_twice_is_polled_once_and_the_first_mention_counts():
    assert read_feed_list(f"url,title\n{TWO},A\n{ONE},B\n{TWO},C\n".encode(), "a") == [
        FeedSpec(TWO, "A"),
        FeedSpec(ONE, "B"),
    ]


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "<opml><body/></opml>", "[]", "url\n"])
def test_an_empty_list_is_refused_with_the_remedy(text):
    with pytest.raises(FeedListError, match=r"feeds\.x: no feed in it; give OPML, CSV"):
        read_feed_list(text.encode(), "feeds.x")


def test_every_bad_address_is_counted_and_five_are_shown_with_their_lines():
    text = "\n".join([ONE, *[f"ftp://host{number}.example/" for number in range(7)]])
    with pytest.raises(FeedListError) as caught:
        read_feed_list(text.encode(), "a.txt")
    message = str(caught.value)
    assert message.startswith("a.txt: 7 of 8 feed addresses cannot be used; correct them")
    assert "line 2: not http or https: 'ftp://host0.example/'" in message
    assert "line 6:" in message
    assert "line 7:" not in message
    assert message.endswith("and 2 more")


def test_the_line_of_a_bad_address_in_json_is_named():
    with pytest.raises(FeedListError, match="line 3: not http or https"):
        read_feed_list(f'[\n"{ONE}",\n"gopher://x.example/"\n]'.encode(), "a.json")


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("slash", ["/", "\\/"])
def test_the_line_of_an_address_in_json_is_known_however_it_is_escaped(is_ascii, slash):
    addresses = [ONE, TWO, "gopher://ø.example/", "gopher://ø.example/"]
    text = json.dumps(addresses, indent=1, ensure_ascii=is_ascii).replace("/", slash)
    with pytest.raises(FeedListError, match=r"line 4: not http.*\n.*line [45]: not http"):
        read_feed_list(text.encode(), "a.json")


def test_broken_json_and_json_without_a_list_are_refused():
    with pytest.raises(FeedListError, match=r"a\.json, line 2: broken JSON"):
        read_feed_list(b'["https://a.example/",\n', "a.json")
    with pytest.raises(FeedListError, match="an object with a list 'feeds'"):
        read_feed_list(b'{"sources": []}', "a.json")


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(FeedListError, match=r"a, line 2: not UTF-8 text; save the list as UTF-8"):
        read_feed_list(b"https://a.example/\nhttps://\xff.example/", "a")


@pytest.mark.skipif(SHARED is None, reason="development data is absent")
def test_a_real_list_of_thousands_loads_whole():
    assert SHARED is not None
    specs = read_feed_list((SHARED / "data/feeds/news-feeds.opml").read_bytes(), "news-feeds.opml")
    assert len({spec.url for spec in specs}) == 5484


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_writes_them_and_nowhere_else(end: str):
    lines = f"# my feeds{end}{ONE}{end}{TWO}"
    assert urls(lines) == [ONE, TWO]
    table = f'url,title{end}{ONE},"The{end}One"{end}{TWO},Two\u2028and\x85two'
    assert [spec.title for spec in read_feed_list(table.encode(), "list")] == ["The One", "Two and two"]


@pytest.mark.parametrize("line", ['"' + "x" * 200_000, "a,b" * 100_000, "x" * 200_000])
def test_a_first_line_that_is_no_table_and_no_address_is_told(line: str):
    with pytest.raises(FeedListError, match="line 1: "):
        read_feed_list(line.encode(), "list")
