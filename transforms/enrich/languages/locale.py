"""What CLDR, through Babel, has of a language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The locale of a language by its BCP 47 tag; that of English where CLDR does not know it."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
