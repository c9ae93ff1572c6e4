"""The opening of a report: place, date and source before its first sentence, as agencies and newspapers print them.

    ISLAMABAD, March 4 (Reuters) - …      Kiel (dpa) – …        Madrid, 3 may (EFE).- …      (ANSA) - ROMA, 12 MAG - …
    BUFFALO, N.Y. — …                     (RFE/RL) — …          МОСКВА, 3 мая. /ТАСС/. …     Минск. 3 марта. БЕЛТА — …
    New Delhi, March 3 (PTI) …            BERLIN taz | …        TEMPO.CO, Jakarta - …        القاهرة - رويترز: …
    【ロンドン共同】…                       (서울=연합뉴스) …      新华社上海3月2日电 …

An opening is recognised by its shape alone; `dateline` decides whether its place is one.
"""

from __future__ import annotations

from functools import lru_cache

from transforms.enrich.datelines.shape import Opening
from transforms.enrich.datelines.spaced import parse_spaced
from transforms.enrich.datelines.telegram import parse_telegram
from transforms.text.scripts import EAST_ASIAN

_FIRST_CHARACTERS = 12


@lru_cache(maxsize=16)
def parse_opening(block: str) -> Opening | None:
    """The opening of a block; None if its beginning does not have the shape of one.

    Those of the last text are kept: they are asked for once for their agencies and once for their place.
    """
    if not block.isascii() and EAST_ASIAN.search(block[:_FIRST_CHARACTERS]) is not None:
        return parse_telegram(block)
    return parse_spaced(block)
