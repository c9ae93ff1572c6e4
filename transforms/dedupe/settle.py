"""Drafts and the verdicts on them, brought together into the rows to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from schemas.article import Article
from transforms.dedupe.verdict import Outcome, Verdict


def settled_articles(
    drafts: Iterable[tuple[str, Article]], verdicts: Iterable[Verdict], stories: Mapping[str, str]
) -> list[Article]:
    """The articles to write, with their place among copies and their story.

    Drafts are (page_id, article), `stories` has the story_id by page_id. A draft without a verdict, an article without
    a story, or a verdict without a draft, is a bug: KeyError or ValueError.
    """
    decided = {verdict.page_id: verdict for verdict in verdicts}
    articles = []
    for page_id, article in drafts:
        verdict = decided.pop(page_id)
        if verdict.outcome == Outcome.ARTICLE:
            articles.append(
                replace(
                    article,
                    revision=verdict.revision,
                    relation=verdict.relation,
                    duplicate_of=verdict.duplicate_of,
                    cluster_id=verdict.cluster_id,
                    similarity=verdict.similarity,
                    story_id=stories[page_id],
                )
            )
    if decided:
        raise ValueError(f"{len(decided)} verdicts have no draft, the first on page {min(decided)}")
    return articles
