"""Agencies and countries of the five seed texts, cleaned first."""

from __future__ import annotations

import pytest

from tests.shared_data import SHARED
from tests.transforms.clean.samples import article
from transforms.clean.clean_text import clean_article
from transforms.enrich.enrich_article import enrich_article

pytestmark = pytest.mark.skipif(SHARED is None, reason="the development data is not here")

SOURCES = {"000": (), "001": ("RFE/RL",), "002": (), "003": ("VOA", "AP", "AFP", "Reuters"), "004": ()}


@pytest.mark.parametrize("seed", SOURCES)
def test_a_seed_has_its_agencies_and_its_countries(seed: str) -> None:
    assert SHARED is not None
    (path,) = (SHARED / "data" / "seeds").glob(f"{seed}_*.txt")
    text = path.read_text(encoding="utf-8")
    facts = enrich_article(clean_article(article(text, headline=None if seed == "004" else text.split("\n")[0])))
    assert facts.wire_sources == SOURCES[seed]
    assert set(facts.countries) == {"RU", "US", "UA"}
    assert (facts.in_language, facts.dateline) == ("en", None)
