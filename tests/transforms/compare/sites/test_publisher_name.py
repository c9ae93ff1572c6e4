"""A site's publisher has the name that most of its pages state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.site import NameCount, SiteMemory
from tests.transforms.compare.sites.site_texts import pages_of, story, told
from transforms.compare.sites.learn_sites import learn_sites
from transforms.compare.sites.publisher_name import counted_names, name_of_site


def named(names: list[str | None], known: dict[str, SiteMemory] | None = None) -> tuple[list[str | None], SiteMemory]:
    """The name that each page's row gets, where the pages of a site state these; and what is remembered."""
    articles = [
        replace(told(f"page {n}", story(f"page {n}")), publisher_name=name)
        for n, name in enumerate(names, len(known or ()))
    ]
    learned = learn_sites(pages_of(articles), lambda sites: known or {}, 7)
    return [learned.names[one.article_id] for one in articles], learned.memories[0]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["Lindmere Post", "Lindmere Post", "Sport"], ["Lindmere Post"] * 3),
        (["Lindmere Post", None], ["Lindmere Post"] * 2),
        (["LINDMERE POST", "Lindmere Post", "lindmere-post", "Lindmere Post"], ["Lindmere Post"] * 4),
        (["Lindmere Post", "Sport"], ["Lindmere Post", "Sport"]),
        (["A Blog", "B Blog", "C Blog", None], ["A Blog", "B Blog", "C Blog", None]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_what_more_than_half_of_the_pages_state_is_the_name_of_all(
    stated: list[str | None], expected: list[str | None]
) -> None:
    if not stated:
        assert name_of_site(counted_names([], (), 1.0)) is None
        return
    assert named(stated)[0] == expected


def test_what_earlier_runs_counted_still_counts_and_fades() -> None:
    _, memory = named(["Lindmere Post"] * 3)
    assert memory.names == (NameCount("Lindmere Post", 3.0),)
    names, later = named(["Shipping"], {"example.org": memory})
    assert names == ["Lindmere Post"]
    assert later.names == (NameCount("Lindmere Post", 3 * 0.98), NameCount("Shipping", 1.0))
    renamed = counted_names(["Lindmere Times"] * 40, later.names, 0.98**40)
    assert name_of_site(renamed) == "Lindmere Times"


def test_of_a_host_of_many_publications_only_some_names_are_kept() -> None:
    counts = counted_names([f"Blog {n:02}" for n in range(40)], (), 1.0)
    assert [one.name for one in counts] == [f"Blog {n:02}" for n in range(16)]
    assert name_of_site(counts) is None
