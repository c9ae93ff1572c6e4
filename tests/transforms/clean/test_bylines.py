"""Who wrote a text and when it was posted goes from above it, who took its pictures from anywhere; the story stays."""

from __future__ import annotations

import pytest

from tests.transforms.clean.samples import STORIES, article
from transforms.clean.clean_text import clean_article

AUTHORS = ("Ada Lind", "Bo Berg")
BYLINES = (
    "By Ada Lind",
    "BY ADA LIND",
    "By Ada Lind, Staff Writer",
    "By Ada Lind and Bo Berg",
    "By Ada Lind, Northmouth Echo",
    "By Ada Lind | March 3, 2026",
    "By Ada Lind ada.lind@example.org",
    "Ada Lind • Published 3 March 2026",
    "Written by Ada Lind",
    "Von Ada Lind, Nordmünde",
    "Ein Beitrag von Ada Lind",
    "Par Ada Lind",
    "Por Ada Lind",
    "Autor: Ada Lind",
    "Av Ada Lind",
)
TIMES = (
    "Posted 10:32 AM",
    "Updated 3 March 2026 14:05 CET",
    "First published on Tue 3 Mar 2026 09.00 CET",
    "Last updated: April 21, 2026",
    "Aktualisiert: 03.03.2026, 14:05 Uhr",
    "Stand: 03.03.2026 14:05 Uhr",
    "Publié le 3 mars 2026 à 14h05",
    "Actualizado a las 14:05",
    "Publicado em 03/03/2026 14h05",
    "Aggiornato alle 14:05",
    "Опубликовано: 3 марта 2026, 14:05",
    "Aktualizacja: 03.03.2026",
    "Τελευταία ενημέρωση: 03/03/2026 14:05",
    "发布时间：2026年3月3日 14:05",
    "Güncelleme: 03 Mart 2026 14:05",
)
PHOTOS = (
    "Photo: Bo Berg / Example Images",
    "© Bo Berg",
    "(Credit: Bo Berg)",
    "Photos by Bo Berg and Ada Lind",
    "Foto: Bo Berg",
    "Crédit photo : Bo Berg",
    "Fot. Bo Berg",
    "Фото: Бо Берг",
    "图片来源：林雅达",
)


@pytest.mark.parametrize(
    ("line", "reason"), [*((line, "credits") for line in BYLINES), *((line, "times") for line in TIMES)]
)
def test_a_byline_and_the_time_of_a_post_go_from_above_a_story(line: str, reason: str) -> None:
    cleaned = clean_article(article(f"{line}\n{STORIES['en']}", authors=AUTHORS))
    assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((line, reason),))


@pytest.mark.parametrize("line", PHOTOS)
def test_a_photographers_name_goes_from_anywhere(line: str) -> None:
    first, _, rest = STORIES["en"].partition("\n")
    cleaned = clean_article(article(f"{first}\n{line}\n{rest}"))
    assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((line, "credits"),))


@pytest.mark.parametrize(
    "line",
    [
        "By the numbers",
        "Ada Lind, a baker",
        "Ada Lind opens a bakery in Northmouth",
        "By Ada Lind’s own account the bridge was never safe",
        "Updated plans for the bridge",
        "Posted to the north",
        "Published: 2019",
        "March 3, 2026",
        "Stand der Dinge um 14 Uhr",
        "Por qué cierra el puente en 2026",
        "Photo: The bridge on the day on which it was opened to traffic.",
        "Photo finish in the harbour race",
        "Image of a town",
    ],
)
def test_a_subheading_or_lead_with_such_words_stays(line: str) -> None:
    story = article(f"{line}\n{STORIES['en']}", authors=AUTHORS)
    assert clean_article(story) is story


@pytest.mark.parametrize(
    "line",
    [
        "Ada Lind, 27.02.2026 23:11",
        "Ada Lind | 3 March 2026",
        "Harbour-Redaktion, 28.02.2026 08:19",
        "Nordmünder Redaktion, 28.02.2026 08:19",
        "La rédaction, 3 mars 2026 à 14h05",
    ],
)
def test_a_name_with_a_day_or_a_time_and_nothing_else_goes_from_below_a_standfirst_too(line: str) -> None:
    first, _, rest = STORIES["en"].partition("\n")
    signed = article(f"{first}\n{line}\n{rest}", authors=AUTHORS, author_organizations=("Harbour Echo",))
    assert clean_article(signed).article_body == STORIES["en"]


def test_a_line_that_is_the_printed_byline_goes_from_above_a_story() -> None:
    line = "Text Ada Lind, Berichterstatterin"
    cleaned = clean_article(article(f"{line}\n{STORIES['en']}", byline=line))
    assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((line, "credits"),))


def test_within_a_story_a_name_and_a_time_stay() -> None:
    first, _, rest = STORIES["en"].partition("\n")
    story = article(f"{first}\nBy Ada Lind\nUpdated 10:32 AM\n{rest}", authors=AUTHORS)
    assert clean_article(story) is story


def test_the_name_of_no_author_stays() -> None:
    story = article(f"By Ada Lind\n{STORIES['en']}")
    assert clean_article(story) is story
