"""Objections by kind, held to the query of docs/tables.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_usage_recipe import NO_OBJECTIONS, OBJECTIONS, found
from transforms.dataset.objections import MEANINGS, Objection, objection_in, objections_in


def test_each_objection_has_a_kind_and_a_meaning() -> None:
    kinds = {statement: objection_in(statement) for statement in OBJECTIONS}
    assert None not in kinds.values()
    assert set(kinds.values()) == set(Objection) == set(MEANINGS)
    assert kinds["gptbot:noai"] is Objection.NO_AI
    assert kinds["robots.txt:content-usage:train-ai=n"] is Objection.NO_TRAINING
    assert kinds["robots.txt:rsl:license=https://paper.example/license.xml"] is Objection.TERMS
    assert kinds["robots.txt:kangaroo bot=disallow"] is Objection.CRAWLERS


@pytest.mark.parametrize("statement", NO_OBJECTIONS)
def test_other_statements_are_none(statement: str) -> None:
    assert objection_in(statement) is None


def test_an_article_may_object_in_several_ways_or_say_nothing() -> None:
    assert objections_in(("noarchive", "noai", "noml", "tdm-reservation=1")) == {Objection.NO_AI, Objection.NO_MINING}
    assert objections_in(()) == objections_in(None) == frozenset()


_PIECES = st.sampled_from(
    ["robots.txt:", "feed:", "gptbot:", "Ä", "noai", "noml", "x", "content-usage:", "train-ai=n", "rsl:", "=disallow",
     "content-signal:", "ai-train=no", "tdm-reservation=1", " ", "%"]
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=4).map("".join), min_size=1, max_size=20))
def test_the_query_for_users_says_the_same(statements: list[str]) -> None:
    silent = found(*((str(number), [one]) for number, one in enumerate(statements)))
    assert sorted(silent) == sorted(str(n) for n, one in enumerate(statements) if objection_in(one) is None)
