"""Kinds of pages whose dates were missed or wrong, each with neighbours in other languages, words and markup."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import STORY, json_ld, story
from tests.transforms.extract.test_dates_that_disagree import dated

DAY = "2026-03-03"


def day_of(head: str, body: str, language: str = "en", **values: str) -> str | None:
    found = dated(head, body, f'lang="{language}"', **values)
    return found[0] if found is not None else None


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("3 Dienstag März 2026", "de"), ("03 Tuesday Mar 2026", "en"), ("3, mardi mars 2026", "fr"),
        ("Mar. 3. 2026", "en"), ("📅Mar 3, 2026", "en"), ("🗓 3 мар 2026", "ru"),
        ("Dienstag, 03. Mrz. 2026", "de"), ("3 फ़रवरी 2026", "hi"), ("3 फरवरी 2026", "hi"), ("3 Pebruari 2026", "id"),
        ("News / March 3, 2026", "en"), ("Новости / 3 марта 2026", "ru"),
        ("Автор: admin от 3-03-2026, 10:15, посмотрело: 1 215", "ru"),
    ],
)  # fmt: skip
def test_a_line_may_name_the_day_with_its_weekday_a_picture_or_a_section(line: str, language: str) -> None:
    assert day_of("", story(f"<div>{line}</div>"), language) == DAY.replace(
        "03-03", "02-03" if "रव" in line or "Peb" in line else "03-03"
    )


def test_a_word_between_day_and_month_that_is_no_weekday_makes_no_date() -> None:
    assert day_of("", story("<div>12 Seats March 2026</div>")) is None


@pytest.mark.parametrize(
    "parts",
    [
        "<b>03</b><i>Mar</i><em>2026</em>", "<div>Mar</div><div>03</div><div>2026</div>", "<b>3</b> March 2026",
        "<div>Mar 3</div><div>2026</div>", "<span>3</span><br><span>March</span><br><span>2026</span>",
    ],
)  # fmt: skip
def test_a_day_may_be_printed_in_parts_as_on_the_leaf_of_a_calendar(parts: str) -> None:
    assert day_of("", story(f'<div class="leaf">{parts}</div>')) == DAY


@pytest.mark.parametrize(
    "months",
    ["<li>March 2026 (3)</li><li>May 2025 (12)</li>", "<li><a>March 2026</a> (3)</li><li><a>May 2025</a></li>"],
)
def test_the_months_of_an_archive_are_no_days(months: str) -> None:
    assert day_of("", story(f"<ul>{months}</ul>")) is None


@pytest.mark.parametrize("indent", ["\n" + " " * 70, "\n" + "\t" * 70])
@pytest.mark.parametrize("line", ["{0}March 3, 2026{0}", "{0}Newsline{0}-{0}Tuesday, March 3, 2026{0}"])
def test_a_templates_indents_make_no_line_too_long(indent: str, line: str) -> None:
    assert day_of("", story(f"<div>{line.format(indent)}</div>")) == DAY


@pytest.mark.parametrize(
    "element",
    [
        '<bsp-timestamp data-timestamp="1772532900000"></bsp-timestamp>',
        '<lit-timestamp publishdate="2026-03-03T11:15:00Z" updatedate="2026-03-05T11:15:00Z"></lit-timestamp>',
        '<time-ago time="2026-03-03T11:15:00Z">now</time-ago>', '<local-time datetime="2026-03-03">now</local-time>',
        '<abbr title="Tuesday, March 3, 2026 at 4:00am"><span>3 March at 4:00</span></abbr>',
        '<span title="3 March 2026 14:15">2 days ago</span>', '<small title="2026-03-03 14:15">yesterday</small>',
    ],
)  # fmt: skip
def test_an_element_made_for_times_states_its_day_in_any_attribute(element: str) -> None:
    found = dated("", story(f"<div>{element}</div>"), 'lang="en"')
    assert found == (DAY, "time_element")


def test_a_title_over_words_that_tell_no_time_is_no_date() -> None:
    assert day_of("", story('<span title="3 March 2026">Quay and harbour</span>')) is None


@pytest.mark.parametrize(
    "name", ["comments d-block", "teaser__date", "has-slider", "breadcrumb", "entry-comments-link"]
)
@pytest.mark.parametrize("day", ['<time datetime="2026-03-03">3 March</time>', "<span>3 March 2026</span>"])
def test_what_stands_between_headline_and_text_is_the_articles_whatever_its_class(name: str, day: str) -> None:
    assert day_of("", story(f'<section><div class="{name}">{day}</div></section>')) == DAY


@pytest.mark.parametrize("name", ["related", "latest-posts", "most-popular", "comment-list", "sponsored"])
def test_the_day_of_another_text_is_none_also_right_below_the_headline(name: str) -> None:
    card = f'<section><div class="{name}"><time datetime="2026-03-03">3 March</time></div></section>'
    assert day_of("", story(card)) is None


def test_several_days_between_headline_and_text_whose_class_is_anothers_are_those_of_cards() -> None:
    cards = "".join(f'<div class="teaser"><time datetime="2026-03-0{n}">x</time></div>' for n in (3, 4))
    assert day_of("", story(f"<section>{cards}</section>")) is None


@pytest.mark.parametrize(
    ("note", "language"),
    [
        ("This article was originally published on 3 March 2026.", "en"), ("First published March 3, 2026", "en"),
        ("Este artículo fue publicado originalmente el 3 de marzo de 2026.", "es"),
        ("Zuerst veröffentlicht am 3. März 2026", "de"), ("Publié pour la première fois le 3 mars 2026", "fr"),
        ("Впервые опубликовано 3 марта 2026 года.", "ru"), ("Pubblicato originariamente il 3 marzo 2026", "it"),
        ("Pierwotnie opublikowano 3 marca 2026", "pl"), ("初出：2026年3月3日", "ja"), ("최초 등록 2026.03.03", "ko"),
    ],
)  # fmt: skip
def test_the_day_of_the_first_publication_comes_before_that_of_a_later_one(note: str, language: str) -> None:
    later = {"ja": "2026年3月9日", "ko": "2026.03.09"}.get(language, "2026-03-09")
    body = f'<main><h1>Quay closes</h1><time datetime="2026-03-09">{later}</time>{STORY}<p>{note}</p></main>'
    assert day_of("", body, language) == DAY


def test_a_note_on_the_first_publication_may_be_a_long_sentence_and_does_not_outweigh_what_machines_are_told() -> None:
    note = "This guide was originally published on March 3, 2026 and has since been updated with new fares, new times "
    body = f'<main><h1>Quay closes</h1><time datetime="2026-03-09">9 March</time>{STORY}<p>{note * 2}</p></main>'
    assert day_of("", body) == DAY
    assert day_of(json_ld(datePublished="2026-03-09", dateModified="2026-03-09"), body) == "2026-03-09"


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("This entry was posted on Tuesday, March 3rd, 2026 at 10:15 am and is filed under ", "en"),
        ("Dieser Beitrag wurde am Dienstag, 3. März 2026 um 10:15 Uhr veröffentlicht und wird unter ", "de"),
        ("Cette entrée a été publiée le mardi 3 mars 2026 à 10:15 et est classée dans ", "fr"),
        ("Esta entrada fue publicada el martes, 3 de marzo de 2026 a las 10:15 y está archivada bajo ", "es"),
        ("Запись опубликована во вторник, 3 марта 2026 г. в 10:15 и размещена в разделе ", "ru"),
    ],
)  # fmt: skip
def test_a_sentence_below_the_text_may_tell_when_the_entry_was_posted(sentence: str, language: str) -> None:
    assert day_of("", story(below=f"<p><small>{sentence}{'harbour, ' * 9}.</small></p>"), language) == DAY


def test_a_day_with_its_time_below_the_text_may_share_its_line_with_other_facts() -> None:
    line = "Monday, March 3rd, 2026 at 11:00 am | Categories: harbours, ferries"
    assert day_of("", story(below=f"<small>{line}</small>")) == DAY
    assert day_of("", story(below="<p>© Newsline | Photo: Harbour | 03.03.2026 10:15</p>"), "de") == DAY
    assert day_of("", story(below="<p>© 03.03.2026 Newsline | Imprint</p>"), "de") is None


def test_a_marked_day_that_is_glued_into_a_line_is_told_in_no_sentence() -> None:
    own = '<time class="meta-date" datetime="2026-03-03">March 3, 2026</time>'
    line = f"old quays and new<b>Ann</b>{own}<b>harbour news, quay</b>"
    assert day_of("", story(below=f"<p>{line}</p>")) == DAY
    spaced = line.replace("<b>harbour", " the <b>harbour").replace("</b><time", "</b> since <time")
    assert day_of("", story(below=f"<p>{spaced}</p>")) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/03/3-quays-close/", None), ("/2026/03/3/quays-close", DAY), ("/2026/3/3/", DAY),
        ("/2026/03/03-quays-close", DAY), ("/2026/03/3", DAY),
    ],
)  # fmt: skip
def test_the_first_figure_of_a_name_is_no_day_of_its_folder(path: str, expected: str | None) -> None:
    found = dated("", story(), final_url=f"https://example.org{path}")
    assert found == (expected and (expected, "url"))


def test_folders_of_the_month_with_a_name_that_begins_with_a_number_outweigh_no_statement() -> None:
    stated = json_ld(datePublished="2026-03-31T10:00:00Z")
    for path in ("/2026/03/3-quays", "/2026/03/12-quays"):
        assert dated(stated, story(), final_url=f"https://example.org{path}") == ("2026-03-31", "json_ld")


def test_of_two_days_that_machines_are_told_the_one_that_is_printed_is_believed() -> None:
    stated = json_ld(datePublished="2026-02-27T10:00:00Z")
    meta = '<meta property="article:published_time" content="2026-03-03T10:00:00Z">'
    assert dated(stated + meta, story("<p>3 March 2026</p>"), 'lang="en"') == (DAY, "meta")
    assert dated(stated + meta, story(), 'lang="en"') == ("2026-02-27", "json_ld")
    edit = '<meta property="article:modified_time" content="2026-03-03T10:00:00Z">'
    assert dated(stated + meta + edit, story("<p>3 March 2026</p>"), 'lang="en"') == ("2026-02-27", "json_ld")


def test_a_later_day_that_is_called_the_publication_is_believed_unless_it_is_that_of_the_edit() -> None:
    own = '<time itemprop="datePublished" datetime="2026-03-03">3 March 2026</time>'
    created = '<meta property="article:published_time" content="2026-02-27T10:00:00Z">'
    assert dated(created, story(own), 'lang="en"') == (DAY, "time_element")
    edit = '<meta property="article:modified_time" content="2026-03-03T10:00:00Z">'
    assert dated(created + edit, story(own), 'lang="en"') == ("2026-02-27", "meta")


def test_a_day_told_to_machines_without_a_time_is_the_printed_one_beside_it() -> None:
    meta = '<meta name="date" content="2026-03-04">'
    assert day_of(meta, story('<time datetime="2026-03-03T21:00">3 March 2026</time>')) == DAY
    assert day_of(meta, story("<p>Reporters, 3 March 2026</p>")) == "2026-03-04"


def test_an_offset_that_gives_another_day_than_page_and_meta_is_not_believed() -> None:
    stated = json_ld(datePublished="2026-03-02T21:00:00-05:00")
    own = '<span class="date">3 March 2026 - 2:00 a. m.</span>'
    meta = '<meta property="article:published_time" content="2026-03-03T02:00:00">'
    assert day_of(stated + meta, story(own)) == DAY
    assert day_of(stated, story(own)) == "2026-03-02"


def test_figures_that_would_be_ahead_of_the_fetch_are_read_the_other_way_round() -> None:
    assert day_of("", story('<time datetime="05-12-2027">05-12-2027</time>')) is None
    fetched = 1_798_761_600_000_000  # 2027-01-01
    found = dated("", story('<p class="date">02/01/2027</p>'), 'lang="en-US"', fetched_at_us=fetched)
    assert (found and found[0]) == "2027-01-02"


@pytest.mark.parametrize(
    ("other", "expected"),
    [("12.23.2025", "2026-03-09"), ("23.12.2025", "2026-09-03"), ("", "2026-09-03")],
)
def test_dots_have_the_day_first_unless_an_english_page_shows_otherwise(other: str, expected: str) -> None:
    body = story('<p class="date">03.09.2026</p>', below=f'<aside><p class="date">{other}</p></aside>')
    assert day_of("", body) == expected


def test_the_newest_card_of_a_front_page_is_its_day_whatever_the_class_of_the_cards() -> None:
    cards = "".join(f'<div class="teaser"><p>{day:02d}.03.2026</p><h2>Story {day}</h2></div>' for day in (3, 3, 2))
    front = f"<main><h1>Harbour news</h1>{cards}</main>"
    assert day_of("", front, "de", final_url="https://example.org/harbour") == DAY
    assert day_of("", front, "de", final_url="https://example.org/harbour-2026-quay-closes-again") is None
    mixed = front.replace("02.03", "05.03")
    assert day_of("", mixed, "de", final_url="https://example.org/harbour") is None


def test_the_update_of_the_site_is_none_of_the_text() -> None:
    assert day_of("", story(below="<footer><p>Site Last Updated: March 3, 2026</p></footer>")) is None
