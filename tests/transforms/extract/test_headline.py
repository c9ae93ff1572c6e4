"""The headline is what a reader sees as such, confirmed by the page's titles and without their furniture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trafilatura.utils import load_html

from tests.rows import page
from tests.transforms.extract.documents import STORY, facts_of, headline_of, json_ld, story
from transforms.extract.facts.headline import headline
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.facts.title_furniture import SiteNames, without_furniture

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


@pytest.mark.parametrize("site", ["The Sun", "Sun", "SUN", "Der Wind", "Sund"])
@pytest.mark.parametrize(
    "title",
    [
        "Weather warning: Sunday storms expected",
        "Weather warning: Sun storms expected",
        "Weather warning: Sun",
        "Weather warning – Sunday storms expected",
        "Weather warning - Winds of the north",
        "Sunday: storms expected in the north",
        "Sun: what a star does all day",
        "Sunday/Monday: storms expected",
        "After the storm: 12 missing",
        "Storm takes 3 - 12 missing",
        "Storm takes the pier (update)",
        "Storm takes the pier [3/4]",
        "Lindmere 3 - 2 Varnholm",
        "Why? – “",
        "2026",
    ],
)
def test_a_word_that_only_begins_like_the_sites_name_is_a_part_of_the_headline(title: str, site: str) -> None:
    head = f'<meta property="og:site_name" content="{site}"><meta property="og:title" content="{title}">'
    address = "https://www.thesun.example/weather/storms"
    for stated in (f"{head}<title>{title}</title>", f"{head}<title>{title} | {site}</title>"):
        assert headline_of(stated, story(title=title), final_url=address) == title
        assert headline_of(stated, final_url=address) == title


@pytest.mark.parametrize(
    "title",
    [
        "Bürgermeister: »Wir schließen den Kai«",
        "»Wir schließen den Kai« – Bürgermeister",
        "Le maire : « Nous fermons le quai »",
        "« Nous fermons le quai »",
        "Мэр: «Мы закрываем причал»",
        "„Wir schließen den Kai“",
        "Bürgermeister: „Wir schließen den Kai“",
        "Mayor: “We close the quay”",
        "Mayor: ‘We close the quay’",
        "Borgmesteren: »Vi lukker kajen«",
        "Le maire : « Le quai - fermé »",
        "Quay closes for 3 weeks (3)",
    ],
)
def test_the_marks_of_a_quotation_stay(title: str) -> None:
    assert headline_of(f"{SITE}<title>{title}</title>") == title
    assert headline_of(f"{SITE}<title>{title} | Lindmere Post</title>") == title
    assert headline_of(f"{SITE}<title>{title} » Lindmere Post</title>") == title
    assert headline_of(f"{SITE}<title>x</title>{json_ld(headline=title)}", story(title=title)) == title


def test_what_the_heading_says_is_not_cut_off_though_it_looks_like_the_sites_name() -> None:
    head = f"{SITE}<title>Mayor to reporters: Lindmere Post office to close - Lindmere Post</title>"
    assert headline_of(head, story(title="Mayor to reporters: Lindmere Post office to close")) == (
        "Mayor to reporters: Lindmere Post office to close"
    )
    both = f"{SITE}<title>Strike - Lindmere Post Workers | Lindmere Post</title>"
    assert headline_of(both, story(title="Strike - Lindmere Post Workers")) == "Strike - Lindmere Post Workers"


def test_where_the_text_is_the_feeds_so_is_the_headline() -> None:
    facts, given = facts_of("<title>Loading…</title>", "<h1>Loading…</h1>"), page(entry_title="Quay closes")
    assert headline(facts, given, None, text_is_fed=True) == "Quay closes"
    assert headline(facts, page(entry_title="Quay closes - Lindmere Post"), "Lindmere Post", text_is_fed=True) == (
        "Quay closes"
    )
    assert headline(facts, page(), None, text_is_fed=True) == "Loading…"


@pytest.mark.parametrize("hint", ["&shy;", "&#8203;", "&#8288;", "&#65279;", "&amp;shy;", "&#x200C;", "&#x200D;"])
def test_hints_for_line_breaks_are_no_part_of_a_headline(hint: str) -> None:
    title = f"Council closes the fish mar{hint}ket"
    assert headline_of(f"<title>{title}</title>", story(title=title)) == "Council closes the fish market"
    assert headline_of(f'<meta property="og:title" content="{title}">') == "Council closes the fish market"
    assert headline_of(entry_title=title) == "Council closes the fish market"
    assert headline_of(json_ld(headline="Council closes the fish mar\xadket")) == "Council closes the fish market"


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


_TITLES = st.text("aB |-–»«“:·/ Post", max_size=80)
_NAMES = st.lists(st.sampled_from(["post", "A Post", "AB", "The B"])).map(
    lambda names: SiteNames.of(names, "b.example")
)


@given(_TITLES, _NAMES, st.frozensets(st.sampled_from(["a", "b"])), st.booleans())
def test_the_headline_of_a_headline_is_itself(
    title: str, names: SiteNames, sections: frozenset[str], of_heading: bool
) -> None:
    once = without_furniture(title, names, sections, of_heading=of_heading)
    assert without_furniture(once, names, sections, of_heading=of_heading) == once


@given(_TITLES)
def test_a_headline_is_a_part_of_its_title(title: str) -> None:
    assert without_furniture(title, SiteNames.of(["post"]), {"ab"}) in " ".join(title.split())


@pytest.mark.parametrize(
    "heading", ["<ruby>市場</ruby>が閉鎖へ", "<ruby><rb>市場</rb></ruby>が閉鎖へ", "<q>市場</q>が閉鎖へ"]
)
def test_words_that_had_a_reading_above_them_stand_in_the_headline_without_a_gap(heading: str) -> None:
    assert headline_of("<title>市場が閉鎖へ</title>", f"<h1>{heading}</h1>") == "市場が閉鎖へ"


def test_a_page_whose_titles_are_all_its_sites_name_has_the_headline_of_its_heading() -> None:
    head = "<title>Harbour Post</title><meta property='og:title' content='Harbour Post'>"
    site = "<meta property='og:site_name' content='Harbour Post'>"
    assert headline_of(head + site, story(title="Quay closes")) == "Quay closes"
    assert headline_of(head + site, story(title="Harbour Post")) == "Harbour Post"


@pytest.mark.parametrize(
    "heading",
    [
        "<span>Harbour news</span> <span>Quay closes for weeks</span>",
        "<span>Quay closes for weeks</span> <small>Posted on July 1, 2026 by adal</small>",
        "<span>Quay closes for weeks</span><span>Fishermen fear for the spring</span>",
        "<b>Headline:</b> Quay closes for weeks",
        "<span>Seefahrt und Handel im ganzen Norden</span><br>Quay closes for weeks",
        '<a href="/1">Quay closes for weeks</a> (example.org) <span>87</span>',
    ],
)
def test_of_a_heading_of_several_parts_those_that_a_title_repeats_are_the_headline(heading: str) -> None:
    title = "<title>Quay closes for weeks | Lindmere Post</title>"
    assert headline_of(SITE + title, story(title=heading)) == "Quay closes for weeks"


def test_a_heading_that_a_title_repeats_as_a_whole_is_not_cut() -> None:
    title = "‘Ends debate’: economists weigh in on the report"
    head = f"{SITE}<title>Economists weigh in on the report</title>{json_ld(headline=title)}"
    heading = "<em>‘Ends debate’:</em> economists weigh in on the report"
    assert headline_of(head, story(title=heading)) == "‘Ends debate’: economists weigh in on the report"


def test_a_blank_between_two_parts_of_a_heading_is_taken_from_a_title_that_has_it() -> None:
    heading = "<span>बंदरगाह बंद होगा:</span><span>तीन हफ़्ते के लिए</span>"
    assert headline_of("<title>बंदरगाह बंद होगा: तीन हफ़्ते के लिए</title>", story(title=heading)) == (
        "बंदरगाह बंद होगा: तीन हफ़्ते के लिए"
    )


@pytest.mark.parametrize("link", ["/", "https://lindmere.example/", "https://lindmere.example", "../", "/index.html"])
def test_a_heading_that_leads_to_the_front_page_is_the_sites_name(link: str) -> None:
    address = "https://lindmere.example/2026/quay"
    name = f'<h1><a href="{link}">Four Winds</a></h1>'
    title = "<title>Four Winds » Quay closes for weeks</title>"

    def read(head: str, body: str, url: str = address) -> str | None:
        tree = load_html(f"<html><head>{head}</head><body>{body}{STORY}</body></html>")
        return headline(page_facts(tree, url), page(final_url=url), None)

    assert read(title, name) == "Quay closes for weeks"
    assert read(title, f"{name}<h2>Quay closes for weeks</h2>") == "Quay closes for weeks"
    assert read(title, f'<a href="{link}"><h1>Four Winds</h1></a>') == "Quay closes for weeks"
    assert read(title, '<h1><a href="/2026/quay">Quay closes for weeks</a></h1>') == "Quay closes for weeks"
    assert read("<title>Four Winds</title>", name, "https://lindmere.example/") == "Four Winds"


def test_the_only_heading_is_a_headline_of_its_own_where_titles_are_made_for_search() -> None:
    head = '<title>Lindmere Quay Repairs - Costs 2026</title><meta property="og:title" content="Lindmere Quay Repairs">'
    assert headline_of(head, story(title="How much do the repairs of the Lindmere quay cost?")) == (
        "How much do the repairs of the Lindmere quay cost?"
    )
    assert headline_of(head, story(title="The quay")) == "Lindmere Quay Repairs"
    assert headline_of(head, story(title="A message from all of our sponsors")) == "Lindmere Quay Repairs"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Setting up a quay", "How do you set up a harbour quay?"),
        ("Harbour prices", "Harbour: fair prices in Lindmere"),
        ("Top 10: the best quays (tested by experts)", "The best quays of the north in 2026 – 10 picks"),
    ],
)
def test_a_lone_heading_is_the_headline_if_it_shares_words_with_a_title_for_search(heading: str, title: str) -> None:
    head = f'<meta property="og:title" content="{title}"><title>{title}</title>'
    assert headline_of(head, story(title=heading)) == heading
    assert headline_of(head, f"<h1>{heading}</h1>" + story(title=heading)) == heading
    assert headline_of(head, story(title="News of today")) == title


def test_a_heading_that_domain_and_window_begin_with_is_the_blogs_name() -> None:
    head = '<meta property="og:title" content="The long quay"><title>Lindmere Walks: The long quay</title>'
    body = story(title="Lindmere Walks")
    assert headline_of(head, body, final_url="https://www.mylindmerewalks.example/2026/quay.html") == "The long quay"
    assert headline_of(head, body, final_url="https://www.berg.example/2026/quay.html") == "Lindmere Walks"


def test_a_number_that_opens_the_heading_is_no_label_glued_to_it() -> None:
    head = json_ld(headline="Price guide and hourly rates of harbours")
    assert headline_of(head, story(title="2026 Price guide and hourly rates of harbours")).startswith("2026 Price")


@pytest.mark.parametrize(
    "title", ["Economists weigh in on the quay", "Harbour debate - Economists weigh in on the quay"]
)
def test_a_kicker_in_the_heading_is_cut_off_where_a_title_parts_it(title: str) -> None:
    heading = "<span>Harbour debate</span> <span>Economists weigh in on the quay</span>"
    assert headline_of(f"<title>{title}</title>", story(title=heading)) == "Economists weigh in on the quay"


def test_a_story_whose_class_says_that_it_has_comments_is_none() -> None:
    head = "<title>The long quay of Lindmere</title>"
    body = "<article class='post {}'><h1>My long quay of Lindmere</h1></article><h2>The long quay of Berg</h2>"
    for name in ("has-comments", "no-comments", "comments-closed"):
        assert headline_of(head, body.format(name) + story(title="")) == "My long quay of Lindmere"
    assert headline_of(head, body.format("post-comments") + story(title="")) != "My long quay of Lindmere"
