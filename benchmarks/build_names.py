"""Writes the lists of names and of common words by which transforms/enrich/entities knows people.

    pip install Faker stopwordsiso && python -m benchmarks.build_names

Both packages are only needed here; newsbeam itself reads the files.
"""

from __future__ import annotations

import importlib
import pkgutil
import textwrap
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

import faker.providers.person as people
import stopwordsiso

_FOLDER = Path(__file__).resolve().parents[1] / "transforms" / "enrich" / "entities"
_LONGEST = 20
_MADE_UP = frozenset({"Doe"})
_FAKER = (
    "# Source: Faker (https://github.com/joke2k/faker), MIT, the names of its providers of people; changed: reduced\n"
    "# to single words, each once."
)
_HEADS = {
    "given_names.txt": f"# Given names of all languages, sorted, separated by blanks and line ends.\n{_FAKER}",
    "family_names.txt": f"# Family names of all languages, sorted, separated by blanks and line ends.\n{_FAKER}",
    "common_words.txt": "# Common words by language (`language: words`), no names even where they open a sentence.\n"
    "# Source: stopwords-iso (https://github.com/stopwords-iso), MIT, through stopwordsiso; changed: reduced to\n"
    "# single words of letters.",
}
_REBUILD = "# Rebuild: pip install Faker stopwordsiso && python -m benchmarks.build_names\n"


def main() -> None:
    """Write the three files."""
    given, family = set(_names("first_name")), set(_names("last_name")) - _MADE_UP
    by_language = {
        language: sorted(word for word in stopwordsiso.stopwords(language) if _is_word(word) and len(word) > 1)
        for language in sorted(stopwordsiso.langs())
    }
    _write("given_names.txt", _wrapped(given))
    _write("family_names.txt", _wrapped(family))
    _write("common_words.txt", "\n".join(f"{language}: {' '.join(words)}" for language, words in by_language.items()))


def _names(attribute: str) -> Iterator[str]:
    """The single words among the names that Faker's providers of people list under an attribute."""
    for module in sorted(one.name for one in pkgutil.iter_modules(people.__path__)):
        provider = importlib.import_module(f"{people.__name__}.{module}").Provider
        for name in sorted(dir(provider)):
            listed = getattr(provider, name)
            if name.startswith(attribute) and isinstance(listed, (list, tuple, dict, set)):
                for one in listed:
                    stated = one if isinstance(one, str) else one[0]
                    if len(stated) <= _LONGEST and _is_word(stated):
                        yield stated


def _is_word(text: str) -> bool:
    """Whether a text is letters with their marks, and perhaps a hyphen inside."""
    return all(unicodedata.category(sign)[0] in "LM" or sign == "-" for sign in text) and text[0] != "-"


def _wrapped(names: Collection[str]) -> str:
    return "\n".join(textwrap.wrap(" ".join(sorted(names)), 120, break_on_hyphens=False))


def _write(name: str, body: str) -> None:
    path = _FOLDER / name
    path.write_text(f"{_HEADS[name]}\n{_REBUILD}{body}\n", encoding="utf-8")
    print(f"{path.name}: {len(body.split())} words, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
