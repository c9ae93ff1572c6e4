"""Which of several dates that a page prints is its own, and forms that are read only with what stands around them."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import STORY, story
from tests.transforms.extract.test_dates_that_disagree import dated
from transforms.text.dates.day_order import order_shown


@pytest.mark.parametrize("words", ["Эл № ФС77-31805 от", "Свидетельство № 77-1 от", "Лицензия ЛО-77 от"])
def test_the_day_of_a_licence_is_none_of_the_texts(words: str) -> None:
    assert dated("", story(below=f"<footer><p>{words} 23.04.2008</p></footer>"), 'lang="ru"') is None


def test_a_day_with_its_time_right_below_the_headline_stands_whatever_list_follows() -> None:
    listed = "".join(f"<li>Older text ({day:02d}.01.2020 10:15)</li>" for day in range(1, 9))
    body = (
        f"<main><h1>Quay closes</h1><div>2026-03-03 01:32:00 Source: Harbour News</div><ul>{listed}</ul>{STORY}</main>"
    )
    assert dated("", body, 'lang="en"') == ("2026-03-03", "text")


def test_a_line_below_the_story_comes_before_the_marked_days_of_a_list_under_it() -> None:
    listed = '<h3 class="day-date">{}</h3><p>other news</p>'
    both = listed.format("11.04.2026") + listed.format("10.04.2026")
    line = "<p>13:15 09.03.2026</p>"
    assert dated("", story(below=line + both), 'lang="de"') == ("2026-03-09", "text")
    assert dated("", story(below=line + listed.format("11.04.2026")), 'lang="de"') == ("2026-03-09", "text")
    assert dated("", story(below=both + line), 'lang="de"') is None


def test_a_day_that_is_marked_otherwise_than_all_others_is_the_texts() -> None:
    own = '<time class="post-meta-date" datetime="2026-03-03">3 March</time>'
    others = '<time class="pager-date" datetime="2026-03-{}">x</time>'
    assert dated("", story(below=own + others.format("01") + others.format("05"))) == ("2026-03-03", "time_element")
    assert dated("", story(below=own.replace("post-meta", "pager") + others.format("01"))) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tue Mar 03 17:11:20 SAST 2026", "2026-03-03"), ("Reuters | 03:01 PM,Mar 3,2026", "2026-03-03"),
        ("<span class='dates'>Published: 03 Mar 26 08:32 CET Online: http://news.example/20260303-40069</span>",
         "2026-03-03"),
        ("Room 12 Mar 26", None),
    ],
)  # fmt: skip
def test_a_day_may_need_its_time_to_be_read(line: str, expected: str | None) -> None:
    found = dated("", story(f"<p>{line}</p>"), 'lang="en"')
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("opening", "language"),
    [
        ("Mar. 3, 2026 -- Two ferries that sail to <a href='#'>the islands</a> will stop. ", "en"),
        ("【新聞社2026年3月3日訊】", "zh-TW"), ("【新闻社2026年3月3日电】", "zh"),
        ("(NEWSLINE.EXAMPLE, March 3, 2026 ) Oldport -- ", "en"),
    ],
)  # fmt: skip
def test_a_dateline_may_open_a_text_with_links_or_stand_in_chinese_brackets(opening: str, language: str) -> None:
    body = f"<main><h1>Quay closes</h1><p>{opening}{STORY[3:]}</main>"
    assert dated("", body, f'lang="{language}"') == ("2026-03-03", "text")


def test_dates_that_can_be_read_in_one_way_only_tell_how_the_others_are_read() -> None:
    site = {"final_url": "https://paper.co.za/quay", "url": "https://paper.co.za/quay"}
    line = "<p>Submitted by Ada Marsh on Thu, 01/12/2026</p>"
    lists = "<ul><li>12/23/2025</li><li>10/29/2025</li></ul>"
    assert dated("", story(line, below=lists), 'lang="en"', **site) == ("2026-01-12", "text")
    assert dated("", story(line), 'lang="en"', **site) == ("2026-12-01", "text")
    assert order_shown(["12/23/2025", "23/12/2025"]) is None
    assert order_shown(["01/02/2026", "2026/12/23", "32/12/2025"]) is None


def test_a_page_called_like_a_text_is_no_list_of_texts() -> None:
    entries = "".join(
        f'<div><span class="date">{day}</span><p>{STORY[3:200]}</p></div>'
        for day in ("2026-03-05", "2026-03-04", "2026-03-03")
    )
    page = f"<main><h1>{{}}</h1>{STORY}{entries}</main>"
    assert dated("", page.format("Harbour news")) == ("2026-03-05", "text")
    assert dated("", page.format("The northern quay closes for three weeks")) is None
    slug = {"final_url": "https://example.org/the-northern-quay-closes"}
    assert dated("", page.format("Harbour news"), **slug) is None
