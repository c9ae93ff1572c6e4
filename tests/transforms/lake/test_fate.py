"""What became of an address, in one word and one sentence, by the rows that tell of it."""

from __future__ import annotations

import pytest

from schemas.forgotten import ForgottenAddress
from schemas.state import Seen
from transforms.lake.lookup.entry_facts import AskedOf, EntryFacts
from transforms.lake.lookup.fate import Fate, fate_of

URL = "https://paper.example/a"
NOON_US = 1_772_452_800_000_000


def failure(reason: str, stage: str = "pages", at_us: int = NOON_US):
    return {"stage": stage, "reason": reason, "message": "so it was", "failed_at": at_us}


def facts(**values) -> EntryFacts:
    return EntryFacts(AskedOf(URL, URL), **values)


@pytest.mark.parametrize(
    ("known", "fate", "words"),
    [
        (facts(articles=[{"relation": "original"}]), Fate.ARTICLE, "an article"),
        (
            facts(articles=[{"relation": "original"}, {"relation": "near", "duplicate_of": "f00"}]),
            Fate.ARTICLE,
            "an article in 2 revisions, near copy of f00",
        ),
        (
            facts(forgotten=ForgottenAddress("k", "domain", "paper.example", NOON_US, "asked by mail", (), "e")),
            Fate.FORGOTTEN,
            "forgotten at 2026-03-02T12:00 (paper.example), because: asked by mail; it is never fetched again",
        ),
        (facts(pending=[{"attempts": 0}]), Fate.PENDING, "waiting for its first fetch"),
        (
            facts(pending=[{"attempts": 2}], failures=[failure("timeout")]),
            Fate.PENDING,
            "waiting for another try: 2 failed so far, the last by timeout (so it was)",
        ),
        (facts(failures=[failure("robots_denied")]), Fate.FAILED, "failed in pages: robots_denied, so it was"),
        (
            facts(failures=[failure("a_later_reason", "a_later_stage")]),
            Fate.FAILED,
            "failed in a_later_stage: a_later_reason",
        ),
        (
            facts(failures=[failure("timeout")], pages=[{"fetched_at": NOON_US + 1}]),
            Fate.NO_NEW_ARTICLE,
            "fetched, and no row of its own",
        ),
        (
            facts(failures=[failure("wall", "extract")], pages=[{"fetched_at": NOON_US - 1}]),
            Fate.FAILED,
            "failed in extract: wall",
        ),
        (facts(seen=Seen("k", None, NOON_US)), Fate.SEEN, "fetched, or failed for good, at 2026-03-02T12:00"),
        (facts(), Fate.NEVER_SEEN, "no feed of this lake is known to have listed it"),
    ],
)
def test_the_first_that_holds_counts(known, fate, words):
    told = fate_of(known, is_feed=False, listed_by=0)
    assert (told.fate, told.sentence[: len(words)]) == (fate, words)


def test_a_feed_and_an_entry_that_only_a_feed_knows():
    assert fate_of(facts(), is_feed=True, listed_by=1).fate is Fate.FEED
    assert fate_of(facts(), is_feed=False, listed_by=1).fate is Fate.LISTED
    assert fate_of(EntryFacts(AskedOf("f00", article_id="f00")), is_feed=False, listed_by=0).sentence == (
        "no article of this lake has this id"
    )
