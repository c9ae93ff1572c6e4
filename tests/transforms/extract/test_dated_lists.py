"""Lists of other news and readers' comments are known by their times, in any markup and language; a story's stay."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from tests.transforms.extract.pages_to_isolate import PARAGRAPHS
from transforms.extract.body.known_out.dated_lists import dated_lists
from transforms.extract.page.text_blocks import text_blocks

STORY = "<br><br>".join(PARAGRAPHS)
TITLES = ("Ferry fares in Northmouth to rise again", "Old power station may be sold", "Market moves to the old town")
TEASERS = (
    "From April a ticket will cost a fifth more than today.",
    "The council is looking for a buyer.",
    "Stalls stand in the lanes around the church from Monday on.",
)


def listed(markup: str) -> list[str]:
    """The texts that are taken for entries of a list, where every block is chosen."""
    blocks = text_blocks(fromstring(f"<html><body><table><tr><td>{markup}</td></tr></table></body></html>"))
    found = dated_lists(blocks, np.ones(len(blocks), dtype=np.bool_))
    return [block.text for block, is_listed in zip(blocks, found, strict=True) if is_listed]


def news(entry: str, stamps: tuple[str, ...]) -> str:
    return "".join(
        entry.format(stamp=stamp, link=f"<a href='/{number}'>{title}</a>", teaser=teaser)
        for number, (stamp, title, teaser) in enumerate(zip(stamps, TITLES, TEASERS, strict=True))
    )


STAMPS = {
    "times": ("10:20", "9:45", "08:10"),
    "days": ("12.05.2012", "11.05.2012", "9.05.12"),
    "day and time": ("12.05 14:20", "12.05 13:01", "11.05 9:30"),
    "time and day": ("14:20 12/05/2012", "13:01 12/05/2012", "9:30 11/05/2012"),
    "English": ("12 May 2012", "11 May 2012", "10 May 2012"),
    "Russian": ("12 мая, 14:20", "12 мая, 13:01", "11 мая, 9:30"),
    "Ukrainian": ("12 травня 2012", "11 травня 2012", "10 травня 2012"),
    "Polish": ("12 maja 2012, godz. 14:20", "11 maja 2012, godz. 13:01", "10 maja 2012, godz. 9:30"),
    "Greek": ("12 Μαΐου 2012", "11 Μαΐου 2012", "10 Μαΐου 2012"),
    "German": ("12. Mai 2012 um 14:20 Uhr", "11. Mai 2012 um 13:01 Uhr", "10. Mai 2012 um 9:30 Uhr"),
}


@pytest.mark.parametrize("stamps", STAMPS.values(), ids=STAMPS)
@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        ("{stamp} {link}<br>", 1),
        ("<b>{stamp}</b> {link}<br>{teaser}<br><br>", 2),
        ("{stamp} {link} {teaser}<br><br>", 1),
        ("<p>{stamp}</p><p>{link}</p><p>{teaser}</p>", 3),
        ("<div>{stamp}</div>{link}<p>{teaser}</p>", 3),
    ],
)
def test_three_times_with_a_linked_headline_are_a_list(entry: str, parts: int, stamps: tuple[str, ...]) -> None:
    found = listed(STORY + "<br><hr>" + news(entry, stamps))
    assert len(found) == 3 * parts
    assert not set(found) & set(PARAGRAPHS)


def test_a_list_above_the_story_ends_where_the_story_begins() -> None:
    found = listed(news("{stamp} {link}<br>{teaser}<br><br>", STAMPS["times"]) + "<hr>" + STORY)
    assert found[0] == f"10:20 {TITLES[0]}"
    assert not set(found) & set(PARAGRAPHS)


@pytest.mark.parametrize("more", ["Read more...", "Подробнее...", "więcej »", "mehr", "περισσότερα"])
def test_teasers_that_end_with_the_same_link_are_a_list(more: str) -> None:
    entry = f"<h4>{{link}}</h4><p>{{teaser}} <a href='/m'>{more}</a></p>"
    found = listed(STORY + news(entry, STAMPS["times"]))
    assert len(found) == 6
    assert found[::2] == list(TITLES)


@pytest.mark.parametrize(
    "markup",
    [
        news("{stamp} {teaser}<br>", STAMPS["times"]),  # a chronicle links nothing
        news("<h4>{link}</h4><p>{teaser}</p>", STAMPS["times"]),  # so may a story's own parts be headed
        news("<p>{stamp} {link}</p>", STAMPS["times"]).replace("<p>08:10", "<p>and"),  # two are none
        "".join(f"<p>{n}. <a href='/{n}'>{title}</a></p>" for n, title in enumerate(TITLES, 1)),
        "".join(f"<p>{n} in 10 of the <a href='/{n}'>{title}</a></p>" for n, title in enumerate(TITLES, 1)),
        "".join(f"<p>1:{n} <a href='/{n}'>{title}</a></p>" for n, title in enumerate(TITLES, 1)),  # a score
    ],
)
def test_a_story_keeps_its_own_lists(markup: str) -> None:
    assert listed(STORY + "<br>" + markup) == []


def test_a_page_that_is_a_calendar_keeps_it() -> None:
    days = "".join(
        f"<p>{day} May 2012</p><p><a href='/{day}'>Concert number {day} in the harbour</a></p>" for day in range(1, 29)
    )
    assert listed(STORY + days) == []


def test_where_nothing_else_reads_as_prose_a_list_stays() -> None:
    assert listed(news("{stamp} {link}<br>{teaser}<br><br>", STAMPS["times"])) == []


SAID = (
    "Who is going to pay for all of this?",
    "High time that they did it!",
    "I live next to it and hear it at night.",
)
NAMES = ("Guest", "vasya_76", "Maria S.")


def comments(label: str, entry: str) -> str:
    return label + "".join(
        entry.format(name=name, stamp=f"13.05.2012 1{number}:30", said=said)
        for number, (name, said) in enumerate(zip(NAMES, SAID, strict=True))
    )


@pytest.mark.parametrize(
    "label", ["Comments (3)", "Комментарии (3)", "Коментарі", "Komentarze (3)", "Kommentare", "Σχόλια", "Diskuse (3)"]
)
@pytest.mark.parametrize(
    "entry",
    [
        "<p><b>{name}</b> {stamp}</p><p>{said}</p>",
        "<p>{stamp} <b>{name}</b></p><p>{said}</p>",
        "<b>{name}</b>, {stamp}<br>{said}<br><br>",
    ],
)
def test_names_with_a_time_below_a_label_are_comments(label: str, entry: str) -> None:
    found = listed(STORY + comments(f"<p><b>{label}</b></p>", entry))
    assert found[0] == label
    assert set(SAID) <= set(found)
    assert not set(found) & set(PARAGRAPHS)


def test_names_with_a_time_below_no_label_are_no_comments() -> None:
    assert listed(STORY + comments("<p><b>The trains</b></p>", "<p>{name} {stamp}</p><p>{said}</p>")) == []
