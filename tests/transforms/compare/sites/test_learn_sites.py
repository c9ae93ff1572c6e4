"""Sites are learned by Beam as they are by the pure rule, and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.site import SiteMemory
from tests.transforms.compare.sites.site_texts import learn, pages_of, story, told
from transforms.compare.sites.learn_sites import LearnSites
from transforms.text.clock import Clock

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
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        learned = pipeline | beam.Create(pages_of([*known, *fresh, *many])) | LearnSites(remembered, Clock())
        assert_that(learned.furniture, equal_to(expected), label="Furniture")
        facts = learned.memories | beam.Map(lambda memory: (memory.site, round(memory.pages, 2)))
        expected_pages = [("example.org", round(KNOWN.pages * 0.98 + 1, 2)), ("example.net", 2.0), ("example.com", 3.0)]
        assert_that(facts, equal_to(expected_pages), label="Memories")
