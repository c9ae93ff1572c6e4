"""Dates in any script with plain figures: "٣ أبريل ٢٠٢٦" becomes "3 أبريل 2026", "四月三日" becomes "4月3日"."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x00AD, 0x061C, 0xFEFF), None
)
_PLAIN = str.maketrans("‐‑‒–—―−－／：．，、،؍٫၊፣", "--------/:.,,,/.,,")
_COUNTED = re.compile(r"[〇零○一二三四五六七八九十百廿卅]{1,8}(?=\s{0,2}[年月日号號时時点點分])")
_ONES = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def plain_figures(text: str) -> str:
    """The text with the digits of all scripts, and East Asian numerals of years, months and days, as 0 to 9.

    Marks of direction and zero-width characters go, long dashes and full-width punctuation become plain, and each run
    of white space becomes one blank. Linear in the text's length.
    """
    if not text.isascii():
        text = text.translate(_INVISIBLE).translate(_PLAIN)
        if not text.isascii():
            text = "".join([str(unicodedata.decimal(sign, sign)) for sign in text])
            text = _COUNTED.sub(lambda match: _counted(match[0]), text)
    return " ".join(text.split())


def _counted(number: str) -> str:
    """A numeral in figures: 二〇二六 is 2026, 十二 is 12, 二十三 is 23, 一百一十五 is 115. Others stay as they are."""
    number = number.replace("廿", "二十").replace("卅", "三十")
    hundreds, is_hundred, rest = number.rpartition("百")
    if is_hundred:
        tens = _counted(rest.removeprefix("零") or "〇")
        return f"{_ONES[hundreds]}{tens:0>2}" if hundreds in _ONES and len(tens) <= 2 else number
    if "十" not in number:
        return "".join(_ONES[sign] for sign in number)
    tens, _, ones = number.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return number
    return f"{_ONES.get(tens, '1')}{_ONES.get(ones, '0')}"
