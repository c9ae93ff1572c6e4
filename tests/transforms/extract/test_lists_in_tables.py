"""What stands in the cells of a table is told, lists too; a page that is laid out by a table is told in paragraphs."""

from __future__ import annotations

import pytest

from pipelines.run.build_page import BuildPage
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS

POINTS = (
    "Repair the roof from the reserve fund before next winter",
    "Freeze the rents of all forty stalls until 2030",
    "Turn the hall into a covered square",
)
ITEMS = "".join(f"<li>{point}</li>" for point in POINTS)
TOLD = [f"- {point}" for point in POINTS]
P = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
MENU = "<ul><li><a href='/a'>News of the day</a></li><li><a href='/b'>Sport of today</a></li></ul>"


def lines(body: str) -> list[str]:
    markup = (
        f"<!doctype html><html lang='en'><head><title>{HEADLINE}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"{body}<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    )
    return BuildPage()(page(body=markup.encode())).article.article_body.split("\n")


def between(table: str) -> list[str]:
    found = lines(f"<main><article><h1>{HEADLINE}</h1>{P[0]}{P[1]}<table>{table}</table>{P[2]}{P[3]}</article></main>")
    assert found[:2] == list(PARAGRAPHS[:2])
    assert found[-2:] == list(PARAGRAPHS[2:4])
    return found[2:-2]


TABLES = {
    "a list": (f"<tr><td>Harbour List</td><td><ul>{ITEMS}</ul></td></tr>", ["Harbour List", *TOLD]),
    "a numbered list": (f"<tr><th>Harbour List</th><td><ol>{ITEMS}</ol></td></tr>", ["Harbour List", *TOLD]),
    "text around a list": (
        f"<tr><td>Harbour List</td><td>They want to:<ul>{ITEMS}</ul>and nothing more than that.</td></tr>",
        ["Harbour List | They want to:", *TOLD, "and nothing more than that."],
    ),
    "paragraphs in items": (
        f"<tr><td>Harbour List</td><td><ul>{''.join(f'<li><p>{point}</p></li>' for point in POINTS)}</ul></td></tr>",
        ["Harbour List", *POINTS],
    ),
    "a list in a list": (
        f"<tr><td>Harbour List</td><td><ul><li>For the market:<ul>{ITEMS}</ul></li></ul></td></tr>",
        ["Harbour List", "- For the market:", *TOLD],
    ),
    "links in items": (
        "<tr><td>Harbour List</td><td><ul>"
        + "".join(f"<li><a href='/{n}'>Point {n}:</a> {point}</li>" for n, point in enumerate(POINTS))
        + "</ul></td></tr>",
        ["Harbour List", *(f"- Point {n}: {point}" for n, point in enumerate(POINTS))],
    ),
    "data": (
        "".join(f"<tr><td>Pier {n}</td><td>{n} minutes</td></tr>" for n in range(6)),
        [f"Pier {n} | {n} minutes" for n in range(6)],
    ),
}


@pytest.mark.parametrize(("table", "told"), TABLES.values(), ids=TABLES)
def test_the_cells_of_a_table_are_told_with_their_lists(table: str, told: list[str]) -> None:
    assert between(table) == told


@pytest.mark.parametrize(
    ("cell", "told"),
    [("".join(P), list(PARAGRAPHS)), (f"{P[0]}{P[1]}<ul>{ITEMS}</ul>{P[2]}", [*PARAGRAPHS[:2], *TOLD, PARAGRAPHS[2]])],
    ids=["paragraphs", "paragraphs and a list"],
)
def test_a_page_that_is_laid_out_by_a_table_is_told_in_paragraphs_without_its_menu(cell: str, told: list[str]) -> None:
    assert lines(f"<table><tr><td>{MENU}</td><td><h1>{HEADLINE}</h1>{cell}</td></tr></table>") == told
