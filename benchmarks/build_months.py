"""The names of months in the languages of the feeds, from CLDR (Babel), as one small file.

    python -m benchmarks.build_months

Writes ``transforms/extract/months.json``: {language: {name in lower case: 1…12}}, whole and short names, as they stand
in a date and alone. Reading CLDR itself takes half a second of each process that meets a printed date.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel.dates import get_month_names

LANGUAGES = (
    "en de fr es it pt nl sv da nb fi is pl cs sk sl hr sr sr_Latn bs mk bg ru uk be lt lv et hu ro el tr az sq ca gl "
    "eu ga cy id ms vi tl sw af ar fa he ur hi bn mr ne gu pa ta te kn ml si th my km ka hy kk uz mn am"
).split()
"""Languages in which news is published; Chinese, Japanese and Korean dates use figures."""

_FILE = Path(__file__).parent.parent / "transforms" / "extract" / "months.json"


def main() -> None:
    """Write the file."""
    table = {language: months_of(language) for language in LANGUAGES}
    _FILE.write_text(json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")


def months_of(language: str) -> dict[str, int]:
    """A language's month names, also without the article or preposition that some put before them."""
    found: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                for word in (name, name.split()[-1]):
                    if not word.strip(".").isdigit():
                        found.setdefault(word.strip(".").casefold(), number)
    return found


if __name__ == "__main__":
    main()
