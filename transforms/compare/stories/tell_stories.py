"""Gives each article of a run the id of its story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from schemas.story import Sketch
from transforms.compare.stories.across.across_languages import AcrossLanguages
from transforms.compare.stories.earlier import NONE_EARLIER
from transforms.compare.stories.group import REACH_US, group_stories
from transforms.compare.stories.sketch import not_found
from transforms.compare.stories.story_history import StoryHistory


class StoryArticle(NamedTuple):
    """An article to write, whose page is `page_id`. It has the story of its original, the article `of`, if any."""

    page_id: str
    article_id: str
    of: str | None


class RunSketches(Protocol):
    """The sketches of a run's drafts; each call reads only what it is asked for."""

    def languages(self) -> Mapping[str, str]:
        """The language of each draft, by page_id."""
        ...

    def sketches(self, page_ids: Sequence[str]) -> list[Sketch]:
        """The sketches of these drafts, in any order."""
        ...


def tell_stories(articles: Iterable[StoryArticle], sketches: RunSketches, history: StoryHistory) -> dict[str, str]:
    """The story_id of each article to write, by page_id.

    Copies and revisions have the story of their original. Stories depend only on the set of articles and on `history`.
    Each language is grouped by itself; in memory are its originals of this run, about 2 KB each, and, from `history`,
    of the days around them, about 1 KB each. Stories of earlier runs are kept: a new article joins one or begins one.
    Where sketches have vectors, the stories that this run has begun then join those in other languages; in memory are
    the vectors of this run and of the days around it, about 1.6 KB for each original.
    """
    language_of = sketches.languages()
    originals: dict[str, list[StoryArticle]] = {}
    followers = []
    for article in articles:
        if article.of is None:
            originals.setdefault(language_of[article.page_id], []).append(article)
        else:
            followers.append((article, article.of))
    stories: dict[str, str] = {}
    told: dict[str, str] = {}
    across = AcrossLanguages()
    for language in sorted(originals):
        of_language = sketches.sketches([one.page_id for one in originals[language]])
        of_articles = _of_language(language, of_language, history)
        stories.update(of_articles)
        across.add(of_language, of_articles)
    stories |= across.told(history)
    told.update((one.page_id, stories[one.article_id]) for some in originals.values() for one in some)
    known = history.stories({of for _, of in followers} - stories.keys())
    for article, of in sorted(followers, key=_revises):
        # If the original's story is forgotten, the story gets the original's id again.
        told[article.page_id] = stories.get(of) or known.get(of) or of
        stories.setdefault(article.article_id, told[article.page_id])  # for a revision of this copy
    return told


def _revises(follower: tuple[StoryArticle, str]) -> bool:
    return follower[0].article_id == follower[1]


def stored_sketches(
    articles: Sequence[StoryArticle], told: Mapping[str, str], sketches: RunSketches, at_once: int = 1_000
) -> Iterator[Sketch]:
    """The sketches that later runs need: an original's complete, a copy's without all that it is found by.

    None is kept of a revision, because that of the first revision is stored already.
    """
    kept = [article for article in articles if article.of != article.article_id]
    for start in range(0, len(kept), at_once):
        some = {article.page_id: article for article in kept[start : start + at_once]}
        for sketch in sketches.sketches(list(some)):
            is_copy = some[sketch.page_id].of is not None
            kept_of_it = not_found(sketch) if is_copy else sketch
            yield replace(kept_of_it, story_id=told[sketch.page_id])


def _of_language(language: str, sketches: Sequence[Sketch], history: StoryHistory) -> dict[str, str]:
    """The story of each original of a language, by article id."""
    dates = [one.published_us for one in sketches if one.published_us is not None]
    earlier = history.recent(language, min(dates) - REACH_US, max(dates) + REACH_US) if dates else NONE_EARLIER
    return group_stories(sketches, earlier)
