"""Writes the names of months, weekdays and halves of the day in the feeds' languages, from CLDR, to small files.

    python -m benchmarks.build_months

Writes three files to ``transforms/text/dates``. ``months.json`` is {language: {name: 1…12}}, with full and short names,
as they stand in a date and alone. ``day_halves.json`` is {language: {"am": names, "pm": names}}. ``weekdays.json`` is a
list of the names of weekdays in all these languages. All names are in lower case. Reading CLDR itself would cost half a
second in each process that meets a printed date.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel.dates import get_day_names, get_month_names, get_period_names

LANGUAGES = (
    "en de fr es it pt nl sv da nb fi is pl cs sk sl hr sr sr_Latn bs mk bg ru uk be lt lv et hu ro el tr az sq ca gl "
    "eu ga cy id ms vi tl sw af ar fa he ur hi bn mr ne gu pa ta te kn ml si th my km ka hy kk uz mn am"
).split()
"""Languages in which much news is published. Dates in Chinese, Japanese and Korean use figures."""

FEWER = (
    "uz_Cyrl ky tg tk lo eo lb br mt gd fo fy rm hsb dsb as or sd ps kok ckb ug so ha yo ig zu xh rw mg om ti"
).split()
"""Languages in which less news is published. Their names of weekdays and halves of the day are left out, because they
are short words of other languages."""

VARIANTS = {"ar": ("ar_IQ", "ar_DZ", "ar_MA", "ar_TN", "ar_SA"), "de": ("de_AT",), "fa": ("fa_AF",), "fr": ("fr_CA",)}
"""Countries whose month names differ from those of their language."""

SPELLINGS = {
    "bn": {"জানুয়ারি": 1, "ফেব্রুয়ারি": 2, "আগস্ট": 8, "সেপ্টেম্বর": 9},
    "hi": {"सितम्बर": 9, "सितंबर": 9, "अक्टूबर": 10, "नवम्बर": 11, "नवंबर": 11, "दिसम्बर": 12, "दिसंबर": 12, "अक्तूबर": 10},
    "de": {"jänner": 1, "feber": 2, "mrz": 3},
    "es": {"setiembre": 9},
    "he": {"מרס": 3},
    "id": {"pebruari": 2, "ags": 8, "agt": 8, "nopember": 11, "nop": 11},
    "ta": {"ஆகஸ்டு": 8},
    "uk": {"тра": 5},
}
"""Spellings that newspapers print and CLDR lacks."""

_FOLDER = Path(__file__).parent.parent / "transforms" / "text" / "dates"


def main() -> None:
    """Write the files."""
    _write("months.json", {language: months_of(language) for language in (*LANGUAGES, *FEWER)})
    _write("day_halves.json", {language: halves_of(language) for language in (*LANGUAGES, "zh", "zh_Hant", "ja", "ko")})
    _write("weekdays.json", sorted({day for language in LANGUAGES for day in weekdays_of(language)}))


def _write(name: str, table: object) -> None:
    text = json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":"))
    (_FOLDER / name).write_text(text + "\n", encoding="utf-8")


def weekdays_of(language: str) -> set[str]:
    """A language's names of weekdays, split into words."""
    names = [
        *get_day_names("wide", "format", language).values(),
        *get_day_names("abbreviated", "format", language).values(),
    ]
    return {word.strip(".").casefold() for name in names for word in name.replace("-", " ").split()}


def halves_of(language: str) -> dict[str, list[str]]:
    """A language's names of the hours before and after noon, without names of one letter."""
    found: dict[str, set[str]] = {"am": set(), "pm": set()}
    for width in ("wide", "abbreviated", "narrow"):
        for context in ("format", "stand-alone"):
            for half, name in get_period_names(width, context, language).items():
                word = " ".join(name.casefold().replace("\u200c", "").split())
                if half in found and len(word.strip(".")) > 1:
                    found[half].add(word)
    return {half: sorted(names) for half, names in found.items()}


def months_of(language: str) -> dict[str, int]:
    """A language's month names, also without an article or preposition before them."""
    found: dict[str, int] = {}
    for locale in (language, *VARIANTS.get(language, ())):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    for word in (name, name if language in ("ar", "ckb") else name.split()[-1]):
                        if not word.strip(".").isdigit():
                            found.setdefault(word.strip(".").casefold(), number)
    return found | SPELLINGS.get(language, {})


if __name__ == "__main__":
    main()
