"""A withdrawal and a return are revisions with the same words."""

from __future__ import annotations

from dataclasses import replace

from schemas.fingerprint import Fingerprint
from tests.rows import NOON_US, article
from transforms.common.clock import HOUR_US
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.compare.copies.revisions import choose_pages
from transforms.compare.rounds import PageRound, Rounds

TEXT = " ".join(f"word{n}" for n in range(60))


def page(hours: int, withdrawn: bool = False, **values: object) -> Fingerprint:
    at_us = NOON_US + hours * HOUR_US
    made = article(article_body=TEXT, fetched_at_us=at_us, withdrawn_at_us=at_us if withdrawn else None)
    return replace(fingerprint_of(made, f"page{hours}{withdrawn}"), **values)


def chosen(draft: Fingerprint, former: Fingerprint, rounds: Rounds | None = None) -> tuple[list[int], list[str]]:
    kept, ended = choose_pages([draft], {draft.article_id: former}, rounds or Rounds())
    return [one.fingerprint.revision for one in kept], [one.outcome for one in ended]


def test_a_withdrawal_is_the_next_revision_and_the_same_again_is_nothing_new() -> None:
    assert chosen(page(1, withdrawn=True), page(0)) == ([2], [])
    assert chosen(page(2, withdrawn=True), page(1, withdrawn=True, revision=2)) == ([], ["unchanged"])


def test_a_withdrawn_article_that_is_there_again_is_the_next_revision_although_its_words_are_the_same() -> None:
    assert chosen(page(2), page(1, withdrawn=True, revision=2)) == ([3], [])
    assert chosen(page(2), page(1)) == ([], ["unchanged"])


def test_a_page_that_shows_the_article_stands_for_it_before_one_that_says_it_is_withdrawn() -> None:
    kept, ended = choose_pages([page(2, withdrawn=True), page(1)], {})
    assert [one.fingerprint.page_id for one in kept] == ["page1False"]
    assert [one.outcome for one in ended] == ["same_article"]


def test_built_anew_a_return_stays_a_revision_of_its_own_after_the_withdrawal_between() -> None:
    first, again = page(0), page(2)
    of = first.article_id
    rounds = {first.page_id: PageRound(0, 0, of, 1), again.page_id: PageRound(1, 0, of, 3)}
    for withdrawn, revisions in (({of: [NOON_US + HOUR_US]}, [1, 3]), ({}, [1]), ({of: [NOON_US + 9 * HOUR_US]}, [1])):
        kept, _ = choose_pages([first, again], {}, Rounds(rounds, withdrawn=withdrawn))
        assert [one.fingerprint.revision for one in kept] == revisions
