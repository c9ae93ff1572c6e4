"""The headline is what a reader sees as such, confirmed by the page's titles and without their furniture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.extract.documents import headline_of, json_ld, story
from transforms.extract.headline import without_furniture

SITE = '<meta property="og:site_name" content="Lindmere Post">'


@pytest.mark.parametrize(
    "title",
    [
        "Quay closes for weeks | Lindmere Post",
        "Quay closes for weeks - Lindmere Post",
        "Quay closes for weeks – The Lindmere Post",
        "Lindmere Post: Quay closes for weeks",
        "Lindmere Post - Quay closes for weeks",
        "Quay closes for weeks - Politics - Lindmere Post",
        "Quay closes for weeks | Politics | Lindmere Post",
        "Quay closes for weeks | Opinion",
        "Quay closes for weeks » Lindmere Post Online",
    ],
)
def test_site_and_section_are_no_part_of_the_headline(title: str) -> None:
    head = f'{SITE}<meta property="article:section" content="Politics"><title>{title}</title>'
    assert headline_of(head) == "Quay closes for weeks"


@pytest.mark.parametrize(
    "title",
    [
        "Quay closes - for weeks",
        "Quay: what we know",
        "Nach dem Sturm: Kai gesperrt",
        "Post office closes | Why it matters to all of us",
    ],
)
def test_separators_within_a_headline_stay(title: str) -> None:
    assert headline_of(f"{SITE}<title>{title}</title>") == title


def test_the_heading_that_the_titles_point_to_is_the_headline() -> None:
    head = f"{SITE}<title>Quay closes for weeks | Lindmere Post</title>"
    body = "<h1>Lindmere Post</h1>" + story(title="Quay closes for three weeks in April")
    assert headline_of(head, body) == "Quay closes for three weeks in April"


def test_a_heading_that_no_title_confirms_is_not_believed() -> None:
    head = '<title>Quay closes</title><meta property="og:title" content="Quay closes for weeks">'
    assert headline_of(head, story(title="A message from our sponsor")) == "Quay closes for weeks"


def test_the_only_heading_is_believed_where_no_more_than_the_windows_title_speaks_against_it() -> None:
    head = "<title>Welcome</title>"
    assert headline_of(head, story(title="Quay closes for weeks")) == "Quay closes for weeks"
    assert headline_of(head, "<h1>Lindmere</h1>" + story(title="Quay closes for weeks")) == "Welcome"


def test_a_heading_over_the_comments_is_none() -> None:
    head = "<title>Quay closes for weeks</title>"
    body = '<div id="comments"><h2>7 replies to “Quay closes for weeks”</h2></div>'
    assert headline_of(head, body) == "Quay closes for weeks"


def test_a_label_glued_to_the_heading_and_capitals_all_over_give_way_to_the_title() -> None:
    head = "<title>Quay in Lindmere closes for weeks</title>"
    assert headline_of(head, story(title="<b>Live</b> Quay in Lindmere closes for weeks")) == (
        "Quay in Lindmere closes for weeks"
    )
    assert headline_of(head, story(title="QUAY IN LINDMERE CLOSES FOR WEEKS")) == "Quay in Lindmere closes for weeks"


def test_lines_of_a_heading_stay_apart_and_the_letters_of_a_word_together() -> None:
    assert headline_of(body=story(title="Quay<br>closes")) == "Quay closes"
    assert headline_of(body=story(title="<span>Q</span>uay closes")) == "Quay closes"


def test_structured_data_and_the_feed_stand_in_for_a_missing_title() -> None:
    assert headline_of(json_ld(headline="Quay &amp; dock close")) == "Quay & dock close"
    assert headline_of(entry_title="Quay closes") == "Quay closes"
    assert headline_of() is None


_TITLES = st.text("ab |-–:»·/ Post", max_size=80)


@given(_TITLES, st.frozensets(st.sampled_from(["post", "apost", "ab"])), st.frozensets(st.sampled_from(["a", "b"])))
def test_the_headline_of_a_headline_is_itself(title: str, names: frozenset[str], sections: frozenset[str]) -> None:
    once = without_furniture(title, names, sections)
    assert without_furniture(once, names, sections) == once


@given(_TITLES)
def test_a_headline_is_a_part_of_its_title(title: str) -> None:
    assert without_furniture(title, {"post"}, {"ab"}) in " ".join(title.split())
