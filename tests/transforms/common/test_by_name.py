"""Functions by name: each name that a run gives its workers is there, and a block is pickled as one."""

from __future__ import annotations

import pickle

import pytest

from pipelines.run.build_articles import builders_of, finish_drafts, revisiting_of
from pipelines.run.settings import IngestSettings
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, news_page
from transforms.common.blocks import Block, Blocks
from transforms.common.by_name import ByName
from transforms.feeds.parsing.in_worker import PARSE
from transforms.web.chosen.feed_settings import NO_CHOICES, FeedChoices, FeedSettings, TextFrom

BUILDERS = builders_of(IngestSettings(keep_links=True, stories_across_languages=True))


@pytest.mark.parametrize(
    "named",
    [finish_drafts, BUILDERS.build.build.func, BUILDERS.carefully.build.func, BUILDERS.rehearse],  # type: ignore[attr-defined]
    ids=lambda named: named.name,
)
def test_what_workers_call_by_name_is_there(named: ByName) -> None:
    module = __import__(named.module, fromlist=[named.name])
    assert callable(getattr(module, named.name))
    assert pickle.loads(pickle.dumps(named)) == named


def test_options_of_a_run_reach_the_build_of_its_pages() -> None:
    given_page = page(body=news_page("<p><a href='/map'>A map</a> of the quay.</p>").encode())
    plain, full = builders_of(IngestSettings()), builders_of(IngestSettings(keep_links=True))
    for name in ("build", "carefully"):
        without, with_links = (
            pickle.loads(pickle.dumps(getattr(one, name).build))(given_page) for one in (plain, full)
        )
        assert without.article.links is None
        assert [link.text for link in with_links.article.links] == ["A map"]


def test_a_page_that_is_asked_for_again_is_read_as_its_article_was() -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:3])
    given_page = page(body=news_page().encode(), entry_content_html=paragraphs)
    choices = FeedChoices(feeds=((given_page.feed_url, FeedSettings(text=TextFrom.FEED)),))
    for feeds in (NO_CHOICES, choices):
        settings = IngestSettings(revisit_us=(1,), feeds=feeds)
        revisiting = revisiting_of(settings)
        assert revisiting is not None
        article = builders_of(settings).build.build(given_page).article
        assert article.body_source == ("feed" if feeds is choices else "page")
        assert pickle.loads(pickle.dumps(revisiting.look))(given_page).printed == article.content_hash


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
