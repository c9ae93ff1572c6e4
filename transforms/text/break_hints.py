"""Removes the invisible characters that only say where a line may break, and that no reader searches for."""

from __future__ import annotations

import re
import unicodedata

_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff]+")
"""Soft hyphen, zero-width space, word joiner, and the byte order mark that sometimes gets into a text."""

_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters written from right to left. In a text without them, marks of direction have no meaning."""

_JOINERS = re.compile("[\u200c\u200d]+")
_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u08ff"  # Arabic, Syriac, Thaana, N'Ko, Mandaic
    "\u0900-\u0dff"  # the scripts of India, and Sinhala
    "\u0f00-\u109f\u1780-\u18af"  # Tibetan, Burmese; Khmer, Mongolian
    "\u1a20-\u1cff\ua800-\ua9ff\uaa60-\uaadf\uabc0-\uabff"  # of South East Asia, and more of India
    "\ufb50-\ufdff\ufe70-\ufefc"  # shapes of Arabic letters
    "\U00010a00-\U00010aff\U00010d00-\U00010d3f\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
"""The scripts in which a joiner or non-joiner changes how a word is written."""


def without_break_hints(text: str) -> str:
    """The text without soft hyphens, zero-width spaces, word joiners and byte order marks: "mar\\xadket" is "market".

    Zero-width joiners and non-joiners stay where they belong to the spelling: at letters of Arabic, Indian and related
    scripts (Persian writes "می\\u200cرود"); so does the joiner inside an emoji made of several. Elsewhere, for example
    between Latin letters, they go. In a text that runs from left to right, marks of direction go too. Linear in the
    text's length; a second call changes nothing.
    """
    if text.isascii():
        return text
    if _DIRECTIONS.search(text) is not None and _RIGHT_TO_LEFT.search(text) is None:
        text = _DIRECTIONS.sub("", text)
    return _JOINERS.sub(_spelt, _HINTS.sub("", text))


def _spelt(joiners: re.Match[str]) -> str:
    """The joiners if they are part of the spelling, else nothing."""
    text, start, end = joiners.string, joiners.start(), joiners.end()
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    if _is_joined(before) or _is_joined(after):
        within = not before.isspace() and not after.isspace()
        return joiners[0] if within or "\u200d" in joiners[0] else ""  # at a word's end only a joiner shapes its letter
    return joiners[0] if joiners[0] == "\u200d" and _is_emoji(before) and _is_emoji(after) else ""


def _is_joined(sign: str) -> bool:
    return _JOINING_SCRIPTS.match(sign) is not None and unicodedata.category(sign)[0] in "LM"


def _is_emoji(sign: str) -> bool:
    """Whether a character can be part of an emoji: a symbol, or the selector that gives a symbol its look."""
    return unicodedata.category(sign)[0] == "S" or sign == "\ufe0f"
