"""News is told from what was listed before."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.scheduling.listing import MAX_LISTED, has_news, listing_of

keys = st.sets(st.integers(0, 2_000).map(lambda n: blake2b(str(n).encode(), digest_size=16).hexdigest()), max_size=60)


@given(keys, keys)
def test_news_is_what_was_not_listed_before_in_whatever_order(before, now):
    assert has_news(listing_of(before), listing_of(sorted(now, reverse=True))) == bool(now - before)


@pytest.mark.parametrize("count", [MAX_LISTED, MAX_LISTED + 1, 5_000])
def test_a_long_list_is_sampled_and_neither_sample_nor_loss_looks_like_news(count):
    everything = [blake2b(str(n).encode(), digest_size=16).hexdigest() for n in range(count)]
    before = listing_of(everything)
    assert len(before) == 4 * MAX_LISTED
    assert not has_news(before, listing_of(reversed(everything)))
    assert not has_news(before, listing_of(everything[count // 3 :]))
    more = [blake2b(f"new {n}".encode(), digest_size=16).hexdigest() for n in range(200)]
    assert has_news(before, listing_of(everything + more))


def test_an_empty_feed_that_gets_an_entry_has_news():
    assert has_news(b"", listing_of(["00" * 16]))
    assert not has_news(listing_of(["00" * 16]), b"")
