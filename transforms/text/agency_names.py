"""News agencies and the names they go by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from transforms.text.agencies import agency_list
from transforms.text.scripts import HANGUL, UNSPACED, letters

_MARKS = "".join(chr(code) for code in range(0x300, 0x1100) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}\u200c\u200d])+")  # with the vowel signs of Indian scripts
_LATIN = re.compile("[A-Za-zÀ-ÿ/]{2,}")
_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_AGENCY = ""
"""The name of what only begins like an agency: "Reuters Institute"."""

_MOST_OTHER_LETTERS = 2
_MOST_WORDS_OF_PLACE = 3
_MOST_WORDS_OF_ROLE = 4
_UNSPACED = re.compile(f"[{letters(UNSPACED, HANGUL)}]")  # Korean spaces phrases: a name has its particles on it


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency named in a text: its canonical name, and the range of words that name it."""

    name: str
    start: int
    end: int


class Agencies:
    """Finds agencies in short texts: bylines, credit lines, brackets. Immutable."""

    __slots__ = (
        "_alone",
        "_also_words",
        "_at_home",
        "_beside",
        "_by_domain",
        "_by_first",
        "_countries",
        "_credit_starts",
        "_pictures",
        "_roles",
        "_unspaced",
        "_unspaced_pictures",
        "_where",
        "credit_signs",
    )

    def __init__(self) -> None:
        data = agency_list()
        self.credit_signs: tuple[str, ...] = tuple(map(str.casefold, data["credit_signs"]))
        self._credit_starts: tuple[str, ...] = tuple(map(str.casefold, data["credit_starts"]))
        self._also_words = frozenset(data["also_words"])
        self._alone = frozenset(data["alone"])
        self._beside = frozenset(map(str.casefold, data["beside"]))
        self._roles = frozenset(data["roles"])
        self._where = frozenset(data["where"])
        self._pictures = frozenset(word.casefold() for word in data["pictures"] if _is_one_word(word))
        self._unspaced_pictures = tuple(word for word in data["pictures"] if not _is_one_word(word))
        self._by_domain = {domain: agency["name"] for agency in data["agencies"] for domain in agency["domains"]}
        self._countries: dict[str, str] = {agency["name"]: agency["country"] for agency in data["agencies"]}
        self._at_home: dict[tuple[str, str], str] = {
            (agency["at_home"], agency["country"]): agency["name"] for agency in data["agencies"] if "at_home" in agency
        }
        self._unspaced: list[tuple[str, str]] = []
        by_first: dict[str, dict[tuple[str, ...], str]] = {}
        for agency in data["agencies"]:
            for alias in agency["aliases"]:
                if _UNSPACED.search(alias):
                    self._unspaced.append((alias, agency["name"]))
                for form in {alias, alias.upper() if len(alias) > 3 else alias}:
                    words = tuple(_WORD.findall(form))
                    by_first.setdefault(words[0], {}).setdefault(words, agency["name"])
        for other in data["no_agencies"]:
            words = tuple(_WORD.findall(other))
            by_first.setdefault(words[0], {})[words] = _NO_AGENCY
        self._unspaced.sort(key=lambda pair: (-len(pair[0]), pair))
        self._by_first = {
            first: sorted(aliases.items(), key=lambda item: (-len(item[0]), item))
            for first, aliases in by_first.items()
        }

    def of_domain(self, domain: str) -> str | None:
        """The agency whose own site has this domain; None if there is none."""
        return self._by_domain.get(domain)

    def mentions(self, text: str) -> tuple[list[str], list[AgencyMention]]:
        """The words of a text, and the agencies named in them from left to right; the longest name wins."""
        words = _WORD.findall(text)
        found: list[AgencyMention] = []
        at = 0
        while at < len(words):
            for alias, name in self._by_first.get(words[at], ()):
                if tuple(words[at : at + len(alias)]) == alias:
                    if name != _NO_AGENCY:
                        found.append(AgencyMention(name, at, at + len(alias)))
                    at += len(alias) - 1
                    break
            at += 1
        return words, found

    def names_in(self, text: str) -> list[str]:
        """The agencies named anywhere in a short text, in order, each once; also within text without spaces."""
        names = [mention.name for mention in self.mentions(_parted(text))[1]]
        if not text.isascii():
            names += [name for alias, name in self._unspaced if alias in text]
        return list(dict.fromkeys(names))

    def credited_in(self, text: str) -> list[str]:
        """The agencies named in a credit, without those that are only part of longer names there: "Written by Petra
        Example", "Source: Trend Analytics"."""
        parted = _parted(text)
        words = list(_WORD.finditer(parted))
        part_of: dict[str, bool] = {}
        for one in self.mentions(parted)[1]:
            is_part = (
                one.end - one.start == 1
                and words[one.start][0] in self._also_words
                and any(self._is_name(word) for word in _joined_to(words, one.start, parted))
            )
            part_of[one.name] = part_of.get(one.name, True) and is_part
        return [name for name in self.names_in(text) if not part_of.get(name, False)]

    def _is_name(self, word: str) -> bool:
        return word[0].isupper() and word.casefold() not in self._beside

    def at_home(self, name: str, country: str | None) -> str:
        """The agency that a name stands for in a paper of this country: several agencies share their initials."""
        return self._at_home.get((name, country or ""), name)

    def is_certain(self, line: str, names: list[str], country: str | None) -> bool:
        """Whether a line of agencies and words of credits credits them, though they are words as well: "Mehr", "TAK".
        Such a one counts in papers of its own country."""
        words, found = self.mentions(line)
        named = [word for mention in found for word in words[mention.start : mention.end]]
        if not named or not all(word in self._also_words and word not in self._alone for word in named):
            return True
        return any(self._countries[name] == country for name in names)

    def without_names(self, text: str) -> str:
        """The text with a blank in the place of each agency's name, also within text without spaces."""
        for alias, _ in self._unspaced:
            text = text.replace(alias, " ")
        text = _parted(text)
        spans = list(_WORD.finditer(text))
        for mention in reversed(self.mentions(text)[1]):
            text = f"{text[: spans[mention.start].start()]} {text[spans[mention.end - 1].end() :]}"
        return text

    def signing(self, text: str) -> list[str]:
        """The agencies in a byline's part that names nobody else: "Reuters Staff", "mit Material von dpa"; else []. In
        scripts without spaces also beside a reporter: "新华社记者"."""
        if _UNSPACED.search(text):
            return self.names_in(text)
        words, found = self.mentions(text)
        named = {number for mention in found for number in range(mention.start, mention.end)}
        other = [word for number, word in enumerate(words) if number not in named]
        if all(word.casefold() in self._beside for word in other) or self._is_abroad(words, found):
            return list(dict.fromkeys(mention.name for mention in found))
        return []

    def _is_abroad(self, words: list[str], found: list[AgencyMention]) -> bool:
        """Whether words are an agency and where it reports from: "Associated Press in Valencia"."""
        end = found[0].end if found and found[0].start == 0 else len(words)
        if end >= len(words) or words[end] not in self._where:
            return False
        place = words[end + 1 :]
        return 0 < len(place) <= _MOST_WORDS_OF_PLACE and all(word[0].isupper() for word in place)

    def says_where(self, word: str) -> bool:
        """Whether a word stands before the place that someone reports from."""
        return word.casefold() in self._where

    def with_role(self, text: str) -> list[str]:
        """The agency whose initials, in any case, open a role: "Ap Auto Writer", in which a page has changed the
        case."""
        words = text.split()
        if not 1 < len(words) <= _MOST_WORDS_OF_ROLE or words[-1].casefold() not in self._roles:
            return []
        return [mention.name for mention in self.mentions(words[0].upper())[1]]

    def unmistakable(self, text: str) -> list[str]:
        """The agencies that a name consists of, unless it could be a word or a person as well: "Petra", "Trend"."""
        words, found = self.mentions(text)
        named = sum(mention.end - mention.start for mention in found)
        if (
            not found
            or named < len(words)
            or any(word in self._also_words for word in words if len(found) == len(words))
        ):
            return self.names_in(text) if _UNSPACED.search(text) and not self.without_names(text).strip() else []
        return list(dict.fromkeys(mention.name for mention in found))

    def opens_credit(self, line: str) -> bool:
        """Whether a line begins as a credit does: "Source: …", "Mit Material von …", "Com informações da …"."""
        return line.casefold().replace(" :", ":").startswith(self._credit_starts)

    def is_picture(self, text: str) -> bool:
        """Whether a short text speaks of a picture: the agency in it took that."""
        if not self._pictures.isdisjoint(map(str.casefold, _WORD.findall(text))):
            return True
        return not text.isascii() and any(word in text for word in self._unspaced_pictures)

    def fill(self, text: str, spare: int = 0) -> list[str]:
        """The agencies in a text of nothing but agencies, desks' initials and at most `spare` other words; else []."""
        words, found = self.mentions(text)
        named = {number for mention in found for number in range(mention.start, mention.end)}
        other = [
            w for n, w in enumerate(words) if n not in named and not (len(w) <= 3 and w.islower()) and not w.isdigit()
        ]
        if found and len(other) <= spare:
            return list(dict.fromkeys(mention.name for mention in found))
        return self.names_in(text) if _UNSPACED.search(text) and self._is_little_else(text) else []

    def _is_little_else(self, text: str) -> bool:
        """Whether a text in a script without spaces hardly has a letter beside names of agencies: "共同" is also an
        ordinary word of sentences."""
        return len(_NO_LETTER.sub("", self.without_names(text))) <= _MOST_OTHER_LETTERS


def _is_one_word(word: str) -> bool:
    """Whether a word is found as one: not in a script without spaces, nor where vowel signs part it, as in Hindi."""
    return _UNSPACED.search(word) is None and _WORD.fullmatch(word) is not None


def _joined_to(words: list[re.Match[str]], at: int, text: str) -> list[str]:
    """The words right before and after a word of a text, with nothing but a blank between them."""
    before = [one[0] for one in words[max(at - 1, 0) : at] if text[one.end() : words[at].start()] == " "]
    return before + [one[0] for one in words[at + 1 : at + 2] if text[words[at].end() : one.start()] == " "]


def _parted(text: str) -> str:
    """The text with blanks around Latin words in a script without spaces: "パリAFP時事"."""
    return _LATIN.sub(r" \g<0> ", text) if _UNSPACED.search(text) else text


@lru_cache(maxsize=1)
def load_agencies() -> Agencies:
    """The agencies, read once in a process."""
    return Agencies()
