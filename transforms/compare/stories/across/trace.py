"""Adds to an article's sketch what it is found by in other languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from schemas.article import Article
from schemas.draft import Draft
from schemas.story import Sketch
from transforms.compare.stories.across.embedding import vector_of
from transforms.compare.stories.across.marks import marks_of
from transforms.text.shingles import has_unspaced

LEAD_CHARACTERS: Final = 400
"""Of headline and lead together. News has its news at the head; more of it costs more and tells less."""

LEAD_UNSPACED: Final = 160
"""The same in scripts without spaces, where a character is half a word."""


def traced(draft: Draft, before: Draft | None = None) -> Sketch:
    """The draft's sketch with vector and marks; 60 to 130 ms. Expects the article's countries.

    `before` is the draft that this one was made of by taking lines away: where the lead has none of them, the vector
    stays. Raises ImportError without the extra ``stories``.
    """
    text = _lead_of(draft.article)
    stays = before is not None and _lead_of(before.article) == text
    vector = before.sketch.vector if before is not None and stays else vector_of(text)
    return replace(draft.sketch, vector=vector, marks=marks_of(text, draft.article.countries))


def _lead_of(article: Article) -> str:
    return lead_of(article.headline or "", article.article_body)


def lead_of(headline: str, body: str) -> str:
    """Headline and the head of the text."""
    text = f"{headline}\n{body[:LEAD_CHARACTERS]}".strip()
    return text[: LEAD_UNSPACED if has_unspaced(text[:LEAD_UNSPACED]) else LEAD_CHARACTERS]
