"""The data card tells what is in a dataset, in YAML and for people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import yaml

from schemas.article import ARTICLES
from tests.rows import article
from transforms.dataset.chosen import LeftOut, Sums
from transforms.dataset.columns import DEFAULT, schema_of
from transforms.dataset.data_card import CardFacts, DataFile, data_card
from transforms.dataset.row_counts import RowCounts

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 2)


def facts() -> CardFacts:
    counts = RowCounts()
    english = {"in_language": "en", "license": "https://creativecommons.org/licenses/by/4.0/", "word_count": 1_200}
    counts.add(ARTICLES.as_given([article(**english), article(in_language="de", countries=("AT", "CH"))]), LAST)
    counts.add(ARTICLES.as_given([article(license="`all`|rights\n[reserved](x)", is_accessible_for_free=True)]), FIRST)
    sums = Sums(7, Counter({LeftOut.OBJECTS: 3, LeftOut.OLDER: 1}), Counter({"no_ai": 2, "crawlers": 3}), 3)
    files = [DataFile("data/train-00000-of-00001.parquet", 3, 4_567, "ab" * 32)]
    asked = {"languages": "de, en", "format": "parquet"}
    return CardFacts(files, ".parquet", schema_of(DEFAULT), counts, sums, asked, True, "newsbeam/0.2.0")


def test_the_front_matter_is_yaml_that_loaders_read() -> None:
    _, front, _ = data_card(facts()).split("---\n", 2)
    told = yaml.safe_load(front)
    assert told["pretty_name"] == "News articles, 2026-03-01 to 2026-03-02"
    assert told["language"] == ["de", "en"]
    assert told["size_categories"] == ["n<1K"]
    assert told["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/*.parquet"}]},
    ]
    info = told["dataset_info"]
    assert info["splits"] == [{"name": "train", "num_bytes": 4_567, "num_examples": 3}]
    features = {one["name"]: one for one in info["features"]}
    assert [*features] == [*DEFAULT]
    assert features["authors"] == {"name": "authors", "list": "string"}
    assert features["published_date"]["dtype"] == "date32"
    assert features["facts_sources"]["list"] == [
        {"name": "column", "dtype": "string"},
        {"name": "source", "dtype": "string"},
    ]


def test_the_text_tells_counts_licences_objections_and_checksums() -> None:
    card = data_card(facts())
    for line in (
        "| left out: their publishers object to training or mining | 3 |",
        "| in this dataset | 3 |",
        "| `noai` or `noml` in robots directives | 2 |",
        "| text and data mining is reserved (`tdm-reservation=1`) | 0 |",
        "| `https://creativecommons.org/licenses/by/4.0/` | 1 |",
        "| `'all'\\|rights [reserved](x)` | 1 |",
        "| none stated | 1 |",
        "| `languages` | `de, en` |",
        "| `AT` | 1 |",
        f"| `data/train-00000-of-00001.parquet` | 3 | 4,567 | `{'ab' * 32}` |",
    ):
        assert f"\n{line}\n" in card, line
    assert "1,200 words, published from 2026-03-01 to 2026-03-02" in card
    assert "**Usage directives were honoured**: 3 articles" in card


def test_it_says_so_where_objections_were_ignored() -> None:
    card = data_card(replace(facts(), honours_objections=False))
    assert "**Usage directives were NOT honoured** (`ignore_usage_directives`): 3 articles" in card
    assert "were honoured" not in card


def test_withdrawn_articles_are_counted_whether_they_are_kept_or_not() -> None:
    sums = replace(facts().sums, withdrawn=1_234)
    assert "have withdrawn" not in data_card(facts())
    assert "1,234 rows of articles that their publishers have withdrawn are\nleft out.\n" in data_card(
        replace(facts(), sums=sums)
    )
    kept = data_card(replace(facts(), sums=sums, asked={"keep_withdrawn": "yes"}))
    assert "are\namong these (`keep_withdrawn`).\n" in kept


@pytest.mark.parametrize(("rows", "said"), [(999, "n<1K"), (1_000, "1K<n<10K"), (2_000_000_000, "n>1B")])
def test_sizes_are_those_of_the_hub(rows: int, said: str) -> None:
    counts = facts().counts
    counts.rows = rows
    assert f'- "{said}"\n' in data_card(replace(facts(), counts=counts))


def test_long_tables_are_summed_up() -> None:
    counts = facts().counts
    counts.by["publisher_domain"] = Counter({f"p{n:03d}.example": 100 - n for n in range(60)})
    card = data_card(replace(facts(), counts=counts))
    assert "| `p049.example` | 51 |\n| 10 others | 455 |" in card
