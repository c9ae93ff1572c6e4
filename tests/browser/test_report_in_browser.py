"""The report page as a browser shows it, light and dark, on a desk and a phone; by axe-core, keyboard and eyes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from lxml import html

from pipelines.commands.report.page.figure import shown
from tests.browser.conftest import Seen
from tests.command import newsbeam
from tests.handmade_lakes import eventful_lake, hostile_lake
from transforms.lake.committed import committed
from transforms.lake.files.storage import Storage
from transforms.lake.views import views_sql

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MODES = ("light desk", "light phone", "dark desk", "dark phone")
LEAST_OF_TEXT, LEAST_OF_MARKS = 4.5, 3.0
"""The contrasts that WCAG 2.2 asks for, level AA: of text (1.4.3) and of what charts consist of (1.4.11)."""


@pytest.fixture(scope="module", params=["eventful", "hostile"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A lake and its page."""
    folder = tmp_path_factory.mktemp(request.param)
    lake = {"eventful": eventful_lake, "hostile": hostile_lake}[request.param](folder / "lake")
    done = newsbeam("report", "--output", lake, "--html", str(folder / "report.html"))
    assert (done.returncode, done.stderr) == (0, "")
    return lake, folder / "report.html"


@pytest.fixture(scope="module")
def seen(page: tuple[str, Path], look_at: Callable[[Path], Seen]) -> Seen:
    return look_at(page[1])


def test_the_page_asks_for_nothing_and_its_console_is_silent(seen: Seen, page: tuple[str, Path]) -> None:
    assert seen["asked"] == [page[1].as_uri()]
    assert seen["console"] == []


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_wrong(seen: Seen, mode: str) -> None:
    assert seen["modes"][mode]["axe"]["violations"] == []
    assert {"color-contrast", "document-title", "html-has-lang", "svg-img-alt"} <= set(
        seen["modes"][mode]["axe"]["passes"]
    )


@pytest.mark.parametrize("mode", MODES)
def test_charts_are_drawn_and_can_be_told_from_the_paper(seen: Seen, mode: str) -> None:
    view = seen["modes"][mode]
    assert len(view["charts"]) >= 10
    for chart in view["charts"]:
        width, height = chart["size"]
        assert width >= 300, chart["figure"]
        assert height >= 40, chart["figure"]
        assert any(min(mark) >= 1 for mark in chart["marks"]), chart["figure"]
        assert contrast(chart["bar"], view["background"]) >= LEAST_OF_MARKS
        for text, ink, (_, letter_height), left in chart["words"]:
            assert contrast(ink, view["background"]) >= LEAST_OF_TEXT
            assert letter_height >= 10, "too small to read"
            assert left >= -1, f"{text} is cut off"
    is_dark = luminance(view["background"]) < luminance(view["ink"])
    assert is_dark == mode.startswith("dark")
    full, window = view["width"]
    assert full <= window, "the page is wider than its window"


def test_the_numbers_that_are_shown_are_the_lakes(seen: Seen, page: tuple[str, Path]) -> None:
    lake, file = page
    tables = seen["modes"]["dark phone"]["tables"]
    with duckdb.connect() as connection:
        connection.execute("\n".join(views_sql(committed(Storage(lake)), lake)))
        for figure in html.document_fromstring(file.read_text(encoding="utf-8")).xpath("//div[@data-figure]"):
            name = figure.get("data-figure")
            answer = connection.execute(figure.xpath(".//pre/code")[0].text_content())
            columns = len(answer.description)
            expected = [[re.sub(r"[\r\n]", " ", shown(value)) for value in row] for row in answer.fetchall()]
            rows = [row[:columns] for row in tables[name]]
            if name in ("unlike-sources", "shortened"):
                assert all(row in expected for row in rows)
            elif rows or name != "lateness-steps":
                assert rows == expected, name


def test_the_keyboard_reaches_and_opens_everything_and_shows_where_it_is(seen: Seen) -> None:
    assert len(seen["stops"]) == seen["can_stop"] > 40
    assert seen["stops"][0][:2] == ["a", "Skip the contents"]
    assert all(outline == "solid" and is_seen for _, _, outline, is_seen in seen["stops"])
    assert seen["open"] == [True] * len(seen["open"])


def test_a_screen_reader_is_told_headings_tables_and_what_each_chart_shows(seen: Seen) -> None:
    spoken = list(of_role(seen, "image"))
    assert len(spoken) == len(set(spoken)) == len(seen["modes"]["light desk"]["charts"])
    assert all(len(name) > 8 for name in spoken)
    assert {"banner", "navigation", "main", "contentinfo"} <= {role for role, _ in seen["spoken"]}
    assert list(of_role(seen, "heading"))[:3] == [
        next(name for name in of_role(seen, "heading") if name.startswith("Lake ")), "What is unlike this lake's past",
        "The last run",
    ]  # fmt: skip
    regions = list(of_role(seen, "region"))
    assert len(regions) == len(set(regions))
    assert {"Table: Articles by day", "Failures", "The last run"} <= set(regions)


def of_role(seen: Seen, role: str) -> Iterator[str]:
    return (name for one, name in seen["spoken"] if one == role)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of ``rgb(…)`` by WCAG."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
