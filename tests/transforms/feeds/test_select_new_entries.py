"""Selection in a pipeline: several runs at a time, a limit for the whole run, blocks of entries out."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from schemas.feed import FeedEntry, FeedPoll
from schemas.run import Run
from schemas.run_shard import RunShard
from schemas.state import Seen
from tests.facts import is_count, timeless
from transforms.feeds.polling.fold_polls import NewEntries, fold_polls
from transforms.feeds.polling.select_new import RELISTED_AFTER_US
from transforms.feeds.polling.select_new_entries import SelectNewEntries
from transforms.web.chosen.feed_settings import FeedChoices, FeedSettings
from transforms.web.politeness.shards import shard_key, shard_of_page

ONE, TWO = "https://one.example/feed", "https://two.example/feed"
NOW_US = 10 * RELISTED_AFTER_US
MORNING, NOON = Run("morning", NOW_US, "lake/a"), Run("noon", NOW_US, "lake/b")


@dataclass(frozen=True)
class Remembered:
    """What runs remember: which keys by run."""

    keys: dict[str, str]
    seen_at_us: int = NOW_US

    def __call__(self, run: Run, keys: Iterable[str]) -> dict[str, Seen]:
        known = self.keys.get(run.run_id, "")
        return {key: Seen(key, None, self.seen_at_us) for key in keys if key[0] in known}


def entry(name: str, feed: str = ONE, **values: Any) -> FeedEntry:
    return FeedEntry(feed, name, f"https://p.example/{name}", name * 32, **values)


def shards(run: Run, *entries: FeedEntry, over: int = 1) -> list[tuple[str, RunShard]]:
    return [(shard_key(run.run_id, shard_of_page(one, over)), RunShard(run, entries=(one,))) for one in entries]


def run(build: Callable[[beam.Pipeline], None]) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        build(pipeline)


def shown(keyed: tuple[str, RunShard]) -> list[tuple[str, str, str]]:
    key, shard = keyed
    run_id = shard.run.run_id
    assert key.startswith(f"{run_id}/")
    return [(run_id, "fetch", one.url_key[0]) for one in shard.entries] + [
        (run_id, "defer", one.url_key[0]) for one in shard.deferred
    ]


def test_entries_are_selected_once_a_page_across_feeds_and_shards():
    entries = [entry("a"), entry("a", TWO), entry("b"), entry("c", TWO, origin="pending", attempts=1)]

    def build(pipeline: beam.Pipeline) -> None:
        given = pipeline | beam.Create(shards(MORNING, *entries, over=3))
        selected = given | SelectNewEntries(Remembered({"morning": "b"}), shards=5)
        chosen = selected.entries | "Entries" >> beam.FlatMap(lambda keyed: keyed[1].entries)
        assert_that(chosen, equal_to([entries[0], entries[3]]), "entries")
        facts = [("entries.fetch", 2), ("entries.duplicate_entry", 1), ("entries.known", 1)]
        counted = selected.facts | "Counts" >> beam.Filter(is_count)
        summed = counted | "Sum" >> beam.Map(lambda fact: ((fact[0], fact[1][0]), fact[1][1]))
        summed = summed | beam.CombinePerKey(sum)
        assert_that(summed, equal_to([(("morning", name), n) for name, n in facts]), "facts")
        assert_that(selected.rows, equal_to([("morning/feed_polls", [NewEntries(ONE, 1)])]), "rows")

    run(build)


def test_entries_that_a_rule_drops_are_counted_and_not_remembered_whatever_their_origin():
    given = [entry("a"), entry("b"), entry("c", origin="pending"), entry("c", TWO), entry("d", title="A match")]
    rules = FeedChoices(feeds=((ONE, FeedSettings(drop_urls=("/b", "/c"), drop_words=("match",))),))

    def build(pipeline: beam.Pipeline) -> None:
        shard = pipeline | beam.Create(shards(MORNING, *given))
        selected = shard | SelectNewEntries(Remembered({}), shards=5, choices=rules)
        chosen = selected.entries | "Entries" >> beam.FlatMap(lambda keyed: keyed[1].entries)
        assert_that(chosen, equal_to([given[0], given[3]]), "entries")
        facts = [("entries.fetch", 2), ("entries.dropped", 3)]
        facts += [("entries_dropped.drop_urls", 2), ("entries_dropped.drop_words", 1)]
        counted = selected.facts | "Counts" >> beam.Filter(is_count)
        assert_that(counted, equal_to([("morning", fact) for fact in facts]), "facts")
        rows = [("morning/feed_polls", [NewEntries(ONE, 1), NewEntries(TWO, 1)])]
        assert_that(selected.rows, equal_to(rows), "rows")

    run(build)


def test_runs_side_by_side_remember_and_choose_for_themselves():
    def build(pipeline: beam.Pipeline) -> None:
        given = pipeline | beam.Create(shards(MORNING, entry("a"), entry("b")) + shards(NOON, entry("a"), entry("b")))
        selected = given | SelectNewEntries(Remembered({"morning": "a", "noon": "b"}), shards=2)
        expected = [("morning", "fetch", "b"), ("noon", "fetch", "a")]
        assert_that(selected.entries | beam.FlatMap(shown), equal_to(expected), "entries")

    run(build)


def test_beyond_max_pages_entries_are_deferred_left_over_ones_first_then_the_newest():
    old, new, left = entry("a", published_us=1), entry("b", published_us=2), entry("c", origin="pending")
    known = entry("d", published_us=9)

    def build(pipeline: beam.Pipeline) -> None:
        given = pipeline | beam.Create(shards(MORNING, old, new, known, left))
        selected = given | SelectNewEntries(Remembered({"morning": "d"}), shards=3, max_pages=2)
        expected = [("morning", "fetch", "c"), ("morning", "fetch", "b"), ("morning", "defer", "a")]
        assert_that(selected.entries | beam.FlatMap(shown), equal_to(expected), "entries")
        facts = selected.facts | "Facts" >> beam.Map(lambda fact: timeless(fact[1]))
        assert_that(facts, equal_to([("entries.fetch", 3), ("entries.known", 1), ("step", "select")]), "facts")
        rows = selected.rows | "Rows" >> beam.Map(lambda block: block)
        assert_that(rows, equal_to([("morning/feed_polls", [NewEntries(ONE, 2)])]), "new entries: deferred ones too")

    run(build)


def test_known_entries_that_are_still_listed_are_remembered_anew_by_the_start_of_the_run():
    def build(pipeline: beam.Pipeline) -> None:
        given = pipeline | beam.Create(shards(MORNING, entry("a")))
        long_ago_us = NOW_US - RELISTED_AFTER_US
        selected = given | SelectNewEntries(Remembered({"morning": "a"}, long_ago_us), shards=1)
        again = Seen("a" * 32, None, long_ago_us, listed_at_us=NOW_US)
        assert_that(selected.rows, equal_to([("morning/seen", [again])]), "rows")

    run(build)


def poll(feed_url: str, outcome: str = "ok", **values: Any) -> FeedPoll:
    return FeedPoll(feed_url, None, outcome, NOW_US, "morning", **values)


def test_polls_that_asked_are_kept_with_what_was_new_whatever_came_first():
    rows = [
        NewEntries(ONE, 2),
        poll(ONE),
        poll(TWO, "failed"),
        poll("https://idle.example/", "not_due"),
        NewEntries(ONE, 3),
        NewEntries("https://gone.example/feed", 1),
        poll("https://busy.example/", "deferred", status=200),
    ]
    expected = [
        poll(ONE, new_entries=5),
        poll(TWO, "failed"),
        poll("https://busy.example/", "deferred", status=200),
    ]
    assert fold_polls(rows) == expected
    assert fold_polls(rows[::-1]) == expected[::-1]


@pytest.mark.parametrize(("option", "value"), [("shards", 0), ("max_pages", -1)])
def test_a_setting_that_makes_no_sense_is_refused_when_the_pipeline_is_built(option, value):
    with pytest.raises(ValueError, match=f"{option} is {value}"):
        SelectNewEntries(Remembered({}), **{"shards": 1, option: value})


def test_what_the_workers_get_pickles():
    assert pickle.loads(pickle.dumps(SelectNewEntries(Remembered({}), 2))) is not None


def test_many_entries_travel_in_blocks():
    fn = SelectNewEntries(Remembered({}), shards=1).fn
    many = [replace(entry("a"), url_key=f"{n:032x}") for n in range(2_500)]
    outputs = list(fn.process(("morning/00000", [RunShard(MORNING, entries=tuple(many))])))
    blocks = [one[1] for one in outputs if isinstance(one, tuple)]
    assert [len(block.entries) for block in blocks] == [1_000, 1_000, 500]
    assert sum((block.entries for block in blocks), ()) == tuple(many)
