"""Where what a page states and prints of its dates disagrees, or is the date of something else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.extract.documents import STORY, json_ld, published_of, story

LATER_US = 1_798_761_600_000_000
"""2027-01-01, when all these pages are fetched."""


def dated(head: str = "", body: str = "", attributes: str = "", **values: Any) -> tuple[str, str] | None:
    found = published_of(head, body, attributes, **{"fetched_at_us": LATER_US, **values})
    return (found.day.isoformat(), str(found.source)) if found is not None else None


def test_a_day_that_the_page_marks_comes_before_one_that_stands_nearer() -> None:
    header = '<h3 class="date-header">Dienstag, 3. März 2026</h3>'
    line = "<p>Erscheinungsdatum: 14.01.2026</p>"
    assert dated("", f"<main>{header}<h1>Quay closes</h1>{line}{STORY}</main>", 'lang="de"') == ("2026-03-03", "text")


@pytest.mark.parametrize(
    "label", ["Registriert:", "Joined:", "Member since", "Inscrit :", "Registrado:", "Зарегистрирован:"]
)
def test_the_day_that_a_writer_joined_is_none_of_the_texts(label: str) -> None:
    assert dated("", story(f"<p><b>{label}</b> 1 March 2019</p>")) is None
    both = story(f"<p><b>{label}</b> 1 March 2019</p><p>by Ada Marsh » 2 March 2026</p>")
    assert dated("", both) == ("2026-03-02", "text")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("9-23 February 2026", "en"), ("9 to 23 February 2026", "en"), ("Vom 9. bis 23. Februar 2026", "de"),
        ("du 9 au 23 février 2026", "fr"), ("9 – 23 de febrero de 2026", "es"), ("с 9 по 23 февраля 2026", "ru"),
    ],
)  # fmt: skip
def test_the_end_of_several_days_is_no_day_of_publication(line: str, language: str) -> None:
    assert dated("", story(f"<p>{line}</p>"), f'lang="{language}"') is None


def test_minutes_to_read_are_no_range_of_days() -> None:
    assert dated("", story("<p>3 March 2026, 3-4 min read</p>")) == ("2026-03-03", "text")


def test_a_day_in_an_embedded_post_is_not_believed_before_what_machines_are_told() -> None:
    stated = json_ld(datePublished="2026-03-06T10:00:00Z")
    post = "<blockquote><p>We will close the quay.</p>— Ada Marsh (@marsh) <a>3 March 2026</a></blockquote>"
    assert dated(stated, story(below=post)) == ("2026-03-06", "json_ld")


@pytest.mark.parametrize(
    ("machine", "line", "language", "expected"),
    [
        ("2026-03-11T05:00:00Z", "03/11/2026", "de", "2026-03-11"),
        ("2026-03-11T05:00:00Z", "11/03/2026", "en-US", "2026-03-11"),
        ("03/11/2026 12:43:42", "Erstellt am: 11.03.2026", "de", "2026-03-11"),
        ("03/11/2026 12:43:42", "Erstellt am: 03.11.2025", "de", "2025-11-03"),
    ],
)
def test_day_and_month_are_read_the_other_way_round_where_only_then_page_and_machine_agree(
    machine: str, line: str, language: str, expected: str
) -> None:
    meta = f'<meta name="date" content="{machine}">'
    found = dated(meta, story(f"<p>{line}</p>"), f'lang="{language}"')
    assert found is not None
    assert found[0] == expected


def test_a_plain_day_of_a_stated_edit_does_not_outvote_two_statements_of_the_publication() -> None:
    metas = "".join(
        f'<meta property="{name}" content="{content}">'
        for name, content in (
            ("article:published_time", "2017-04-12T18:33:59+02:00"), ("datePublished", "2020-02-19"),
            ("article:modified_time", "2020-02-19T15:24:33+01:00"), ("dateCreated", "2017-04-11"),
        )
    )  # fmt: skip
    assert dated(metas, story("<p>Le 19 février 2020</p>"), 'lang="fr"') == ("2017-04-12", "meta")


def test_what_is_called_the_publication_is_believed_where_a_machine_is_told_the_day_of_the_edit() -> None:
    meta = '<meta name="date" content="2026-03-05">'
    both = story("<p>Erschienen am: 03.03.2026</p>", below="<footer>Zuletzt geändert am: 05.03.2026</footer>")
    assert dated(meta, both, 'lang="de"') == ("2026-03-03", "text")
    assert dated(meta, story("<p>Erschienen am: 03.03.2026</p>"), 'lang="de"') == ("2026-03-05", "meta")


def test_a_label_says_more_than_the_class_of_a_box() -> None:
    box = '<div class="eventbox"><span>{}</span><h2 class="eventbox__day">3 March 2026</h2></div>'
    assert dated("", story(box.format("Published on:"))) == ("2026-03-03", "text")
    assert dated("", story(box.format("Where to go:"))) is None


def test_the_day_in_the_folders_of_an_address_is_believed_before_a_later_one() -> None:
    stated = json_ld(datePublished="2026-02-27T10:00:00Z")
    assert dated(stated, story(), final_url="https://example.org/2025/7/12/quay") == ("2025-07-12", "url")
    assert dated(stated, story(), final_url="https://example.org/quay-2025-07-12") == ("2026-02-27", "json_ld")
    assert dated(stated, story(), final_url="https://example.org/2026/03/02/quay") == ("2026-02-27", "json_ld")


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/detail/~02-03-2026-quay-closes", "de", "2026-03-02"), ("/news/02032026-quay", "de", "2026-03-02"),
        ("/news/quay_02_03_2026.html", "fr", "2026-03-02"), ("/news/02-03-2026-quay", "en-US", None),
        ("/news/102032026-quay", "de", None), ("/news/32-03-2026-quay", "de", None),
    ],
)  # fmt: skip
def test_the_day_in_an_address_may_come_first(path: str, language: str, expected: str | None) -> None:
    found = dated("", story(), f'lang="{language}"', final_url=f"https://example.org{path}")
    assert found == (expected and (expected, "url"))


@pytest.mark.parametrize(
    ("opening", "language"),
    [
        ("(3 March 2026) ", "en"), ("OLDPORT, 3 March 2026 – ", "en"), ("OLDPORT, March 3, 2026 (NEWSLINE) -- ", "en"),
        ("Oldport, den 3. März 2026 - ", "de"), ("Oldport, le 3 mars 2026 – ", "fr"), ("03.03.2026 | ", "de"),
        ("Lindmere, 3 de marzo de 2026.- ", "es"), ("ЛИНДМЕРЕ, 3 марта 2026 — ", "ru"),
    ],
)  # fmt: skip
def test_the_day_in_the_dateline_of_a_text_is_its_day(opening: str, language: str) -> None:
    body = f"<main><h1>Quay closes</h1><p>{opening}{STORY[3:]}</main>"
    assert dated("", body, f'lang="{language}"') == ("2026-03-03", "text")


@pytest.mark.parametrize("word", ["Archivbild", "Symbolfoto", "Archive"])
def test_a_photograph_and_its_day_open_no_text(word: str) -> None:
    stated = json_ld(datePublished="2026-03-03T10:00:00Z")
    line = f"<p>{word} (16.01.2026): {STORY[3:150]}</p>"
    assert dated(stated, story(line), 'lang="de"') == ("2026-03-03", "json_ld")
    assert dated("", story(line), 'lang="de"') is None


@pytest.mark.parametrize(
    "opening", ["On 3 March 2026, ", "Since 3 March 2026 ", "Le 3 mars 2026, ", "Am 3. März 2026 "]
)
def test_a_day_with_which_a_sentence_begins_is_none(opening: str) -> None:
    assert dated("", f"<main><h1>Quay closes</h1><p>{opening}{STORY[3:]}</main>") is None


def test_a_short_day_before_a_dash_is_a_dateline() -> None:
    body = f"<main><h1>Quay closes</h1><p><b>03.03.26 -</b> {STORY[3:]}</main>"
    assert dated("", body, 'lang="de"') == ("2026-03-03", "text")


def test_the_newest_of_a_list_is_the_day_of_the_list() -> None:
    def listed(*days: str) -> str:
        entries = (f'<h2>One more day</h2><span class="date">{day}</span><p>{STORY[3:200]}</p>' for day in days)
        return f"<main><h1>The harbour's diary</h1>{STORY}{''.join(entries)}</main>"

    assert dated("", listed("2026-03-01", "2026-02-20", "2026-02-03")) == ("2026-03-01", "text")
    assert dated("", listed("2026-03-01", "2026-02-03", "2026-02-20")) is None
    assert dated("", listed("2026-03-01", "2026-02-20")) is None


def test_the_only_edit_that_a_page_states_stands_for_its_publication_wherever_it_stands() -> None:
    line = "<p>Letzte Aktualisierung: {}</p>"
    assert dated("", story(below=line.format("01.03.2026")), 'lang="de"') == ("2026-03-01", "modified")
    several = line.format("01.03.2026") + line.format("02.03.2026")
    assert dated("", story(below=several), 'lang="de"') is None


@pytest.mark.parametrize("line", ["Updated09:15, 5 March 2026", "Updated: 5 March 2026"])
def test_what_stands_before_a_day_in_its_line_says_what_it_is(line: str) -> None:
    word, day = line[:7], line[7:]
    body = story(f'<div>{word}<span class="time">{day}</span></div>')
    assert dated("", body) == ("2026-03-05", "modified")


def test_an_edit_may_be_said_in_the_words_of_a_time_element() -> None:
    body = story('<time class="published" datetime="2026-03-05T09:00:00Z">Last updated: 5 March 2026</time>')
    assert dated("", body) == ("2026-03-05", "modified")


def test_a_day_in_one_element_with_the_headline_is_the_articles_whatever_its_class() -> None:
    body = f'<main><div><h3 class="teaser-meta">03.03.2026</h3><h1>Quay closes</h1>{STORY}</div></main>'
    assert dated("", body, 'lang="de"') == ("2026-03-03", "text")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Публикация: 3 марта 2026", "ru"), ("Veröffentlichung: 3. März 2026", "de"), ("Vydáno 3. března 2026", "cs"),
        ("Pubblicazione: 3 marzo 2026", "it"), ("Argitaratua: 2026ko martxoaren 3a", "eu"),
        ("Размещено: 3 марта 2026", "ru"), ("Offentliggjort 3. marts 2026", "da"),
    ],
)  # fmt: skip
def test_the_publication_is_called_so_in_many_languages(line: str, language: str) -> None:
    other = "<p class='date'>1 January 2020</p>"
    assert dated("", story(f"{other}<p>{line}</p>"), f'lang="{language}"') == ("2026-03-03", "text")
