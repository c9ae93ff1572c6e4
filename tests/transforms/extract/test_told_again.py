"""A second copy of the story leaves the text; what an author says twice stays."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from tests.transforms.extract.pages_to_isolate import LATE, PARAGRAPHS, SUBHEADING
from transforms.extract.body.known_out.told_again import told_again
from transforms.extract.page.text_blocks import text_blocks

RUSSIAN = (
    "Городской совет Северного Устья решил во вторник закрыть старый мост в гавани на ремонт.",
    "Работы начнутся в мае и продлятся около года, сказал мэр города на встрече с жителями квартала. "
    "До тех пор людей и велосипедистов будет перевозить паром, который ходит каждые десять минут.",
    "Лавочники северной набережной опасаются за торговлю: никто не поедет на пароме за хлебом, говорят они. "
    "Пекарь, чья семья держит здесь лавку три поколения, считает, что мост можно чинить по частям, ночами.",
    "Мост построен в 1911 году и дважды укреплён, а грузовики составляют сегодня треть всего движения через него.",
)
DAYS = ["Bread, butter, an egg and tea", "Soup of peas with mint and cream", "Fish with rice and a salad of beans"] * 20


def numbers_of(markup: str, *, but: tuple[int, ...] = ()) -> list[int]:
    """The numbers of the blocks that repeat the story, where all are chosen `but` some."""
    blocks = text_blocks(fromstring(f"<html><body>{markup}</body></html>"))
    chosen = np.ones(len(blocks), dtype=np.bool_)
    chosen[list(but)] = False
    return [int(number) for number in np.flatnonzero(told_again(blocks, chosen))]


def marked_up(paragraphs: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize("story", [PARAGRAPHS, RUSSIAN])
def test_the_second_copy_goes_and_the_first_stays(story: tuple[str, ...]) -> None:
    markup = f"<article>{marked_up(story)}</article>"
    assert numbers_of(markup + markup) == list(range(len(story), 2 * len(story)))
    assert numbers_of(markup * 3) == list(range(len(story), 3 * len(story)))


def test_subheadings_of_the_copy_go_along_and_what_is_new_in_it_stays() -> None:
    told = f"{marked_up(PARAGRAPHS[:2])}<h2>{SUBHEADING}</h2>{marked_up(PARAGRAPHS[2:])}"
    assert numbers_of(f"{told}<p>{LATE}</p>{told}<p>Printed for you.</p>") == [7, 8, 9, 10, 11, 12]


def test_a_copy_of_a_part_goes() -> None:
    assert numbers_of(marked_up(PARAGRAPHS) + marked_up(PARAGRAPHS[1:4])) == [5, 6, 7]


@pytest.mark.parametrize(
    "markup",
    [
        marked_up([*PARAGRAPHS, PARAGRAPHS[0]]),
        marked_up([*PARAGRAPHS, PARAGRAPHS[1], LATE, PARAGRAPHS[3]]),
        marked_up([*PARAGRAPHS, *PARAGRAPHS[:2]]),
        marked_up([*PARAGRAPHS, *reversed(PARAGRAPHS)]),
        "".join(f"<ul><li>{day}</li></ul>" for day in DAYS),
    ],
    ids=["a sentence again", "two sentences apart", "two in a row", "another order", "a plan of meals"],
)
def test_what_an_author_repeats_stays(markup: str) -> None:
    assert numbers_of(markup) == []


def test_what_was_not_chosen_is_no_first_copy() -> None:
    assert numbers_of(marked_up(PARAGRAPHS * 2), but=(0, 1, 2, 3, 4)) == []
