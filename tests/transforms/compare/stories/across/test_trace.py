"""What articles are found by in other languages, made with the page and kept where its site's lines leave the text."""

from __future__ import annotations

import pytest

from pipelines.run.build_page import build, without_furniture
from schemas.draft import Draft
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, news_page
from transforms.compare.sites.site_blocks import block_hash
from transforms.text.lines import body_lines


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of which vectors are made, in place of the model's 60 ms each."""
    given: list[str] = []

    def vector_of(text: str) -> bytes:
        given.append(text)
        return b"%d" % len(given)

    monkeypatch.setattr("transforms.compare.stories.across.trace.vector_of", vector_of)
    return given


def without_line(draft: Draft, number: int) -> Draft:
    line = body_lines(draft.article.article_body)[number]
    return without_furniture(draft, frozenset([block_hash(line)]))


def test_only_a_lead_that_has_lost_lines_gets_another_vector(texts: list[str]) -> None:
    given = page(body=news_page("".join(f"<p>{one}</p>" for one in PARAGRAPHS)).encode())
    draft = build(given, across_languages=True)
    assert (draft.sketch.vector, build(given).sketch.vector, len(texts)) == (b"1", None, 1)

    same = without_line(draft, -1)
    assert same.article.article_body != draft.article.article_body
    assert (same.sketch.vector, same.sketch.marks) == (b"1", draft.sketch.marks)

    other = without_line(draft, 0)
    assert (other.sketch.vector, len(texts)) == (b"2", 2)
    assert texts[0] != texts[1]
