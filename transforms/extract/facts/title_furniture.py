"""Titles without the parts around the headline (site name, section, label), cut only at real separators."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from transforms.extract.json_ld.structured import one_line
from transforms.extract.names.people import compact

MAX_TITLE_CHARS = 1_000
_SEPARATOR = re.compile(
    r"(?<!\s)\s++[|\-–—·•:/]++\s++|(?:(?<!\s)\s++)?[|｜]\s*+|:\s++|(?<!\s)\s++[»«]++(?=\s|$)|^[»«]++\s++"
)
_EMPTY = re.compile(r"[\s|｜\-–—·•:/»«]*")
_WORDS = re.compile(r"[^\W_]+")
_BARS = frozenset("|｜")
_MIN_LABEL_CHARS = 3
_MIN_WORDS, _MAX_LABEL_WORDS = 3, 4
_MAX_ACRONYM_CHARS = 5
_MAX_ADDED = 2


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The names by which a site's titles call the site, in compact form (`compact`).

    `whole` are its full names. `openings` are the first words of names with several words: "BBC" of "BBC News".
    `acronyms` are names that titles may spell out.
    """

    whole: frozenset[str]
    openings: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, stated: Iterable[str], domain: str = "") -> SiteNames:
        """The names of a site, from the names that its page states, as printed, and its domain."""
        names = [name[:MAX_TITLE_CHARS] for name in stated]
        bare = [words[words[0] == "the" :] for words in map(_words, names) if words]
        whole = {compact(name) for name in (*names, domain, domain.partition(".")[0])}
        whole |= {name.removeprefix("the") for name in whole}
        openings = {"".join(words[:n]) for words in bare for n in range(1, min(len(words), _MAX_LABEL_WORDS))}
        acronyms = {compact(name) for name in names if name.isupper() and len(name) <= _MAX_ACRONYM_CHARS}
        return cls(
            whole=frozenset(whole) - {""},
            openings=frozenset(name for name in openings if len(name) >= _MIN_LABEL_CHARS),
            acronyms=frozenset(acronyms) - {""},
        )

    def holds(self, label: str, exactly: bool = False) -> bool:
        """Whether a part of a title is the site's name.

        Unless `exactly`, a name also counts with a word added at its end ("BBC News"), with its last words left out, or
        with its acronym spelt out. A word that only begins with the letters of a name does not count.
        """
        text = compact(label).removeprefix("the")
        if text in self.whole:
            return True
        tokens = label.split()
        if exactly or len(text) < _MIN_LABEL_CHARS or len(tokens) > _MAX_LABEL_WORDS:
            return False
        words = _words(label)
        if text in self.openings or "".join(word[0] for word in words) in self.acronyms:
            return True
        return len(words) > 1 and (any(name.startswith(text) for name in self.whole) or self._opens(label))

    def _opens(self, label: str) -> bool:
        """Whether a label is the site's name followed by one or two words: capitalised ones, or the end of a domain."""
        words = _WORDS.findall(label)
        words = words[words[0].casefold() == "the" :]
        for n in range(1, len(words)):
            added = words[n:]
            if len(added) <= min(n, _MAX_ADDED) and "".join(words[:n]).casefold() in self.whole:
                return " " not in label or all(word[0].isupper() for word in added)
        return False


def without_furniture(
    text: str, names: SiteNames, sections: Collection[str], *, keep: str = "", of_heading: bool = False
) -> str:
    """A title without the site's name at either end, sections before that name, and short labels after an upright bar.

    Headlines do not contain upright bars, so a few words after one are a label. `keep`, in compact form, is the heading
    that a reader sees: it stays whole. With `of_heading`, the text is that heading itself: only the exact name of the
    site is cut off, and not at a colon. `sections` are in compact form. Only the first MAX_TITLE_CHARS characters are
    read. Linear in the text's length; idempotent.
    """
    text = one_line(text[:MAX_TITLE_CHARS])
    while True:
        rest = _shorter(text, names, sections, of_heading)
        if rest is None or not compact(rest):
            return text
        whole, left = compact(text), compact(rest)
        if keep and keep in whole and keep not in left and keep not in whole.replace(left, "", 1):
            return text
        text = rest.strip()


def _shorter(text: str, names: SiteNames, sections: Collection[str], of_heading: bool) -> str | None:
    """The title without one part at its end or beginning; None if all of it belongs to the headline."""
    marks = list(_SEPARATOR.finditer(text))
    if not marks:
        return None
    first, last = marks[0], marks[-1]
    head, tail = text[: first.start()], text[last.end() :]
    before, after = text[: last.start()], text[first.end() :]
    is_quotation = "«" in text and "»" in text
    if _EMPTY.fullmatch(tail) and not (is_quotation and _is_guillemet(last)):
        return before
    if _EMPTY.fullmatch(head) and not (is_quotation and _is_guillemet(first)):
        return after
    if _BARS & set(last[0]) and len(before.split()) >= _MIN_WORDS and len(tail.split()) <= _MAX_LABEL_WORDS:
        return before
    exactly = of_heading or (is_quotation and _is_guillemet(last))
    if not _is_colon(last) and (compact(tail) in sections or names.holds(tail, exactly)):
        return before
    at_colon = _is_colon(first)
    if compact(head) in names.whole and not (at_colon and (of_heading or len(_words(head)) < 2)):
        return after
    return None


def _is_colon(mark: re.Match[str]) -> bool:
    return mark[0].strip() == ":"


def _is_guillemet(mark: re.Match[str]) -> bool:
    return mark[0].strip()[:1] in ("«", "»")


def _words(text: str) -> list[str]:
    """The words of a title in order, in lower case."""
    return _WORDS.findall(text.casefold())
