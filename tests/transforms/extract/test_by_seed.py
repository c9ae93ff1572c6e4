"""When trafilatura's default mode is asked for a text."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

from lxml import html

from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, news_page
from transforms.extract.body import by_seed
from transforms.extract.body.alone import isolate_alone, prose_window
from transforms.extract.body.block_model import load_block_models
from transforms.extract.body.features.block_features import measured
from transforms.extract.body.isolate import Isolated, page_blocks
from transforms.extract.body.seed import Seed, seed_of
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.page.text_blocks import TextBlock

WHOLE = "\n".join(PARAGRAPHS)
ELSEWHERE = "Nothing of this text of some length stands on the page of the harbour. " * 12


def built(fast: str, slow: str = WHOLE, alone: bool = True) -> tuple[Isolated, list[str]]:
    """The text of a page of which trafilatura gives these texts, and the modes that were asked."""
    asked: list[str] = []

    def gives(mode: str, text: str) -> mock.Mock:
        def seed(_: object, __: str, blocks: Sequence[TextBlock]) -> Seed:
            asked.append(mode)
            return seed_of(blocks, text)

        return mock.Mock(side_effect=seed)

    tree, models = html.document_fromstring(news_page()), load_block_models()
    blocks = page_blocks(tree)
    known = measured(blocks, page_facts(tree), prose_window(blocks))
    rival = isolate_alone(known, models.alone) if alone else None
    with mock.patch.multiple(by_seed, fast_seed=gives("fast", fast), slow_seed=gives("default", slow)):
        text = by_seed.text_by_seed(known, tree, "", models.seeded, rival.text if rival else None)
    return text, asked


def test_a_text_of_the_fast_mode_that_covers_the_pages_prose_is_enough() -> None:
    assert built(WHOLE)[1] == ["fast"]


def test_a_text_from_elsewhere_is_not_believed_without_the_default_mode() -> None:
    text, asked = built(ELSEWHERE, alone=False)
    assert asked == ["fast", "default"]
    assert PARAGRAPHS[0] in text.body


def test_what_the_model_makes_of_a_short_seed_is_enough_where_it_expects_it_to_be_right() -> None:
    text, asked = built(PARAGRAPHS[0])
    assert asked == ["fast"]
    assert PARAGRAPHS[-1] in text.body


def test_a_text_much_shorter_than_another_that_may_be_right_is_not_enough() -> None:
    found, _ = built(PARAGRAPHS[0])
    short, long = (Isolated((found.lines[0]._replace(text="x" * chars),), (), True, 0.9) for chars in (400, 100_000))
    assert by_seed._is_confirmed(found, short)
    assert not by_seed._is_confirmed(found, long)
    assert by_seed._is_confirmed(found, long._replace(expected_f1=0.8))
    assert not by_seed._is_confirmed(found._replace(expected_f1=0.84), None)
    assert not by_seed._is_confirmed(found._replace(by_model=False), None)
