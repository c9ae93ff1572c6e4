"""The five seed texts lose exactly their footers."""

from __future__ import annotations

import pytest

from tests.shared_data import SHARED
from tests.transforms.clean.samples import article
from transforms.clean.clean_text import clean_article

pytestmark = pytest.mark.skipif(SHARED is None, reason="the development data is not here")

# How many of the last blocks of each text are furniture, and why.
FOOTERS = {
    "000": ["cookies"],
    "001": ["agency_about", "comment_form", "comment_form"],
    "002": ["comment_form", "comment_form"],
    "003": ["credits", "advertisement", "comment_form"],
    "004": [],
}


@pytest.mark.parametrize("seed", FOOTERS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("with_headline", [True, False])
def test_exactly_the_footers_go(seed: str, gap: str, with_headline: bool) -> None:
    assert SHARED is not None
    (path,) = (SHARED / "data" / "seeds").glob(f"{seed}_*.txt")
    blocks = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    headline = None if seed == "004" else blocks[0]
    if headline and not with_headline:
        del blocks[0]
    reasons = (["headline"] if headline and with_headline else []) + FOOTERS[seed]
    end = len(blocks) - len(FOOTERS[seed])
    story = blocks[1 if headline and with_headline else 0 : end]
    cleaned = clean_article(article(gap.join(blocks), headline=headline))
    assert cleaned.article_body.split() == " ".join(story).split()
    assert [item.reason for item in cleaned.removed] == reasons
    assert [item.text for item in cleaned.removed][len(reasons) - len(FOOTERS[seed]) :] == blocks[end:]
