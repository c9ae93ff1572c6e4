"""Functions by name: each name that a run gives its workers is there, and a block is pickled as one."""

from __future__ import annotations

import pickle
from inspect import signature

import pytest

from pipelines.run import build_page
from pipelines.run.build_articles import builders_of, finish_drafts
from pipelines.run.settings import IngestSettings
from transforms.common.blocks import Block, Blocks
from transforms.common.by_name import ByName
from transforms.feeds.parsing.in_worker import PARSE

BUILDERS = builders_of(IngestSettings())


@pytest.mark.parametrize(
    "named",
    [finish_drafts, BUILDERS.rehearse, BUILDERS.build.build.func, BUILDERS.carefully.build.func],
    ids=lambda named: named.name,
)
def test_what_workers_call_by_name_is_there(named: ByName) -> None:
    module = __import__(named.module, fromlist=[named.name])
    assert callable(getattr(module, named.name))
    assert pickle.loads(pickle.dumps(named)) == named


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("across", [False, True])
def test_workers_build_pages_by_the_options_of_the_run(kept: bool, across: bool) -> None:
    builders = builders_of(IngestSettings(keep_links=kept, stories_across_languages=across))
    for twice in (builders.build, builders.carefully):
        sent = pickle.loads(pickle.dumps(twice.build))
        assert sent.keywords == {"keep_links": kept, "across_languages": across}
        assert signature(getattr(build_page, sent.func.name)).parameters.keys() >= sent.keywords.keys()
        assert twice.plainly is twice.build


def test_a_name_is_called_like_its_function() -> None:
    assert ByName("math", "gcd")(12, 18) == 6
    assert isinstance(PARSE.function, ByName)
    assert PARSE.function.name == "parse_feed"


def test_blocks_are_equal_to_tuples_but_of_a_type_that_beam_does_not_take_apart() -> None:
    blocks = Blocks[int]()
    assert blocks.add("a", 1) == []
    ((key, block),) = blocks.rest()
    assert (key, block, type(block)) == ("a", (1,), Block)
    assert pickle.loads(pickle.dumps(block)) == (1,)
