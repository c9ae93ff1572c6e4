"""Where the model is sure of a page's blocks, it finds the text without trafilatura; else it says that it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import trafilatura
from lxml import html

from pipelines.run.build_page import BuildPage
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import BRIEF, HEADLINE, PARAGRAPHS, SIGN_UP, SUBHEADING, news_page
from transforms.extract.body.alone import isolate_alone, lacks_heading, prose_window
from transforms.extract.body.block_model import load_block_models
from transforms.extract.body.features.block_features import measured
from transforms.extract.body.isolate import BlockFate, Isolated, expected_f1, page_blocks
from transforms.extract.extract_article import EXTRACTOR
from transforms.extract.facts.page_facts import page_facts

STORY = [*PARAGRAPHS[:3], SUBHEADING, *PARAGRAPHS[3:]]
SECTIONS = "".join(f"<li><a href='/{n}'>Section {n} of the paper</a></li>" for n in range(40))


def alone(markup: str) -> Isolated | None:
    tree = html.document_fromstring(markup)
    blocks = page_blocks(tree)
    found = isolate_alone(measured(blocks, page_facts(tree), prose_window(blocks)), load_block_models().alone)
    return found.text if found is not None and found.is_sure else None


def test_a_usual_page_gives_its_story_and_says_what_was_taken_out_of_it() -> None:
    found = alone(news_page(f"<div class='newsletter-signup'><p>{SIGN_UP}</p></div>"))
    assert found is not None
    assert found.by_model
    assert [line for line in found.body.split("\n") if line != HEADLINE] == STORY
    assert SIGN_UP in found.removed
    assert not set(found.removed) & set(STORY)
    assert found.recovered == ()


def test_every_block_of_the_page_is_accounted_for_and_none_has_a_coverage() -> None:
    found = alone(news_page())
    assert found is not None
    assert [block.text for block in found.blocks if block.fate is BlockFate.KEPT] == found.body.split("\n")
    assert {block.coverage for block in found.blocks} == {None}
    assert "Weather" not in found.removed


@pytest.mark.parametrize("markup", [f"<html><body><ul>{SECTIONS}</ul></body></html>", BRIEF, "<html><body></body>"])
def test_without_a_text_of_some_length_it_is_not_sure(markup: str) -> None:
    assert alone(markup) is None


def test_a_text_that_goes_on_where_nothing_reads_as_prose_any_more_is_left_to_trafilatura() -> None:
    lines = "".join(f"<p>{40 + n} ferries left the northern harbour in the week before,</p>" for n in range(30))
    assert alone(f"<html><body><article>{''.join(f'<p>{text}</p>' for text in PARAGRAPHS)}{lines}</article>") is None


@pytest.mark.parametrize(
    ("heading", "below", "scores", "is_unsure"),
    [
        ("h2", "p", (0.9, 0.25, 0.9), True),
        ("h2", "p", (0.9, 0.1, 0.9), False),  # surely none
        ("h2", "p", (0.9, 0.25, 0.1), False),  # what is below it is left out, too
        ("h2", "p", (0.1, 0.25, 0.9), False),  # the article's own
        ("p", "p", (0.9, 0.25, 0.9), False),
    ],
)
def test_a_heading_that_is_nearly_chosen_above_a_chosen_block_makes_it_unsure(
    heading: str, below: str, scores: tuple[float, ...], is_unsure: bool
) -> None:
    markup = f"<body><p>{PARAGRAPHS[0]}</p><{heading}>{SUBHEADING}</{heading}><{below}>{PARAGRAPHS[1]}</{below}></body>"
    blocks = page_blocks(html.document_fromstring(markup))
    given = np.array(scores, dtype=np.float32)
    assert lacks_heading(blocks, given, given >= 0.5) is is_unsure


def test_trafilatura_is_asked_only_where_it_is_not_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = trafilatura.bare_extraction

    def counted(*given: Any, **more: Any) -> Any:
        asked.append(given)
        return real(*given, **more)

    monkeypatch.setattr(trafilatura, "bare_extraction", counted)
    sure = BuildPage()(page(body=news_page().encode())).article
    assert (asked, sure.recovered) == ([], ())
    assert sure.extractor == f"newsbeam {load_block_models().alone.name}"
    unsure = BuildPage()(page(body=BRIEF.encode())).article
    assert asked
    assert unsure.extractor in (EXTRACTOR, f"{EXTRACTOR}, {load_block_models().seeded.name}")


def test_what_it_expects_is_the_f1_of_its_choice_if_its_scores_are_right() -> None:
    size, scores = np.array([100, 100, 200]), np.array([1.0, 0.5, 0.25], dtype=np.float32)
    assert expected_f1(size, scores, np.array([True, False, False])) == pytest.approx(2 * 100 / (100 + 200))
    assert expected_f1(size, scores, np.array([True, True, False])) == pytest.approx(2 * 150 / (200 + 200))
    assert expected_f1(size, np.array([1, 1, 0]), np.array([True, True, False])) == 1


def test_the_window_reaches_from_above_the_first_prose_to_below_the_last() -> None:
    labels = "".join(f"<p>Label {n}</p>" for n in range(50))
    blocks = page_blocks(html.document_fromstring(f"<body>{labels}<p>{PARAGRAPHS[0]}</p>{labels}</body>"))
    assert prose_window(blocks) == slice(30, 61)
    assert prose_window(blocks[:50]) == slice(0, 0)
