"""The sites of a run are learned each by itself, and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.site import SiteMemory
from tests.transforms.compare.sites.site_texts import learn, pages_of, story, told
from transforms.compare.sites.learn_sites import learn_sites

TIP = "Got a tip? Text the night desk at any hour and we will call you back."
KNOWN = learn([told(f"old {n}", [*story(f"old {n}"), TIP]) for n in range(3)]).memory


def remembered(sites: Sequence[str]) -> Mapping[str, SiteMemory]:
    return {"example.org": KNOWN} if "example.org" in sites else {}


def test_each_site_is_judged_by_its_own_pages_and_memory() -> None:
    known = [told("a", [*story("a"), TIP])]
    fresh = [told(f"net {n}", [*story(f"net {n}"), TIP], site="example.net") for n in range(2)]
    many = [told(f"com {n}", [*story(f"com {n}"), TIP], site="example.com") for n in range(3)]
    expected = [*learn(known, KNOWN).furniture.items(), *learn(many).furniture.items()]
    assert len(expected) == 4, "one page of the known site, three of the busy one, none of the other"
    learned = learn_sites(pages_of([*known, *fresh, *many]), remembered, now_us=7)
    assert sorted(learned.furniture.items()) == sorted(expected)
    assert [(memory.site, round(memory.pages, 2), memory.learned_at_us) for memory in learned.memories] == [
        ("example.com", 3.0, 7),
        ("example.net", 2.0, 7),
        ("example.org", round(KNOWN.pages * 0.98 + 1, 2), 7),
    ]
