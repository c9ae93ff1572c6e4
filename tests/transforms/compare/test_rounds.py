"""Many runs decided together: what one run after the other would say, and what only all of them know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.fingerprint import Fingerprint
from schemas.site import SitePage
from tests.transforms.compare.copies.texts import DAY_US, NOON_US, fingerprint, part, story
from tests.transforms.compare.sites.site_texts import pages_of, told
from tests.transforms.compare.sites.site_texts import story as site_story
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies, stored_fingerprints
from transforms.compare.copies.revisions import choose_pages
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.copies.verdict import Verdict
from transforms.compare.rounds import PageRound, Rounds
from transforms.compare.sites.learn_sites import LEARNED_TOGETHER, learn_sites

HOUR_US = 3_600_000_000
HORIZON_US = 30 * DAY_US


def fetched(article_id: str, body: str, hour: int, page: str = "") -> Fingerprint:
    """The fingerprint of a page that was fetched in the round of an hour."""
    page_id = f"{article_id}{page} at {hour}"
    return fingerprint(article_id, body, page_id=page_id, fetched_at_us=NOON_US + hour * HOUR_US)


def rounds_of(drafts: Iterable[Fingerprint], rows: dict[str, tuple[str, int]] | None = None) -> Rounds:
    """Rounds by the hour of the fetch; `rows` are the articles and revisions that pages have, by page id."""
    known = rows or {}
    pages = {}
    lake: dict[str, list[tuple[int, int]]] = {}
    for one in sorted(drafts, key=lambda one: one.fetched_at_us):
        article_id, revision = known.get(one.page_id, (None, None))
        number = (one.fetched_at_us - NOON_US) // HOUR_US
        pages[one.page_id] = PageRound(number, one.fetched_at_us - HORIZON_US, article_id, revision)
        if article_id is not None and revision is not None:
            lake.setdefault(article_id, []).append((one.fetched_at_us, revision))
    return Rounds(pages, lake, HORIZON_US)


def together(drafts: list[Fingerprint], rows: dict[str, tuple[str, int]] | None = None) -> dict[str, Verdict]:
    verdicts = mark_copies(ListedTexts(drafts), ListedHistory(), rounds_of(drafts, rows))
    return {one.page_id: one for one in verdicts}


def one_after_another(drafts: list[Fingerprint]) -> dict[str, Verdict]:
    """The verdicts of a run for each hour, each with the history that the ones before have left."""
    history: list[Fingerprint] = []
    found: dict[str, Verdict] = {}
    for hour in sorted({one.fetched_at_us for one in drafts}):
        texts = ListedTexts([one for one in drafts if one.fetched_at_us == hour])
        verdicts = mark_copies(texts, ListedHistory(history))
        history += stored_fingerprints(verdicts, texts)
        found |= {one.page_id: one for one in verdicts}
    return found


def test_pages_of_one_round_compete_and_those_of_later_ones_are_unchanged_or_revisions() -> None:
    first, shorter = fetched("a", story(1), 0), fetched("a", story(1, 100), 0, "'")
    again, edited = fetched("a", story(1).upper(), 1), fetched("a", part(story(1), 0, 300) + story(2, 90), 2)
    verdicts = together([edited, again, shorter, first])
    outcomes = {page: (one.outcome, one.revision, one.relation) for page, one in verdicts.items()}
    assert outcomes == {
        "a at 0": ("article", 1, "original"),
        "a' at 0": ("same_article", 1, None),
        "a at 1": ("unchanged", 1, None),
        "a at 2": ("article", 2, "revision"),
    }
    assert verdicts["a at 2"].duplicate_of == "a"
    assert 0.7 < (verdicts["a at 2"].similarity or 0) < 0.9


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(0, 3), st.sampled_from(["", "'"])), max_size=12
    )
)
def test_rounds_give_the_rows_and_revisions_of_one_run_after_another(
    pages: list[tuple[str, int, int, str]],
) -> None:
    drafts = list(
        {(id_, hour, page): fetched(id_, story(text), hour, page) for id_, text, hour, page in pages}.values()
    )
    separate = one_after_another(drafts)
    for page_id, verdict in together(drafts).items():
        assert (verdict.outcome, verdict.revision) == (separate[page_id].outcome, separate[page_id].revision)
        assert (verdict.relation == "revision") == (separate[page_id].relation == "revision")


def test_the_order_of_drafts_decides_nothing() -> None:
    drafts = [
        fetched(id_, story(text), hour) for id_, text, hour in (("a", 1, 0), ("b", 1, 1), ("a", 2, 1), ("b", 2, 2))
    ]
    assert together(drafts) == together(drafts[::-1])


def test_copies_that_came_in_two_rounds_have_the_better_original_and_a_revision_stays_with_its_article() -> None:
    early = replace(fetched("late", story(1), 0), published_us=NOON_US + 2 * HOUR_US)
    original = replace(fetched("first", story(1), 1), published_us=NOON_US)
    edited = fetched("late", part(story(1), 0, 350) + story(3, 40), 2)
    verdicts = together([early, original, edited])
    assert verdicts["first at 1"].relation == "original"
    assert verdicts["late at 0"].duplicate_of == "first"
    assert {one.cluster_id for one in verdicts.values()} == {"first"}
    assert one_after_another([early, original, edited])["first at 1"].duplicate_of == "late", "one run cannot know"


def test_a_copy_of_a_later_revision_is_found_where_the_revision_was_there_before_it() -> None:
    stub, whole = fetched("a", story(1, 60), 0), fetched("a", story(2), 1)
    copy, before = fetched("b", story(2), 2), fetched("c", part(story(2), 0, 390), 0)
    assert together([stub, whole, copy])["b at 2"].duplicate_of == "a"
    assert together([stub, whole, copy])["b at 2"].cluster_id == "a"
    assert together([stub, whole, before])["c at 0"].relation == "original"


def test_a_row_keeps_its_revision_also_where_the_one_before_is_gone() -> None:
    first, second, third = (fetched("a", story(text), hour) for hour, text in enumerate((1, 1, 2)))
    rows = {"a at 0": ("a", 1), "a at 1": ("a", 2), "a at 2": ("a", 3)}
    found = together([first, second, third], rows)
    assert {page: (one.outcome, one.revision) for page, one in found.items()} == {
        "a at 0": ("article", 1),
        "a at 1": ("unchanged", 1),
        "a at 2": ("article", 3),
    }


def test_a_page_without_a_row_gets_none_where_a_later_row_has_its_number() -> None:
    mended, row = fetched("a", story(1), 0), fetched("a", story(2), 1)
    found = together([mended, row], {"a at 1": ("a", 1)})
    assert found["a at 0"].outcome == "superseded"
    assert (found["a at 1"].outcome, found["a at 1"].revision) == ("article", 1)
    room = together([mended, row], {"a at 1": ("a", 2)})
    assert (room["a at 0"].outcome, room["a at 0"].revision) == ("article", 1)
    other_id = together([mended, row], {"a at 0": ("z", 1), "a at 1": ("a", 1)})
    assert other_id["a at 0"].outcome == "superseded", "the row that it has is another article's"


def test_rows_after_the_horizon_are_numbered_from_1_again_and_take_nothing() -> None:
    mended = fetched("a", story(1), 0)
    later = NOON_US + HORIZON_US + HOUR_US
    pages = {mended.page_id: PageRound(0, mended.fetched_at_us - HORIZON_US)}
    assert choose_pages([mended], {}, Rounds(pages, {"a": [(later, 1)]}, HORIZON_US))[1] == []
    [taken] = choose_pages([mended], {}, Rounds(pages, {"a": [(later - DAY_US, 1)]}, HORIZON_US))[1]
    assert taken.outcome == "superseded"


def test_a_former_revision_beyond_the_horizon_of_a_page_is_not_known_to_it() -> None:
    former = replace(fetched("a", story(1), 0), revision=4, cluster_id="c")
    page = fetched("a", story(2), 1)
    known = Rounds({page.page_id: PageRound(0, former.fetched_at_us)})
    unknown = Rounds({page.page_id: PageRound(0, former.fetched_at_us + 1)})
    assert choose_pages([page], {"a": former}, known)[0][0].fingerprint.revision == 5
    assert choose_pages([page], {"a": former}, unknown)[0][0].fingerprint.revision == 1


FOOTER = "Got a tip? Text the night desk"


def pages_of_site(count: int) -> tuple[list[SitePage], Rounds]:
    """Pages of one site, one an hour, each with a footer."""
    pages = pages_of([told(f"page {number:03}", [*site_story(number), FOOTER]) for number in range(count)])
    return pages, Rounds({page.page_id: PageRound(number) for number, page in enumerate(pages)})


def test_the_furniture_of_a_sites_first_pages_is_known_by_those_that_follow() -> None:
    pages, rounds = pages_of_site(4)
    together = learn_sites(pages, lambda _: {}, NOON_US, rounds)
    assert set(together.furniture) == {page.page_id for page in pages}
    assert learn_sites(pages[:1], lambda _: {}, NOON_US).furniture == {}, "one run cannot know"


def test_a_site_is_learned_in_order_of_time_so_that_its_memory_fades_as_it_does_over_many_runs() -> None:
    pages, rounds = pages_of_site(5 * LEARNED_TOGETHER)
    [memory] = learn_sites(pages[::-1], lambda _: {}, NOON_US, rounds).memories
    assert 50 < memory.pages < 110
    [at_once] = learn_sites(pages, lambda _: {}, NOON_US).memories
    assert at_once.pages == len(pages)
    assert memory == learn_sites(pages, lambda _: {}, NOON_US, rounds).memories[0]


def test_a_row_whose_later_revision_stays_keeps_its_number_and_is_not_compared_with_it() -> None:
    later = replace(fetched("a", story(2), 5), revision=2, cluster_id="c")
    rebuilt = fetched("a", story(2), 0)
    rounds = rounds_of([rebuilt], {"a at 0": ("a", 1)})
    [kept], ended = choose_pages([rebuilt], {"a": later}, rounds)
    assert (kept.fingerprint, kept.revises, ended) == (rebuilt, False, [])
    assert choose_pages([rebuilt], {"a": later}, rounds_of([rebuilt]))[1][0].outcome == "unchanged"
