"""What reads alike in every language: names by their consonants, figures, countries."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.compare.stories.across.consonants import consonants_of
from transforms.compare.stories.across.marks import MarkKind, marks_of, shared


@pytest.mark.parametrize(
    ("words", "consonants"),
    [
        (("Guatemala's", "Gwatemali", "Гватемалы", "グアテマラ", "Γουατεμάλα"), "gtmr"),
        (("Escuintla", "Эскуинтла", "エスクイントラ"), "sknt"),
        (("Malatya", "ملاطية", "Малатья"), "mrt"),
        (("Moldova", "Молдавии", "Молдові", "Μολδαβία"), "mrdv"),
        (("Kassala", "كسلا", "Касала"), "ksr"),
        (("Kolín", "Колина", "Kolina", "コリン"), "krn"),
        (("Chervonohrad", "Tscherwonohrad"), "krvn"),
        (("Phobos", "フォボス"), "vs"),
        (("Łódź",), "rds"),
        (("Kerala", "केरल", "கேரளா"), "kr"),
        (("危地马拉", "12", ""), ""),
    ],
)
def test_a_name_has_the_same_consonants_in_every_script(words: tuple[str, ...], consonants: str) -> None:
    assert {consonants_of(word) for word in words} == {consonants}


def counts(one: str, other: str, some: tuple[str, ...] = (), others: tuple[str, ...] = ()) -> dict[MarkKind, int]:
    marks = [np.frombuffer(marks_of(*given), "<u4") for given in ((one, some), (other, others))]
    return {mark: count for mark, count in shared(*marks).items() if count}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Strong quake in Escuintla", "Толчки в Эскуинтле", {MarkKind.NAME: 1}),
        ("about €6.2bn", "6.200 millones", {MarkKind.FIGURE: 1}),
        ("4,000 people", "4 000 habitants", {MarkKind.FIGURE: 1}),
        ("4 people", "4 habitants", {}),  # all texts share such
        ("1,900 cases", "19 cas", {}),
        ("1,250 ships", "1.250 Schiffe", {MarkKind.FIGURE: 1}),
        ("62 men", "६२ लोग", {MarkKind.FIGURE: 1}),
        ("16 dead", "１６人が死亡", {MarkKind.FIGURE_OF_DAY: 1}),
        ("in 2026", "im Jahr 2026", {}),
        ("the river", "der Fluss", {}),
        ("Oslo", "Oslo", {}),  # two consonants are anybody's
    ],
)
def test_figures_and_names_are_shared_between_languages(one: str, other: str, found: dict[MarkKind, int]) -> None:
    assert counts(one, other) == found


def test_countries_are_shared_whatever_their_names() -> None:
    assert counts("a", "b", ("GT", "MX"), ("MX", "US")) == {MarkKind.COUNTRY: 1}
    assert counts("a", "b", ("GT",), ()) == {}


def test_marks_are_the_same_bytes_whatever_the_order() -> None:
    assert marks_of("Escuintla, Guatemala: 412", ("GT", "MX")) == marks_of("Guatemala 412 Escuintla", ("MX", "GT"))
