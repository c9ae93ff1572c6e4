"""What the fork server loads: the made-up page is a whole article, so that its build has used what real ones use."""

from __future__ import annotations

from pipelines.run import preload
from transforms.extract.body.block_model import load_block_models
from transforms.text.dates.month_names import _months
from transforms.web.urls import _suffix_list


def test_the_made_up_page_is_built_in_full() -> None:
    article = preload.built.article
    assert (article.headline, article.authors, article.dateline) == ("Harbour bridge opens", ("John Roe",), "LONDON")
    assert article.date_published_us == 1_772_445_600_000_000
    assert article.countries == ("GB", "DE", "JP")
    assert preload.built.plainly is None


def test_data_that_each_worker_would_load_for_itself_is_there() -> None:
    for load in (load_block_models, _months, _suffix_list):
        assert load.cache_info().currsize == 1, load.__name__
