"""One event is one story, whoever tells it; another event, another day's report, another month are others."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.story import Sketch
from tests.shared_data import SHARED
from tests.transforms.compare.stories.reports_and_stories import BUDGET, FERRY, ORCHARD, markets, sketch, weather
from transforms.compare.stories import group
from transforms.compare.stories.earlier import earlier_of
from transforms.compare.stories.group import group_stories


def ferry(day: float | None = 0.0) -> list[Sketch]:
    return [sketch(f"f{number}", *text, day=day) for number, text in enumerate(FERRY)]


def test_three_tellings_of_one_event_are_one_story_and_others_are_their_own() -> None:
    others = [sketch("budget", *BUDGET), sketch("orchard", *ORCHARD)]
    assert group_stories([*ferry(), *others]) == {
        "f0": "f0",
        "f1": "f0",
        "f2": "f0",
        "budget": "budget",
        "orchard": "orchard",
    }


def test_a_story_has_the_id_of_its_earliest_article_and_an_article_without_date_is_no_earliest() -> None:
    first, second, third = (
        sketch(f"f{n}", *text, day=day) for n, (text, day) in enumerate(zip(FERRY, (0.2, None, 0.1), strict=True))
    )
    others = [sketch("budget", *BUDGET), sketch("orchard", *ORCHARD)]  # what is ordinary is told by other texts
    told = group_stories([first, second, third, *others])
    assert {told[name] for name in ("f0", "f1", "f2")} == {"f2"}


def test_the_same_words_a_month_later_are_another_story() -> None:
    later = sketch("later", *FERRY[1], day=30)
    assert group_stories([*ferry(), later])["later"] == "later"


def test_a_new_article_joins_the_story_of_an_earlier_run_and_two_earlier_stories_stay_two() -> None:
    one = sketch("old1", *FERRY[0], story_id="s1")
    two = sketch("old2", *FERRY[1], story_id="s2")
    assert group_stories([sketch("new", *FERRY[2])], earlier_of([one])) == {"new": "s1"}
    told = group_stories([sketch("new", *FERRY[2])], earlier_of([one, two]))
    assert told["new"] in {"s1", "s2"}
    assert told.keys() == {"new"}


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_articles(chance: random.Random) -> None:
    new = [*ferry(), sketch("budget", *BUDGET), sketch("orchard", *ORCHARD)]
    earlier = [sketch("old", *FERRY[0], day=-1, story_id="s"), sketch("old2", *BUDGET, day=-2, story_id="b")]
    expected = group_stories(new, earlier_of(earlier))
    chance.shuffle(new)
    chance.shuffle(earlier)
    assert group_stories(new, earlier_of(earlier)) == expected
    assert expected["f1"] == "s"
    assert expected["budget"] == "b"


@pytest.mark.parametrize("days", [1, 2, 7])
def test_the_weather_of_two_days_is_two_stories_and_so_are_two_days_markets(days: int) -> None:
    forecasts = [
        sketch("w0", *weather("Oldhaven", 21, 12, 18, 40, "21:14")),
        sketch("w1", *weather("Oldhaven", 23, 14, 11, 30, "21:15"), day=days),
    ]
    reports = [
        sketch("m0", *markets("4,112.40", "31.20", "0.76", "988.15")),
        sketch("m1", *markets("4,098.85", "13.55", "0.33", "990.70"), day=days),
    ]
    told = group_stories([*forecasts, *reports])
    assert len(set(told.values())) == 4


def test_two_papers_on_one_days_markets_are_one_story() -> None:
    text = "Timber lifts Oldhaven index by 31.20 points to 4,112.40 before rate decision of the central bank"
    rewritten = (
        "Shares in Oldhaven rose, led by timber. The index gained 0.76 percent and ended at 4,112.40; the small caps "
        "closed at 988.15 points. Traders wait for the central bank."
    )
    told = group_stories(
        [sketch("m0", *markets("4,112.40", "31.20", "0.76", "988.15")), sketch("m1", text, rewritten, day=0.1)]
    )
    assert set(told.values()) == {"m0"}


def test_scripts_without_spaces_are_told_by_pairs_of_characters() -> None:
    one = (
        "潮浦でフェリー座礁、乗客全員無事",
        "潮浦沖で連絡船マリット号が濃霧の中で砂州に乗り上げ、乗客二百十人は全員救助された。",
    )
    two = (
        "マリット号の船長「レーダー故障」",
        "潮浦沖で座礁した連絡船マリット号の船長は、濃霧の中でレーダーが故障したと話した。",
    )
    others = (
        ("給食に規格外ミカンのパン", "町の小学校で、地元の農家が育てた規格外ミカンを使ったパンが給食に出された。"),
        ("灯台の猫が引退", "港の灯台で暮らしてきた猫が引退することになり、後任はまだ決まっていないという。"),
        ("最終電車の時刻を変更", "港西線の最終電車は、来月から午後十時四十分に繰り上げられると鉄道会社が発表した。"),
    )
    sketches = [sketch(f"j{n}", *text, language="ja") for n, text in enumerate((one, two, *others))]
    told = group_stories(sketches)
    assert told == {"j0": "j0", "j1": "j0", "j2": "j2", "j3": "j3", "j4": "j4"}


def test_no_articles_tell_no_stories_and_one_without_words_tells_its_own() -> None:
    assert group_stories([]) == {}
    assert group_stories([sketch("empty", "", ""), *ferry()[:1]]) == {"empty": "empty", "f0": "f0"}


@pytest.mark.skipif(SHARED is None, reason="the seeds are not here")
@pytest.mark.parametrize("later", [(), ("001",), ("002", "004")])
def test_of_the_seeds_three_are_one_story_and_that_of_a_month_later_is_another(later: tuple[str, ...]) -> None:
    assert SHARED is not None
    seeds = {}
    for path in (SHARED / "data" / "seeds").glob("*.txt"):
        name = path.name[:3]
        headline, _, body = path.read_text(encoding="utf-8").partition("\n")
        seeds[name] = sketch(name, headline, body, day=36 if name == "003" else 0)
    del seeds["000"]  # a copy of 001, which tells its original's story
    first = [one for name, one in seeds.items() if name not in later]
    told = group_stories(first)
    earlier = [replace(one, story_id=told[one.article_id]) for one in first]
    told |= group_stories([seeds[name] for name in later], earlier_of(earlier)) if later else {}
    assert told["001"] == told["002"] == told["004"]
    assert told["003"] == "003"


@pytest.mark.parametrize("at_once", [1, 3, 1_000_000])
def test_stories_are_the_same_however_few_pairs_are_counted_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*ferry(), sketch("b", *BUDGET), sketch("c", *BUDGET)]
    expected = group_stories(texts)
    monkeypatch.setattr(group, "PAIRS_AT_ONCE", at_once)
    assert group_stories(texts) == expected
    assert len(set(expected.values())) == 2
