"""Chooses one page for each article, and decides whether it is new, a revision or unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from schemas.fingerprint import Fingerprint
from transforms.compare.copies.verdict import Outcome, Verdict
from transforms.compare.rounds import ONE_ROUND, Rounds


class Kept(NamedTuple):
    """An article that will be a row: its fingerprint with the revision set, and the former revision's cluster.

    `revises` says that there is a former revision: that of page `after` of this run or, where that is None, one that an
    earlier run wrote. The cluster of a revision of this run may be unknown yet.
    """

    fingerprint: Fingerprint
    revises: bool = False
    after: str | None = None


def by_freshness(draft: Fingerprint) -> tuple[bool, int, int, str]:
    """Sort key of pages of one article, the page to keep first; a total order, since page ids are distinct.

    A page that shows the article comes before one that says it is withdrawn: the article is still there. Then the
    latest fetch comes first; of one instant the longest text (a page behind a paywall is shorter); then by page id.
    """
    return draft.withdrawn_at_us is not None, -draft.fetched_at_us, -draft.word_count, draft.page_id


def choose_pages(
    drafts: Iterable[Fingerprint], earlier: Mapping[str, Fingerprint], rounds: Rounds = ONE_ROUND
) -> tuple[list[Kept], list[Verdict]]:
    """The articles to write, in the order of their ids and rounds, and the verdicts on all other drafts.

    `earlier` has the latest known revision by article id; shingles are not used. An article with the same words as its
    latest revision is unchanged; words are compared as the page printed them, so furniture that was learned since makes
    no difference. To be withdrawn, or to be there again, is a revision with the same words. An article with other words
    is the next revision and stays in its cluster. Of several rounds each is compared with the ones before it.
    """
    by_article: dict[str, list[Fingerprint]] = {}
    for draft in sorted(drafts, key=by_freshness):
        by_article.setdefault(draft.article_id, []).append(draft)
    chosen: list[Kept] = []
    ended: list[Verdict] = []
    for article_id in sorted(by_article):
        former = earlier.get(article_id)
        after: str | None = None
        for kept, *others in _in_rounds(by_article[article_id], rounds):
            if after is None and former is not None and former.fetched_at_us < rounds.of(kept.page_id).since_us:
                former = None
            next_one = _next(kept, former, after, rounds)
            if isinstance(next_one, Kept):
                chosen.append(next_one)
                former, after = next_one.fingerprint, kept.page_id
            else:
                ended.append(next_one)
            revision = next_one.fingerprint.revision if isinstance(next_one, Kept) else next_one.revision
            ended += [_ended(other, Outcome.SAME_ARTICLE, revision, None) for other in others]
    return chosen, ended


def _in_rounds(drafts: Iterable[Fingerprint], rounds: Rounds) -> list[list[Fingerprint]]:
    """The drafts of each round, rounds in order of time, the order within a round as given."""
    found: dict[int, list[Fingerprint]] = {}
    for draft in drafts:
        found.setdefault(rounds.of(draft.page_id).number, []).append(draft)
    return [found[number] for number in sorted(found)]


def _next(kept: Fingerprint, former: Fingerprint | None, after: str | None, rounds: Rounds) -> Kept | Verdict:
    """What becomes of the page that stands for an article in a round, `former` being the latest revision before it.

    A page that has a row keeps its number. Where the latest revision that is known was fetched after such a page, the
    page is not compared with it.
    """
    article_id = kept.article_id
    row = rounds.row_of(kept.page_id, article_id)
    is_before = row is not None and after is None and former is not None and former.fetched_at_us > kept.fetched_at_us
    if former is not None and not is_before and _says_as_much(former, kept, rounds):
        return _ended(kept, Outcome.UNCHANGED, former.revision, former.cluster_id)
    revision = row or (1 if former is None else former.revision + 1)
    if rounds.is_taken(kept.page_id, article_id, kept.fetched_at_us, revision):
        return _ended(kept, Outcome.SUPERSEDED, revision, None if former is None else former.cluster_id)
    if former is None or (is_before and row == 1):
        return Kept(kept if revision == kept.revision else replace(kept, revision=revision))
    cluster_id = former.cluster_id if after is not None else former.cluster_id or article_id
    return Kept(replace(kept, revision=revision, cluster_id=cluster_id), revises=True, after=after)


def _says_as_much(former: Fingerprint, kept: Fingerprint, rounds: Rounds) -> bool:
    """Whether a page says of an article what is known: the same words, or as before that it is withdrawn."""
    was_there, is_there = former.withdrawn_at_us is None, kept.withdrawn_at_us is None
    if was_there != is_there or rounds.was_withdrawn(kept.article_id, former.fetched_at_us, kept.fetched_at_us):
        return False
    return _printed(former) == _printed(kept)


def _printed(one: Fingerprint) -> str:
    """The hash of the words as the page printed them, the site's furniture included."""
    return one.page_hash or one.content_hash


def _ended(draft: Fingerprint, outcome: Outcome, revision: int, cluster_id: str | None) -> Verdict:
    return Verdict(draft.page_id, draft.article_id, draft.partition, outcome, revision, cluster_id=cluster_id)
