"""Feed lists written are feed lists read."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.feed import FeedSpec
from transforms.feeds.lists.feed_list import read_feed_list
from transforms.feeds.lists.write_feed_list import FORMATS, form_of, write_feed_list

TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ['"quoted", and; more', "<b>&amp;</b> & co", "línea\nnueva", "'", "#", "=1+1", "\u2028", "tab\there"]
)
URL = st.integers(0, 10**6).map(lambda number: f"https://paper.example/{number}?a=1&b='2'&c=%20ü,;\"")
SPECS = st.lists(
    st.builds(FeedSpec, URL, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT),
    min_size=1,
    max_size=5,
    unique_by=lambda spec: spec.url,
)


@pytest.mark.parametrize("form", ["opml", "csv", "json"])
@given(specs=SPECS)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_with_title_language_and_country(form: str, specs: list[FeedSpec]):
    once = read_feed_list(write_feed_list(specs, form).encode(), "list")
    assert [spec.url for spec in once] == [spec.url for spec in specs]
    assert read_feed_list(write_feed_list(once, form).encode(), "list") == once
    for before, after in zip(specs, once, strict=True):
        for name in ("title", "language", "country"):
            words = "".join(letter for letter in getattr(before, name) or "" if letter.isprintable())
            assert [*words.replace(" ", "")] == [
                letter for letter in getattr(after, name) or "" if letter.isprintable() and letter != " "
            ]


def test_a_list_goes_through_every_form_and_comes_out_the_same():
    specs = [
        FeedSpec("https://one.example/rss?a=1&b=2", 'Der "Bote" & Söhne', "de-AT", "AT"),
        FeedSpec("https://two.example/feed"),
    ]
    seen = specs
    for form in ("opml", "csv", "json", "opml"):
        seen = read_feed_list(write_feed_list(seen, form).encode(), form)
    assert seen == specs


FOLDERS = [
    FeedSpec("https://one.example/rss", "One", folders=("Papers", "Norway")),
    FeedSpec("https://two.example/rss", "Two", folders=("Papers", "AC/DC \\ fans")),
    FeedSpec("https://three.example/rss", "Three"),
    FeedSpec("https://four.example/rss", "Four", folders=("Papers",)),
]


@pytest.mark.parametrize("form", ["opml", "csv", "json"])
def test_folders_go_through_every_form(form):
    read = read_feed_list(write_feed_list(FOLDERS, form).encode(), form)
    assert sorted(read, key=repr) == sorted(FOLDERS, key=repr) if form == "opml" else read == FOLDERS
    assert read_feed_list(write_feed_list(read, "opml").encode(), "again") == read_feed_list(
        write_feed_list(FOLDERS, "opml").encode(), "once"
    )


def test_opml_has_one_outline_a_folder():
    specs = [*FOLDERS, FeedSpec("https://five.example/rss", folders=("Papers", "Norway"))]
    opml = write_feed_list(specs, "opml")
    assert opml.count('<outline text="Papers">') == opml.count('<outline text="Norway">') == 1
    assert opml.count("<outline") - opml.count("/>") == opml.count("</outline>") == 3


def test_a_category_or_a_folder_of_any_depth_is_read():
    opml = '<opml><outline xmlUrl="https://one.example/rss" category="/Papers/Norway,/Other"/></opml>'
    assert read_feed_list(opml.encode(), "a")[0].folders == ("Papers", "Norway")
    deep = write_feed_list([FeedSpec("https://one.example/rss", folders=("a",) * 900)], "csv")
    assert len(read_feed_list(deep.encode(), "a")[0].folders) == 16


def test_an_untitled_feed_has_the_text_that_opml_demands():
    opml = write_feed_list([FeedSpec("https://one.example/rss")], "opml")
    assert '<outline type="rss" text="https://one.example/rss" xmlUrl="https://one.example/rss"/>' in opml


def test_json_names_only_what_is_known():
    text = write_feed_list([FeedSpec("https://one.example/rss", country="NO")], "json")
    assert json.loads(text) == {"feeds": [{"url": "https://one.example/rss", "country": "NO"}]}


def test_plain_lines_keep_the_addresses():
    assert write_feed_list([FeedSpec("https://one.example/", "One")], "txt") == "https://one.example/\n"


def test_another_form_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="choose one of opml, csv, json, txt"):
        write_feed_list([], "yaml")


def test_the_form_follows_from_the_files_name():
    assert [form_of(name) for name in ("a.opml", "B.XML", "c.csv", "feeds", "x.yaml")] == [
        "opml",
        "opml",
        "csv",
        None,
        None,
    ]
    assert set(FORMATS) == {"opml", "csv", "json", "txt"}


@pytest.mark.parametrize(
    "title",
    ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "'=1", "''+", "'quoted'", "it's", "a=b", "\uff1d1", "\uff20x"],
)
def test_csv_holds_no_formula_and_is_read_back_the_same(title: str) -> None:
    spec = FeedSpec("https://example.org/feed", title, "en", "GB", (title,))
    text = write_feed_list([spec], "csv")
    cells = next(csv.reader(text.splitlines()[1:]))
    assert not any(cell.startswith(("=", "+", "-", "@", "\uff1d", "\uff20")) for cell in cells)
    assert read_feed_list(text.encode(), "feeds.csv") == [spec]
