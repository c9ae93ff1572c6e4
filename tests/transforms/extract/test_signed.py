"""The byline is kept as printed; who is no person and signs is an organisation, and an agency stays in the byline."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import json_ld, metadata_of, story

SITE = '<meta property="og:site_name" content="Lindmere Post">'


@pytest.mark.parametrize(
    ("byline", "printed"),
    [
        ('<span class="byline">By Ada Lind</span>', "By Ada Lind"),
        ('<p>By <a href="/people/ada">Ada Lind</a>, harbour editor</p>', "By Ada Lind, harbour editor"),
        ("<p>By Ada Lind and Bo Berg</p>", "By Ada Lind and Bo Berg"),
        ("<div><span>Written by</span> <span>Ada Lind</span></div>", "Written by Ada Lind"),
        ('<a rel="author" href="/1">Ada Lind</a>, <a rel="author" href="/2">Bo Berg</a>', "Ada Lind, Bo Berg"),
        ("<p>Von Ada Lind | 1. März 2026</p>", "Von Ada Lind"),
        ("<p>Posted by Ada Lind on Tuesday, March 3, 2026</p>", "Posted by Ada Lind"),
        ('<div class="post-date-author">3 March 2026 · Ada Lind</div>', "Ada Lind"),
        ('<div class="author"><b>Ada Lind</b><p>Ada Lind writes about harbours and quays.</p></div>', "Ada Lind"),
        ('<p class="byline">記者 王小明／台北報導</p>', "記者 王小明／台北報導"),
        ('<p class="byline">By Ada Lind, Associated Press</p>', "By Ada Lind, Associated Press"),
        ("<p>No word of who wrote it</p>", None),
    ],
)
def test_the_byline_is_the_printed_line_without_its_date(byline: str, printed: str | None) -> None:
    assert metadata_of(SITE, story(byline)).byline == printed


@pytest.mark.parametrize(
    "name",
    [
        "Lindmere Post", "Lindmere Post Staff", "Newsdesk", "The Lindmere Team", "Redaktion Hafen", "Equipo Editorial",
        "La Rédaction", "Harbour Magazine", "Radio Lindmere", "Редакция", "編集部", "편집국", "编辑部", "هيئة التحرير",
        "समाचार डेस्क", "Ban Biên Tập", "Centre for Harbours and Quays", "Haber Merkezi",
    ],
)  # fmt: skip
def test_an_organisation_that_signs_is_no_author_and_is_kept(name: str) -> None:
    printed = metadata_of(SITE, story(f'<span>By</span> <span class="author-name">{name}</span>'))
    assert (printed.authors, printed.author_organizations) == ((), (name,))
    assert name in (printed.byline or "")
    told = metadata_of(SITE + json_ld(author={"@type": "Person", "name": name}), story())
    assert (told.authors, told.author_organizations, told.byline) == ((), (name,), None)


@pytest.mark.parametrize(
    "name",
    ["Read more", "Share", "Staff Writer", "Senior Editor", "Image", "Log in", "About the team", "Agency", "admin"],
)
def test_a_button_or_a_role_is_no_organisation(name: str) -> None:
    assert metadata_of(SITE, story(f'<p class="byline">By {name}</p>')).author_organizations == ()
    assert metadata_of(f'{SITE}<meta name="author" content="{name}">', story()).author_organizations == ()


def test_what_the_page_states_to_be_an_organisation_needs_no_word_that_says_so() -> None:
    stated = json_ld(author={"@type": "Organization", "name": "Nordlicht"})
    assert metadata_of(SITE + stated, story()).author_organizations == ("Nordlicht",)
    both = json_ld(author=[{"@type": "Person", "name": "Ada Lind"}, {"@type": "Organization", "name": "Nordlicht"}])
    assert metadata_of(SITE + both, story()).author_organizations == ("Nordlicht",)
    own = json_ld(author=[{"@type": "Person", "name": "Ada Lind"}, {"@type": "Organization", "name": "Lindmere Post"}])
    assert metadata_of(SITE + own, story()).author_organizations == ()


def test_an_organisation_in_a_persons_byline_is_kept_beside_the_person() -> None:
    said = metadata_of(SITE, story('<p class="byline">By Ada Lind, Harbour Magazine</p>'))
    assert (said.authors, said.author_organizations) == (("Ada Lind",), ("Harbour Magazine",))
    said = metadata_of(SITE, story('<p class="byline">By Ada Lind, senior editor at the office</p>'))
    assert (said.authors, said.author_organizations) == (("Ada Lind",), ())


@pytest.mark.parametrize(
    "byline",
    ["Reuters", "By Reuters Staff", "dpa", "AFP", "Associated Press", "新华社", "연합뉴스", "mit Material von dpa"],
)
def test_an_agency_stays_in_the_byline_and_is_neither_author_nor_organisation(byline: str) -> None:
    said = metadata_of(SITE, story(f'<p class="byline">{byline}</p>'))
    assert (said.byline, said.authors, said.author_organizations) == (byline, (), ())


def test_an_agency_that_is_only_stated_for_machines_makes_the_byline() -> None:
    reuters, ada = {"@type": "Organization", "name": "Reuters"}, {"@type": "Person", "name": "Ada Lind"}
    assert metadata_of(json_ld(author=reuters), story()).byline == "Reuters"
    both = metadata_of(json_ld(author=[reuters, ada]), story('<p class="byline">Ada Lind</p>'))
    assert (both.byline, both.authors) == ("Reuters, Ada Lind", ("Ada Lind",))
    printed = metadata_of(json_ld(author=[reuters, ada]), story('<p class="byline">Ada Lind / Reuters</p>'))
    assert printed.byline == "Ada Lind / Reuters"


def test_the_address_of_the_site_that_a_template_puts_into_each_page_is_no_organisation() -> None:
    said = metadata_of('<meta name="author" content="lindmere.example">', story())
    assert (said.authors, said.author_organizations) == ((), ())


def test_an_agency_stated_as_source_or_provider_follows_the_byline_that_names_none() -> None:
    provider = json_ld(provider={"@type": "Organization", "name": "Agence France-Presse"})
    ada = story('<p class="byline">By Ada Lind</p>')
    assert metadata_of(provider, ada).byline == "By Ada Lind, Agence France-Presse"
    assert metadata_of('<meta name="dc.source" content="AFP">', story()).byline == "AFP"
    printed = story('<p class="byline">Ada Lind / Reuters</p>')
    assert metadata_of(json_ld(copyrightHolder={"name": "Reuters"}), printed).byline == "Ada Lind / Reuters"
    assert metadata_of(json_ld(provider={"name": "Lindmere Post"}), ada).byline == "By Ada Lind"
    assert metadata_of('<meta name="source" content="Petra">', ada).byline == "By Ada Lind"


def test_a_stated_office_is_one_name_though_it_joins_words_that_buttons_have() -> None:
    office = {"@type": "Organization", "name": "Center for Quay Evaluation and Research"}
    said = metadata_of(json_ld(author=office), story())
    assert (said.authors, said.author_organizations) == ((), ("Center for Quay Evaluation and Research",))
