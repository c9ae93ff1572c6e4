"""The facts of a page are gathered in one walk, whatever the page is made of."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from tests.rows import page
from tests.transforms.extract.documents import facts_of, json_ld, metadata_of, story
from transforms.extract.facts.metadata import read_metadata
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.json_ld.article_object import article_object
from transforms.extract.json_ld.structured import json_objects, text_of
from transforms.extract.page.class_names import Aside, aside_level


def test_meta_elements_are_told_apart_by_each_of_their_names() -> None:
    facts = facts_of('<meta name="Author" property="article:author" content=" Ada "><meta itemprop="a b" content="c">')
    assert facts.meta == {"article:author": ("Ada",), "author": ("Ada",), "a": ("c",), "b": ("c",)}


def test_the_language_is_the_first_that_is_one() -> None:
    assert metadata_of(attributes='lang="en_GB"', entry_language="sv").in_language == "en-GB"
    austrian = '<meta property="og:locale" content="de_AT">'
    assert metadata_of(austrian, attributes='lang="{{l}}"', entry_language="sv").in_language == "de-AT"
    assert metadata_of(entry_language="sv").in_language == "sv"


def test_a_description_that_repeats_the_title_is_none() -> None:
    head = '<title>Quay closes</title><meta property="og:description" content="Quay closes!">'
    assert metadata_of(head).description is None
    more = head + '<meta name="description" content="For three weeks in April.">'
    assert metadata_of(more).description == "For three weeks in April."


def test_hints_for_line_breaks_are_no_text_and_joiners_that_spell_words_are() -> None:
    persian = "بازار ماهی می\u200cماند"
    told = {
        "description": "The fish mar\u00adket",
        "keywords": ["fish mar\u200bket", persian],
        "articleSection": "Ci\u00adty",
    }
    said = metadata_of(json_ld(headline="Quay closes", **told))
    assert (said.description, said.keywords) == ("The fish market", ("fish market", persian))
    assert said.article_section == "City"
    head = '<meta name="description" content="The fish mar&shy;ket">'
    head += f'<meta name="keywords" content="mar&#8203;ket, {persian}">'
    said = metadata_of(head)
    assert (said.description, said.keywords) == ("The fish market", ("market", persian))
    fed = metadata_of(entry_keywords=("mar\u00adket",), entry_summary="The fish mar\u00adket")
    assert (fed.description, fed.keywords) == ("The fish market", ("market",))


def test_json_that_a_template_escaped_is_read_all_the_same() -> None:
    escaped = "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Quay&quot;}"
    assert article_object(json_objects([escaped]))["headline"] == "Quay"


def test_json_ld_that_a_template_put_into_a_meta_element_is_read() -> None:
    content = "{&quot;@type&quot;: &quot;Article&quot;, &quot;datePublished&quot;: &quot;2026-03-01&quot;}"
    assert facts_of(f'<meta name="x" content="{content}">').structured["datePublished"] == "2026-03-01"
    assert facts_of('<meta name="x" content="{not &quot;@type&quot; json">').structured == {}


def test_texts_without_a_whole_date_are_no_dates() -> None:
    texts = "<h2>Quays of 2026</h2><p>In 2026</p><p>12 of 19</p><p>March 3, 2026</p><p>2026-03-03</p>"
    assert [stamp.text for stamp in facts_of(body=texts).stamps] == ["March 3, 2026", "2026-03-03"]


def test_an_article_comes_before_the_web_page_that_holds_it() -> None:
    dated_page = '{"@type": "WebPage", "datePublished": "2020-01-01"}'
    article = '{"@type": ["Thing", "BlogPosting"], "datePublished": "2026-01-01"}'
    assert article_object(json_objects([dated_page, article]))["datePublished"] == "2026-01-01"
    assert article_object(json_objects([dated_page]))["datePublished"] == "2020-01-01"
    assert article_object(json_objects(['{"@type": "Person", "name": "Ada"}'])) == {}


@pytest.mark.parametrize("value", [7, None, [], [1], {"name": 7}, {"name": {"name": []}}, [[[[[[[[[["deep"]]]]]]]]]]])
def test_a_structured_value_without_text_is_none(value: object) -> None:
    assert text_of(value) is None


def test_structured_data_of_wrong_types_gives_no_values() -> None:
    wrong = {
        "author": {"name": {"@value": 7}},
        "headline": [1],
        "publisher": [],
        "articleSection": {"a": 1},
        "image": [7],
    }
    said = metadata_of(json_ld(**wrong, datePublished={}, keywords=[{}], isAccessibleForFree=[], license=7))
    assert (said.publisher_name, said.headline, said.authors) == (None, None, ())
    assert (said.date_published_us, said.date_modified_us) == (None, None)
    assert (said.keywords, said.article_section, said.image_url) == ((), None, None)
    assert (said.is_accessible_for_free, said.license) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        '<span class="author">By Ada Lind, </span>' * 60_000,
        '<div class="author">' * 200 + "<b>Ada</b>" * 60_000,
        '<h1><div class="date">' * 100 + '<i class="date"><b></b></i>' * 40_000,
        "<h1></h1>" * 60_000 + "<h1>Quay</h1>" * 20_000,
        '<time datetime="2026-03-01">x</time>' * 60_000,
        "<p>By <!-- --> Ada 2026-03-01 20</p>" * 30_000,
        "<p>2026" + "<br>By" * 100_000 + "</p>",
        "<p>" + "20" * 500_000 + "</p><time datetime='" + "2026-" * 100_000 + "'>x</time>",
        f'<div class="{"author date " * 100_000}">By Ada Lind</div>',
        '<a href="' + "/author/" * 200_000 + '">Ada Lind</a>',
    ],
)
def test_hostile_pages_cost_no_time(body: str) -> None:
    head = '<meta name="author" content="' + "J. " * 100_000 + '"><title>' + "a | b - c « " * 20_000 + "</title>"
    started_s = time.process_time()
    read_metadata(facts_of(head, story(body)), page())
    assert time.process_time() - started_s < 3


def test_the_walk_changes_nothing_in_the_tree() -> None:
    tree = etree.HTML(f"<html><body>{story('<p>By <b>Ada Lind</b> 1 March 2026</p>')}</body></html>")
    before = etree.tostring(tree)
    assert page_facts(tree).bylines
    assert etree.tostring(tree) == before


def test_what_stands_beside_the_article_is_the_same_in_whatever_order_it_is_asked() -> None:
    tree = etree.HTML(
        "<main><h1>Quay closes</h1><div><p>a<b>b</b></p><aside><p>c</p><div class='comments'><i>d</i><u>e</u></div>"
        "</aside></div></main>"
    )
    elements = list(tree.iter())
    around = set(tree.find(".//h1").iterancestors())
    expected = {one: aside_level(one, around, {}) for one in elements}
    for order in (elements, elements[::-1]):
        known: dict[etree._Element, Aside] = {}
        assert {one: aside_level(one, around, known) for one in order} == expected
    assert [expected[tree.find(f".//{tag}")].name for tag in ("b", "aside", "i")] == ["WITHIN", "BESIDE", "OTHER"]
