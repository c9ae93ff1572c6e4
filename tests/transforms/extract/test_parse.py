"""A page is parsed as it is, and what the parser would lose is repaired first."""

from __future__ import annotations

import time

import pytest

from transforms.extract.parsing.parse import has_long_tag, is_costly, parse_page

STORY = "<article><h1>River rises</h1><p>The river rose by two metres in a night.</p></article>"


def text_of(page: str) -> str:
    tree = parse_page(page)
    assert tree is not None
    return " ".join(str(tree.text_content()).split())


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body>{STORY}</body></html>",
        f"<!doctype html>\n<html lang='en'/><head><title></title></head><body>{STORY}</body></html>",
        f"<! DOCTYPE html/ ><html><body>{STORY}</body></html>",
        f"<?xml version='1.0' encoding='utf-16'?><html><body>{STORY}</body></html>",
        f"\ufeff <html><meta charset=latin-1><body>{STORY}</body></html>",
        f"<html><body>{STORY.replace('r', 'r' + chr(0) + chr(0xD800) + chr(0xFFFE))}</body></html>",
        f"<html><body>{'<div>' * 100_000}{STORY}</body></html>",
        f"<html><body>{'<div><br>' * 300}{STORY}</body></html>",
        f"<html><body data-all='{'y' * 11_000_000}'>{STORY}</body></html>",
        f"<html><body>{' ' * 11_000_000}{STORY}</body></html>",
        f"<html><body {' '.join(f'a{n}' for n in range(200_000))}>{STORY}</body></html>",
    ],
    ids=range(11),
)
def test_the_story_is_in_the_tree(page: str) -> None:
    assert text_of(page) == "River risesThe river rose by two metres in a night."


@pytest.mark.parametrize("page", ["", " ", "\0", "plain words, no page", "<!-- -->", "<!doctype html>"])
def test_what_is_no_document_has_no_tree(page: str) -> None:
    assert parse_page(page) is None


def test_letters_beyond_ascii_are_read_as_given_whatever_the_page_declares() -> None:
    assert text_of("<html><head><meta charset='shift_jis'></head><body><p>Überschwemmung 洪水</p></body></html>") == (
        "Überschwemmung 洪水"
    )


def test_a_page_is_cut_behind_half_a_million_tags() -> None:
    tree = parse_page(f"<html><body>{STORY}{'<p>x' * 600_000}<p>behind</p></body></html>")
    assert tree is not None
    assert "River rises" in tree.text_content()
    assert 499_000 < sum(1 for _ in tree.iter()) <= 500_000


@pytest.mark.parametrize(
    ("part", "n"),
    [("<p>A paragraph.</p>", 20_000), ("<tr><td>cell", 3_000), ("<li>item", 6_000), ("w <a href=/x>link</a> ", 20_000)],
)
def test_much_of_one_thing_is_costly(part: str, n: int) -> None:
    tree = parse_page(f"<html><body>{STORY}<table>{part * n}</table></body></html>")
    assert tree is not None
    assert is_costly(tree)


def test_an_ordinary_page_is_not_costly() -> None:
    page = "<p>A paragraph with <a href=/x>a link</a>.</p>" * 1500 + "<table>" + "<tr><td>cell" * 1000 + "</table>"
    tree = parse_page(f"<html><body>{STORY}{page}</body></html>")
    assert tree is not None
    assert not is_costly(tree)


@pytest.mark.parametrize("unit", ["<div>x", "<a b=c>", "<!--", "<script>", "<table><tr><td>", "&amp;", "<", ">", "<x "])
def test_its_time_is_linear(unit: str) -> None:
    started_s = time.process_time()
    parse_page(f"<html><body>{unit * (2_000_000 // len(unit))}</body></html>")
    assert time.process_time() - started_s < 4


@pytest.mark.parametrize("sign", ["&#7;", "&#27;", "&#x1B;", "&#0031", "&#127;", "&#X7f;", "\x07", "\x7f"])
def test_control_characters_cost_no_text_however_they_are_written(sign: str) -> None:
    tree = parse_page(f"<html><body title='a{sign}b'><p>one{sign} two &#9;&#10;&#70;&#x70;&#128;</p></body></html>")
    assert tree is not None
    assert tree.xpath("string(//p)").split() == ["one", "two", "Fp\u20ac"]
    assert tree.xpath("string(//@title)") == "ab"


@pytest.mark.parametrize("before", ["", ">", "x" * 5_000, "<i>" * 2_000, f"<i>{'x' * 4_093}", f"<i>{'x' * 4_096}</i>"])
@pytest.mark.parametrize("chars", [4_000, 4_095, 4_096, 4_097, 4_098, 9_000])
@pytest.mark.parametrize("end", ["", "</p>", "x" * 9_000])
def test_a_tag_of_more_than_4096_signs_is_long_wherever_it_stands(before: str, chars: int, end: str) -> None:
    tag = '<p title="'.ljust(chars - 1, "t") + '"'
    assert len(tag) == chars
    assert has_long_tag(f"<html>{before}{tag}>{end}") == (chars > 4_096 or (end.isalpha() and len(end) > 4_096))
