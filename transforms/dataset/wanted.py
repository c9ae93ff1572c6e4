"""Which articles are wanted, by their facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.web.urls import BadUrl, host_of, name_of, registrable_domain

Mask = NDArray[np.bool_]
_NONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The articles that are wanted: published (`published_date`) from the day `since` on and before the day `until`,
    with one of these values in each column that is named; with `min_words` at least. Empty or None: all.

    `countries` are met by one of an article's countries. `hosts` are hosts of the canonical address, or registrable
    domains with all their hosts. An article without a value has none of them.
    """

    since: date | None = None
    until: date | None = None
    languages: frozenset[str] = _NONE
    countries: frozenset[str] = _NONE
    topics: frozenset[str] = _NONE
    domains: frozenset[str] = _NONE
    hosts: frozenset[str] = _NONE
    page_kinds: frozenset[str] = _NONE
    min_words: int = 0

    def has_day(self, day: date) -> bool:
        """Whether articles of that day are wanted."""
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)

    def among(self, rows: pa.Table) -> Mask:
        """Which of these articles, of days that are wanted, are wanted."""
        found = np.ones(rows.num_rows, np.bool_)
        for name, values in (
            ("in_language", self.languages),
            ("topic", self.topics),
            ("publisher_domain", self.domains),
            ("page_kind", self.page_kinds),
        ):
            if values:
                found &= _mask(pc.is_in(rows.column(name), pa.array(sorted(values))))
        if self.countries:
            found &= [not self.countries.isdisjoint(some or ()) for some in rows.column("countries").to_pylist()]
        if self.hosts:
            found &= [self._is_of_host(url) for url in rows.column("canonical_url").to_pylist()]
        if self.min_words:
            found &= _mask(pc.greater_equal(rows.column("word_count"), self.min_words))
        return found

    def _is_of_host(self, url: str) -> bool:
        try:
            return name_of(host_of(url)) in self.hosts or registrable_domain(url) in self.hosts
        except BadUrl:
            return False


def _mask(values: Any) -> Mask:
    """Booleans of Arrow, null being false."""
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
