from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from schemas.fingerprint import FINGERPRINTS, Fingerprint
from tests.shared_data import SHARED
from tests.transforms.compare.copies.texts import DAY_US, NOON_US, fingerprint, part, story
from transforms.compare.copies import mark_copies
from transforms.compare.copies.mark_copies import ListedTexts
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.verdict import Verdict


def check(
    drafts: list[Fingerprint],
    expected: Callable[[list[Verdict]], None],
    history: Iterable[Fingerprint] = (),
    stored: Callable[[list[Fingerprint]], None] | None = None,
) -> None:
    texts = ListedTexts(drafts)
    verdicts = mark_copies.mark_copies(texts, ListedHistory(history))
    expected(verdicts)
    if stored is not None:
        stored(list(mark_copies.stored_fingerprints(verdicts, texts, at_once=3)))


def page_of(one: Any) -> str:
    return str(one.page_id)


def equal_to(expected: list[Any]) -> Callable[[list[Any]], None]:
    def matches(found: list[Any]) -> None:
        assert sorted(found, key=page_of) == sorted(expected, key=page_of)

    return matches


def brief(verdict: Verdict) -> tuple[str, str | None, str | None, str | None]:
    return verdict.article_id, verdict.relation, verdict.duplicate_of, verdict.cluster_id


def briefly(*expected: tuple[str, str | None, str | None, str | None]) -> Callable[[list[Verdict]], None]:
    def matches(verdicts: list[Verdict]) -> None:
        assert sorted(map(brief, verdicts)) == sorted(expected)

    return matches


WHOLE = fingerprint("whole", story(1))
TEASER = fingerprint("teaser", part(story(1), 0, 90))
EXACT = fingerprint("xact", story(1).title())
OTHER = fingerprint("other", story(2))


@pytest.mark.parametrize("at_once", [1, 100, 1_000_000])
def test_copies_within_a_run_point_to_the_longest_and_others_are_originals_however_few_are_looked_at_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark_copies, "KEYS_AT_ONCE", at_once)
    monkeypatch.setattr(mark_copies, "TEXTS_AT_ONCE", at_once)
    drafts = [TEASER, OTHER, EXACT, WHOLE]
    for arrival in (drafts, drafts[::-1]):
        check(
            arrival,
            briefly(
                ("whole", "original", None, "whole"),
                ("teaser", "abridged", "whole", "whole"),
                ("xact", "exact", "whole", "whole"),
                ("other", "original", None, "other"),
            ),
        )


def test_a_verdict_carries_page_partition_and_similarity_and_the_fingerprint_its_cluster() -> None:
    check(
        [WHOLE, TEASER],
        equal_to(
            [
                Verdict("page of whole", "whole", WHOLE.partition, "article", 1, "original", None, "whole", None),
                Verdict("page of teaser", "teaser", TEASER.partition, "article", 1, "abridged", "whole", "whole", 1.0),
            ]
        ),
        stored=equal_to([replace(WHOLE, cluster_id="whole"), replace(TEASER, cluster_id="whole")]),
    )


@pytest.mark.parametrize(("first", "second"), [(WHOLE, TEASER), (TEASER, WHOLE)])
def test_in_two_runs_the_later_copy_points_to_the_earlier_whichever_it_is(
    first: Fingerprint, second: Fingerprint
) -> None:
    earlier = first.article_id
    relation = "abridged" if second is TEASER else "near"
    check(
        [second, OTHER],
        briefly((second.article_id, relation, earlier, earlier), ("other", "original", None, "other")),
        history=[replace(first, cluster_id=earlier)],
    )


def test_unchanged_revised_and_doubled_articles_each_get_their_one_verdict() -> None:
    again = replace(WHOLE, page_id="again", fetched_at_us=NOON_US + DAY_US)
    revised = fingerprint("other", story(2) + " " + story(3, 100), page_id="revised")
    double = replace(TEASER, page_id="double", fetched_at_us=NOON_US - 1)

    def matches(verdicts: list[Verdict]) -> None:
        assert {
            (one.page_id, one.outcome, one.revision, one.relation, one.duplicate_of, one.cluster_id) for one in verdicts
        } == {
            ("again", "unchanged", 1, None, None, "whole"),
            ("revised", "article", 2, "revision", "other", "kept"),
            ("page of teaser", "article", 1, "abridged", "whole", "whole"),
            ("double", "same_article", 1, None, None, None),
        }
        assert len(verdicts) == 4

    check(
        [again, revised, TEASER, double],
        matches,
        history=[replace(WHOLE, cluster_id="whole"), replace(OTHER, cluster_id="kept")],
        stored=equal_to([replace(revised, revision=2, cluster_id="kept"), replace(TEASER, cluster_id="whole")]),
    )


def test_a_copy_of_a_revised_article_joins_the_cluster_that_the_article_had_before() -> None:
    revised = fingerprint("whole", part(story(1), 0, 360) + " " + story(3, 40), page_id="revised")
    copy = fingerprint("copy", part(story(1), 0, 200) + " " + story(3, 40))
    check(
        [revised, copy],
        briefly(("whole", "revision", "whole", "kept"), ("copy", "abridged", "whole", "kept")),
        history=[replace(WHOLE, cluster_id="kept")],
    )


def test_a_shared_footer_joins_nothing_in_a_run_nor_across_runs() -> None:
    footer = story(50, 120)
    texts = [fingerprint(f"t{number:02}", f"{story(number + 100, 150)} {footer}") for number in range(40)]
    alone = [(one.article_id, "original", None, one.article_id) for one in texts]
    check(texts, briefly(*alone))
    check(texts[20:], briefly(*alone[20:]), history=[replace(one, cluster_id=one.article_id) for one in texts[:20]])


def clusters_in(runs: list[list[Fingerprint]]) -> set[frozenset[str]]:
    """The clusters of texts that come in several runs, each with those before as its history."""
    stored: list[Fingerprint] = []
    for drafts in runs:
        check(drafts, lambda _: None, history=list(stored), stored=stored.extend)
    members: dict[str, set[str]] = {}
    for one in stored:
        members.setdefault(str(one.cluster_id), set()).add(one.article_id)
    return {frozenset(some) for some in members.values()}


def test_the_clusters_are_the_same_in_one_run_and_in_four_also_of_forms_and_footers_few_have_seen() -> None:
    chance = random.Random(3)
    footer, form = story(50, 100), story(60, 120).split()
    texts = []
    for number in range(6):
        whole = story(number, 300)
        texts += [
            fingerprint(f"{number} whole", whole, published_us=NOON_US),
            fingerprint(f"{number} teaser", part(whole, 0, 60), published_us=NOON_US + 2),
            fingerprint(
                f"{number} abridged", f"{part(whole, 0, 180)} {story(number + 70, 40)}", published_us=NOON_US + 3
            ),
            fingerprint(f"{number} house", f"{story(number + 80, 80)} {footer}", published_us=NOON_US + number),
            fingerprint(
                f"{number} report",
                " ".join(str(chance.randrange(10, 9_999)) if at % 8 == 0 else word for at, word in enumerate(form)),
                published_us=NOON_US + number,
            ),
        ]
    texts.sort(key=lambda one: (one.published_us or 0, one.article_id))
    in_one = clusters_in([texts])
    assert in_one == clusters_in([texts[:9], texts[9:16], texts[16:17], texts[17:]])
    assert sorted(map(len, in_one)) == [1] * 12 + [3] * 6


def test_a_story_that_many_papers_cut_edit_and_extend_stays_one_cluster() -> None:
    whole = story(1, 400).split()

    def printed(number: int) -> Fingerprint:
        chance = random.Random(number)
        kept = whole[: chance.randrange(200, 401)]
        kept = [story(chance.randrange(10**9), 1) if chance.random() < 0.04 else word for word in kept]
        own = story(number + 1000, chance.randrange(5, 60)).split()
        return fingerprint(f"c{number:03}", " ".join([*own, *kept] if chance.random() < 0.5 else [*kept, *own]))

    def matches(verdicts: list[Verdict]) -> None:
        assert len(verdicts) == 150
        assert len({one.cluster_id for one in verdicts}) == 1

    check(list(map(printed, range(150))), matches)


def test_a_story_cut_in_many_ways_that_overlap_by_half_stays_one_cluster_without_the_whole() -> None:
    copies = [
        fingerprint(
            f"c{number:03}",
            f"{story(number + 1000, 5 + number % 40)} {part(story(1, 600), number * 7 % 150, number * 7 % 150 + 300)}",
        )
        for number in range(80)
    ]

    def matches(verdicts: list[Verdict]) -> None:
        assert len(verdicts) == 80
        assert len({one.cluster_id for one in verdicts}) == 1
        assert sum(one.relation == "original" for one in verdicts) == 1

    check(copies, matches)


def test_empty_texts_are_copies_of_nothing_and_short_ones_of_the_same_words_only() -> None:
    check(
        [
            fingerprint("e1", ""),
            fingerprint("e2", "…"),
            fingerprint("s1", "Rain in town"),
            fingerprint("s2", "rain, in town!"),
        ],
        briefly(
            ("e1", "original", None, "e1"),
            ("e2", "original", None, "e2"),
            ("s1", "original", None, "s1"),
            ("s2", "exact", "s1", "s1"),
        ),
    )


def test_no_input_gives_no_verdicts() -> None:
    check([], equal_to([]), stored=equal_to([]))


def test_fingerprints_come_back_from_arrow_and_from_pickle() -> None:
    rows = [replace(TEASER, cluster_id="whole"), WHOLE]
    assert FINGERPRINTS.from_arrow(FINGERPRINTS.to_arrow(rows)) == rows
    assert pickle.loads(pickle.dumps(WHOLE)) == WHOLE


@pytest.mark.skipif(SHARED is None, reason="the seeds are not here")
@pytest.mark.parametrize("split", [None, ("000", "001"), ("001", "000")])
def test_of_the_seeds_one_is_an_abridged_copy_and_the_others_are_none(split: tuple[str, str] | None) -> None:
    assert SHARED is not None
    seeds = {
        path.name[:3]: fingerprint(path.name[:3], path.read_text(encoding="utf-8"), published_us=None)
        for path in sorted((SHARED / "data" / "seeds").glob("*.txt"))
    }
    alone = [(name, "original", None, name) for name in ("002", "003", "004")]
    if split is None:
        copies = [("000", "abridged", "001", "001"), ("001", "original", None, "001")]
        check(list(seeds.values()), briefly(*copies, *alone))
        return
    first, second = split
    check(
        [seed for name, seed in seeds.items() if name != first],
        briefly((second, "abridged" if second == "000" else "near", first, first), *alone),
        history=[replace(seeds[first], cluster_id=first)],
    )


def test_unlike_texts_under_one_id_are_told_and_a_text_that_was_edited_is_not() -> None:
    earlier = [replace(fingerprint(name, story(number)), cluster_id=name) for number, name in enumerate("abc")]
    drafts = [
        fingerprint("a", story(10), page_id="written anew"),
        fingerprint("b", part(story(1), 0, 300) + " " + story(11, 50), page_id="edited"),
        fingerprint("c", story(2), page_id="unchanged", fetched_at_us=NOON_US + 1),
        fingerprint("c", story(12), page_id="beside the unchanged"),
        fingerprint("d", story(13), page_id="kept", fetched_at_us=NOON_US + 1),
        fingerprint("d", story(13, 390), page_id="fetched before"),
        fingerprint("d", story(14), page_id="another story"),
    ]

    def expected(verdicts: list[Verdict]) -> None:
        unlike = {one.page_id for one in verdicts if one.is_unlike}
        assert unlike == {"written anew", "beside the unchanged", "another story"}
        assert {one.page_id: one.relation for one in verdicts if one.revision == 2} == {
            "written anew": "revision",
            "edited": "revision",
        }

    check(drafts, expected, history=earlier)
