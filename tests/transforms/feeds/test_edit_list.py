"""Feeds are added to a list and taken out of it, and every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import FeedSpec
from transforms.feeds.editing.edit_list import spellings, with_feeds, without_feeds
from transforms.feeds.lists.feed_list import FeedListError, read_feed_list
from transforms.feeds.lists.write_feed_list import FORMATS, write_feed_list

NEW = FeedSpec("https://new.example/feed?a=1&b=2", 'The "New" & Old', "en", "GB", ("Papers", "Norway"))
A, B, C = (f"https://{name}.example/feed" for name in "abc")


def added(text: str, spec: FeedSpec = NEW) -> str:
    return with_feeds(text.encode(), "list", [spec]).decode()


def removed(text: str, *urls: str) -> str:
    return without_feeds(text.encode(), "list", urls).decode()


OPML = f"""<?xml version="1.0" encoding="UTF-8"?>\r
<!-- mine: <outline xmlUrl="{C}"/> -->\r
<opml version="2.0">\r
  <head><title>Mine</title></head>\r
  <body>\r
\t<outline text="Papers">\r
\t  <outline text='A' xmlUrl="{A}?x=1&copy=2" custom="1"/>\r
\t  <!-- keep -->\r
\t</outline>\r
\t<outline text="B" xmlUrl="{B}"><outline text="a note"/></outline>\r
  </body>\r
</opml>"""


def test_an_outline_goes_to_the_end_of_its_folder_and_a_folder_that_is_missing_is_made():
    outline = (
        """<outline type="rss" text='The "New" &amp; Old' title='The "New" &amp; Old'"""
        """ xmlUrl="https://new.example/feed?a=1&amp;b=2" language="en" country="GB"/>"""
    )
    made = f"""\t  <outline text="Norway">\r\n\t    {outline}\r\n\t  </outline>\r\n"""
    after = """custom="1"/>\r\n"""
    assert added(OPML) == OPML.replace(after, after + made)
    assert NEW in read_feed_list(added(OPML).encode(), "list")


def test_an_outline_is_taken_out_with_its_line_and_what_is_written_beside_it_stays():
    assert removed(OPML, f"{A}?x=1&copy=2") == OPML.replace(
        f"""\t  <outline text='A' xmlUrl="{A}?x=1&copy=2" custom="1"/>\r\n""", ""
    )
    assert removed(OPML, B) == OPML.replace(
        f"""\t<outline text="B" xmlUrl="{B}"><outline text="a note"/></outline>\r\n""", ""
    )


def test_feeds_within_the_outline_of_a_feed_stay():
    opml = f'<opml><body><outline xmlUrl="{A}">\n<outline xmlUrl="{B}"/>\n</outline></body></opml>'
    assert removed(opml, A) == f'<opml><body>\n<outline xmlUrl="{B}"/>\n</body></opml>'


@pytest.mark.parametrize("body", ["<body/>", "<body></body>", "<body>\n</body>"])
def test_an_opml_list_without_a_feed_gets_its_first(body):
    got = added(f"<opml>\n{body}\n</opml>", FeedSpec(A))
    assert [spec.url for spec in read_feed_list(got.encode(), "list")] == [A]


def test_what_a_charset_lacks_is_written_as_a_reference():
    opml = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<opml><body><outline text="Täglich" xmlUrl="https://t.example/"/></body></opml>'
    after = with_feeds(opml.encode("latin-1"), "list", [FeedSpec(A, "新聞")])
    assert "Täglich".encode("latin-1") in after
    assert read_feed_list(after, "list")[-1] == FeedSpec(A, "新聞")


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_byte_order_marks_and_charsets_stay(charset):
    before = f"# mine\n{A}\n{B}\n".encode(charset)
    if charset == "utf-16-be":
        before = b"\xfe\xff" + before
    after = with_feeds(before, "list", [FeedSpec(C)])
    assert after.startswith(before)
    assert without_feeds(after, "list", [C]) == before
    assert [spec.url for spec in read_feed_list(without_feeds(after, "list", [A]), "list")] == [B, C]


def test_json_keeps_its_numbers_its_keys_and_its_white_space():
    text = f'{{"feeds": 1, "x": [1.50],\n "feeds": [\n  {{"xmlUrl": "{A}", "n": 1e3}},\n  {{"xmlUrl":"{B}"}}\n]}}'
    row = '{"xmlUrl": "https://new.example/feed?a=1&b=2", "title": "The \\"New\\" & Old", "language": "en"'
    row += ', "country": "GB", "folder": "Papers/Norway"}'
    assert added(text) == text.replace(f'"{B}"}}', f'"{B}"}},\n  {row}')
    assert removed(text, A) == text.replace(f'{{"xmlUrl": "{A}", "n": 1e3}},\n  ', "")
    assert removed(text, B) == text.replace(f',\n  {{"xmlUrl":"{B}"}}', "")
    assert removed(f'["{A}", "{B}"]', A, B) == "[]"
    assert added(f'["{A}"]', FeedSpec(B)) == f'["{A}","{B}"]'


def test_csv_rows_of_several_lines_comments_and_other_columns_stay():
    text = f'# mine\r\nnote;url;title\r\n"two\r\nlines";{A};x\r\n# more\r\n;{B};\'=1+1'
    assert added(text, FeedSpec(C, "=1+1", "en")) == f"{text}\r\n;{C};'=1+1\r\n"
    assert removed(text, A) == f"# mine\r\nnote;url;title\r\n# more\r\n;{B};'=1+1"


def test_an_empty_list_becomes_one_of_the_form_that_its_name_asks_for():
    for name, form in (("a.opml", "opml"), ("a.csv", "csv"), ("a.json", "json"), ("feeds", "txt")):
        assert with_feeds(b"\n", name, [NEW]).decode() == write_feed_list([NEW], form)


def test_a_list_that_cannot_take_a_feed_is_refused():
    with pytest.raises(FeedListError, match="edit it by hand"):  # it has no body
        with_feeds(f'<opml><outline xmlUrl="{A}"/></opml>'.encode(), "list", [NEW])
    with pytest.raises(FeedListError, match="cannot be used"):
        with_feeds(f"{A}\n".encode(), "list", [FeedSpec("not an address")])


def test_a_feed_is_found_in_any_equivalent_spelling():
    assert spellings(["HTTPS://A.example:443/feed#x", "nonsense"]) == spellings([A]).fromkeys(
        spellings([A]), "HTTPS://A.example:443/feed#x"
    )


urls = st.integers(0, 40).map("https://{}.example/feed".format)
texts = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
folders = st.lists(st.sampled_from(["Papers", "Norway", "a/b"]), max_size=2).map(tuple)
specs = st.lists(st.builds(FeedSpec, urls, texts, folders=folders), min_size=1, unique_by=lambda spec: spec.url)


@given(specs, st.sampled_from(FORMATS), st.data())
def test_what_is_added_can_be_taken_out_and_any_feed_can(listed, form, data):
    before = write_feed_list(listed, form).encode()
    new = FeedSpec("https://new.example/feed", data.draw(texts))
    after = with_feeds(before, f"list.{form}", [new])
    assert without_feeds(after, f"list.{form}", [new.url]) == before
    gone = set(data.draw(st.lists(st.sampled_from([spec.url for spec in listed]))))
    left = read_feed_list(without_feeds(after, f"list.{form}", gone), "list")
    assert {spec.url for spec in left} == {new.url, *(spec.url for spec in listed)} - gone
