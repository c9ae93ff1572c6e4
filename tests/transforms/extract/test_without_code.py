from __future__ import annotations

import time

import pytest
from lxml import etree

from transforms.extract.parsing.parse import parse_page
from transforms.extract.parsing.without_code import without_code

STORY = "<p>The river rose by two metres in a night.</p>"
LINKED = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'


def test_scripts_and_style_sheets_are_emptied_and_keep_their_tags() -> None:
    page = (
        f"<style media=print>p > a {{color: red}}</style>{STORY}<script>if (a<b) {{ write('<p>no</p>') }}</script>"
        f"""<SCRIPT async src="x.js" data-a='b'>var a</Script >{STORY}"""
    )
    assert without_code(page) == (
        f"<style media=print></style>{STORY}<script></script>"
        f"""<SCRIPT async src="x.js" data-a='b'></Script >{STORY}"""
    )


@pytest.mark.parametrize(
    "page",
    [
        STORY,
        LINKED,
        '<script type="Application/JSON+LD">{"@type": "NewsArticle"}</script>',
        '<script type="application/json">{"@context": "https://schema.org"}</script>',
        "<scripture>no code</scripture><styles>either</styles>",
    ],
)
def test_what_is_read_later_stays(page: str) -> None:
    assert without_code(page) == page


def test_json_of_a_program_goes() -> None:
    assert without_code('<script type="application/json">{"props": 1}</script>') == (
        '<script type="application/json"></script>'
    )


@pytest.mark.parametrize(
    "code",
    [
        f"<!-- <script>a</script> {STORY} <script>b</script> -->",
        f"<!-- <script> --> {STORY} </script>",
        f"<!--> {STORY} <script>a<!-- b --></script>",
        "<script><!-- a --></script>",
        "<script><!-- <script>a --> </script>",
        f"<script/>{STORY}</script>",
        f"""<script title="a>b" data-c="</script>">{STORY}</script>""",
        f"""<script title=a"b>{STORY}</script>""",
        f"""<div title="<script>">{STORY}<script src="a.js"></script></div>""",
        f"<script>a{STORY}",
        f"<script>a</style>{STORY}",
    ],
)
def test_code_whose_end_a_parser_may_see_elsewhere_stays(code: str) -> None:
    assert without_code(code) == code


def test_of_a_script_that_writes_scripts_only_the_last_part_goes() -> None:
    page = rf"<script>write('<script src=a><\/script>')</script>{STORY}"
    assert without_code(page) == f"<script>write('<script src=a></script>{STORY}"


@pytest.mark.parametrize(
    "page",
    [
        f"<script>a</script>{STORY}<style>b</style>{STORY}",
        f"<!-- <script>a --> {STORY} <script>b</script>{STORY}",
        f"<!--> {STORY} <script>b</script>{STORY}<!-- <script>",
        f"<script><!-- <script>a</script>{STORY} <script>b --> </script>{STORY}",
        f"<script><!-- '<script>' //--></script>{STORY}<script>b</script>{STORY}",
        f"<script>a --> b</script>{STORY}<!-- --><script>c --> d</script>{STORY}",
        f"<script>a<!-- b</script>{STORY}<script>c --> d</script>{STORY}",
        f"<script><!-- '<script>a</script>' </script>{STORY}<script>b --> c</script>{STORY}",
        f"<script/>{STORY}<script>b</script>{STORY}",
        f"<style/>{STORY}<style>b</style>{STORY}",
        f"""<script title="a>b">c</script>{STORY}<script>d</script>""",
        f"""<script title=a"b>c</script>{STORY}<script d="e">f</script>""",
        f"""<script title="a"="b>c</script>{STORY}<script d="e">f</script>""",
        f"""<div title="<script>">{STORY}<script>a</script></div>{STORY}""",
        f"<textarea><script>a</script></textarea>{STORY}<title><script></title>{STORY}<script>b</script>",
        f"<script>a<style>b</script>{STORY}<style>c</style>{STORY}",
        f"<script>a{STORY}<script>b</script>{STORY}",
    ],
)
def test_the_parser_sees_the_same_page(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><body>{page}{STORY}</body></html>"
    ours = _without_texts_of_code(page)
    monkeypatch.setattr("transforms.extract.parsing.parse.without_code", lambda text: text)
    assert ours == _without_texts_of_code(page)


def _without_texts_of_code(page: str) -> str:
    tree = parse_page(page)
    assert tree is not None
    for element in tree.iter("script", "style", "textarea"):
        element.text = None
    return etree.tostring(tree, encoding="unicode")


@pytest.mark.parametrize(
    "piece", ["<script>", "<script>a</script>", "<script>-->", "<!--", "<!-- -->", "<script><!--", '<script a="', "="]
)
def test_the_time_is_linear(piece: str) -> None:
    took = [_seconds(piece * (length // len(piece))) for length in (300_000, 1_200_000)]
    assert took[1] < 10 * max(took[0], 0.02)


def _seconds(page: str) -> float:
    started = time.process_time()
    without_code(page)
    without_code("<script>" + page + "</script>")
    return time.process_time() - started
