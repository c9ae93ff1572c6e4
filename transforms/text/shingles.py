"""The words of a text in the form in which copies are compared: normalised, in runs of four, hashed to 64 bits.

Two renderings of the same words give the same hashes. Character references are resolved, compatibility forms and
letters with separate accents are unified (NFKC), invisible characters are removed, and case is folded. Punctuation,
including all kinds of quotes, apostrophes and dashes, only separates words. Hashes are equal in every process and on
every machine.
"""

from __future__ import annotations

import functools
import hashlib
import html
import re
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.text.code_points import TABLE_SIZE, Kinds, code_points, kinds_of
from transforms.text.scripts import UNSPACED, letters

Hashes = NDArray[np.uint64]

SHINGLE_WORDS: Final = 4
"""Words in a shingle. In scripts without spaces two characters count as a word: most words there have one or two."""

MAX_CHARACTERS: Final = 200_000
"""Only the first 200,000 characters (about 35,000 words) are read: a bound on the work for a hostile page."""

_INVISIBLE_RANGES: Final = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
)
_SEPARATOR, _WORD, _FIGURE, _UNSPACED, _INVISIBLE = 0, 1, 2, 3, 4

FIGURE_BIT: Final = np.uint64(1 << 32)
"""Set in a shingle's hash if its first word has a digit."""

UNSPACED_BIT: Final = np.uint64(1 << 33)
"""Set in a shingle's hash if its first word is a character of a script without spaces, which counts as half a word."""


def _character_kinds() -> Kinds:
    """The kind of each code point. Combining marks belong to words: Indic vowels, Arabic points, Thai tones."""
    kinds = np.zeros(TABLE_SIZE, dtype=np.uint8)
    for code in range(TABLE_SIZE):
        category = unicodedata.category(chr(code))
        if category[0] in "LMN":
            kinds[code] = _FIGURE if category == "Nd" else _WORD
    for start, end in UNSPACED:
        kinds[start : end + 1] = np.where(kinds[start : end + 1] == _WORD, _UNSPACED, kinds[start : end + 1])
    for start, end in _INVISIBLE_RANGES:
        kinds[start : end + 1] = _INVISIBLE
    return kinds


_KINDS: Final = _character_kinds()
_MARKS: Final = "".join(chr(code) for code in range(0x0E00, 0xAAE0) if unicodedata.category(chr(code))[0] == "M")
_UNSPACED_WORD: Final = re.compile(f"[{letters(UNSPACED)}][{_MARKS}]*")
_INVISIBLES: Final = re.compile(f"[{letters(_INVISIBLE_RANGES)}]")

_BASE: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, hence invertible modulo 2^64
_UNBASE: Final = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_LOWER_HALF: Final = np.uint64(0xFFFFFFFF)


def normalise(text: str) -> str:
    """The words of a text in order, in lower case, with one space between them. Idempotent.

    Each character of a script without spaces (Han, kana, Thai, Lao, Khmer, Burmese) is a word of its own.
    """
    text = text[:MAX_CHARACTERS]
    if "&" in text:
        text = html.unescape(html.unescape(text))  # feeds escape text that is already escaped
    return _words(text)


def _words(text: str) -> str:
    text = text.lower() if text.isascii() else _unified(text)
    codes = code_points(text)
    kinds = kinds_of(codes, _KINDS)
    if kinds.max(initial=_SEPARATOR) == _INVISIBLE:
        return _words(_INVISIBLES.sub("", text))
    is_word = kinds != _SEPARATOR
    # A separator stays only directly after a word: one of several in a row, and none at the beginning.
    stays = is_word.copy()
    stays[1:] |= is_word[:-1]
    codes = codes[stays]
    codes[~is_word[stays]] = ord(" ")
    words: str = codes.tobytes().decode("utf-32-le", "surrogatepass")
    if kinds.max(initial=_SEPARATOR) == _UNSPACED:
        return " ".join(_UNSPACED_WORD.sub(r" \g<0> ", words).split())
    return words.removesuffix(" ")


def _unified(text: str) -> str:
    """The text in lower case and in one form. Folding case can undo the form, and the reverse, so both happen twice."""
    text = text.casefold()
    if unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).casefold()


def has_unspaced(normalised: str) -> bool:
    """Whether a normalised text (as `normalise` gives it) has a character of a script without spaces."""
    return not normalised.isascii() and _UNSPACED_WORD.search(normalised) is not None


def content_hash(text: str) -> str:
    """Hex blake2b-128 of the normalised text: equal for texts with the same words."""
    return hash_normalised(normalise(text))


def hash_normalised(normalised: str) -> str:
    """The `content_hash` of a text that is already normalised."""
    return hashlib.blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def first_occurrences(hashes: Hashes) -> NDArray[np.bool_]:
    """For each shingle of a sequence, whether it is the first with its hash.

    Only the upper 32 bits of the hashes are compared, which is enough among the shingles of one text.
    """
    sortable = hashes & ~_LOWER_HALF | np.arange(hashes.size, dtype=np.uint64)
    sortable.sort()
    upper = sortable >> np.uint64(32)
    is_first = np.ones(hashes.size, dtype=np.bool_)
    is_first[(sortable[1:] & _LOWER_HALF)[upper[1:] == upper[:-1]].astype(np.intp)] = False
    return is_first


def shingle_sequence(normalised: str) -> Hashes:
    """The hash of each shingle of a normalised text, in order and with repetitions; empty for fewer than four words.

    A shingle's hash is the polynomial of its characters modulo 2^64, computed as a difference of prefix sums over the
    whole text (one vectorised pass, no Python work per word). It is then mixed, so that all its bits except
    `FIGURE_BIT` and `UNSPACED_BIT` can be sampled.
    """
    codes = code_points(normalised)
    if codes.size == 0:
        return np.empty(0, dtype=np.uint64)
    kinds = kinds_of(codes, _KINDS)
    spaces = np.flatnonzero(codes == ord(" "))
    starts = np.concatenate(([0], spaces + 1))
    ends = np.concatenate((spaces, [codes.size]))
    last = _last_words(kinds[starts])
    prefix = np.zeros(codes.size + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * _powers(_BASE, codes.size), out=prefix[1:])
    begin, end = starts[: last.size], ends[last]
    hashes = _mix((prefix[end] - prefix[begin]) * _powers(_UNBASE, codes.size)[begin])
    has_figure = np.zeros(starts.size, dtype=np.bool_)
    has_figure[np.searchsorted(starts, np.flatnonzero(kinds == _FIGURE), side="right") - 1] = True
    hashes &= ~(FIGURE_BIT | UNSPACED_BIT)
    hashes[has_figure[: last.size]] |= FIGURE_BIT
    hashes[kinds[begin] == _UNSPACED] |= UNSPACED_BIT
    return hashes


def _last_words(kinds: Kinds) -> NDArray[np.intp]:
    """For each word that begins a shingle, the index of the word that ends it.

    `kinds` are those of the words' first letters.
    """
    if kinds.max(initial=_SEPARATOR) < _UNSPACED:
        return np.arange(SHINGLE_WORDS - 1, kinds.size)
    weights = np.where(kinds == _UNSPACED, 1, 2)
    reached = np.cumsum(weights)
    last = np.searchsorted(reached, reached - weights + 2 * SHINGLE_WORDS)
    return last[last < kinds.size]


def _powers(base: np.uint64, count: int) -> Hashes:
    return _powers_of_two_long(base, max(count - 1, 1).bit_length())[:count]


@functools.lru_cache(maxsize=16)
def _powers_of_two_long(base: np.uint64, bits: int) -> Hashes:
    factors = np.full(1 << bits, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _mix(hashes: Hashes) -> Hashes:
    """The finalizer of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
