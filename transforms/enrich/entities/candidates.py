"""Mentions joined into candidates: what a text may name, each with all its mentions.

The last word of a name alone is another mention of it ("Ms Roe" after "Jane Roe"), as is an acronym of its first
letters, or what a bracket behind it gives ("Harbour Safety Board (HSB)").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from transforms.enrich.entities.entity_words import EntityWords
from transforms.enrich.entities.mentions import Mention, TextWords
from transforms.enrich.places.gazetteer import Entry

_MAX_ACRONYM = 7
_MIN_WITH_MIDDLE = 3
_FIRM = 2
"""The words of a firm's name with its legal form: "Musterwerk GmbH"."""

_Tokens: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Candidate:
    """A name with its mentions, in text order. `whole`: how many are the full name; `acronym`: what a bracket gave;
    `known`: what the gazetteer has under its first words."""

    tokens: _Tokens
    mentions: list[Mention] = field(default_factory=list)
    whole: int = 0
    acronym: str | None = None
    known: Entry | None = None

    @property
    def name(self) -> str:
        """The words of the name, with blanks between them."""
        return " ".join(self.tokens)

    def printed(self, words: TextWords) -> str:
        """The name as it is printed where it first stands whole."""
        for start, end, _ in self.mentions:
            if tuple(words.plain[start:end]) == self.tokens:
                inner = (words.gaps[at] + words.plain[at] for at in range(start + 1, end))
                return " ".join((words.plain[start] + "".join(inner)).split())
        return self.name


def candidates_of(words: TextWords, mentions: Iterable[Mention], lists: EntityWords) -> list[Candidate]:
    """The candidates in order of their first mention."""
    by_tokens: dict[_Tokens, Candidate] = {}
    bracketed: dict[_Tokens, _Tokens] = {}
    last: Mention | None = None
    for mention in mentions:
        tokens = tuple(words.plain[mention.start : mention.end])
        one = by_tokens.get(tokens)
        if one is None:
            one = by_tokens[tokens] = Candidate(tokens)
        one.mentions.append(mention)
        one.whole += 1
        is_bracket = last is not None and last.end == mention.start and words.gaps[mention.start] == " ("
        if last is not None and is_bracket and len(tokens) == 1 and tokens[0].isupper():
            bracketed.setdefault(tokens, tuple(words.plain[last.start : last.end]))
        last = mention
    return _joined(by_tokens, _LongForms(by_tokens, bracketed, lists), bracketed)


def _joined(
    by_tokens: Mapping[_Tokens, Candidate], long_forms: _LongForms, bracketed: Mapping[_Tokens, _Tokens]
) -> list[Candidate]:
    """The candidates, short forms among the mentions of their long ones."""
    result: dict[_Tokens, Candidate] = {}
    for tokens, one in by_tokens.items():
        target = long_forms.of(tokens)
        holder = result.get(target)
        if holder is None and target == tokens:
            result[target] = one
            continue
        if holder is None:
            holder = result[target] = Candidate(target)
        holder.mentions += one.mentions
        if target == tokens:
            holder.whole += one.whole
        elif tokens in bracketed:
            holder.acronym = tokens[0]
    for one in result.values():
        one.mentions.sort()
    return sorted(result.values(), key=lambda one: one.mentions[0])


class _LongForms:
    """Finds the long form of a name among all names of a text. Of several, the one that stands first."""

    def __init__(self, names: Collection[_Tokens], bracketed: Mapping[_Tokens, _Tokens], lists: EntityWords) -> None:
        self._names, self._bracketed, self._suffixes = names, bracketed, lists.suffixes
        self._by_last: dict[str, _Tokens] = {}
        self._by_ends: dict[tuple[str, str], _Tokens] = {}
        self._by_first: dict[str, _Tokens] = {}
        for tokens in names:
            if len(tokens) > 1:
                last = self._last(tokens)
                self._by_last.setdefault(last, tokens)
                self._by_ends.setdefault((tokens[0], last), tokens)
                if len(tokens) == _FIRM and tokens[1].lower() in lists.company:
                    self._by_first.setdefault(tokens[0], tokens)
        self._by_letters = self._acronyms()
        self._by_capitals: dict[_Tokens, _Tokens] = {}
        if any(tokens[0].isupper() and len(tokens[0]) > 1 for tokens in names):
            self._by_capitals = {tuple(" ".join(tokens).upper().split(" ")): tokens for tokens in names}
            self._by_capitals = {shouted: tokens for shouted, tokens in self._by_capitals.items() if shouted != tokens}

    def of(self, tokens: _Tokens) -> _Tokens:
        """The long form of a name; the name itself if there is none."""
        if tokens in self._by_capitals:
            return self._by_capitals[tokens]
        target = self._of_one(tokens) if len(tokens) == 1 else self._of_several(tokens)
        target = self._bracketed.get(target, target)
        return target if target in self._names else tokens

    def _of_one(self, tokens: _Tokens) -> _Tokens:
        """The long form of a single word: of an acronym, of a firm without its legal form, of a family name."""
        [word] = tokens
        if tokens in self._bracketed:
            return self._bracketed[tokens]
        letters = word.replace(".", "")
        if len(letters) > 1 and letters.isupper() and letters in self._by_letters:
            return self._by_letters[letters]
        return self._by_first.get(word) or self._by_last.get(word) or tokens

    def _of_several(self, tokens: _Tokens) -> _Tokens:
        """A name with a middle name is that without it."""
        return self._by_ends[tokens[0], self._last(tokens)] if len(tokens) >= _MIN_WITH_MIDDLE else tokens

    def _last(self, tokens: _Tokens) -> str:
        return tokens[-2] if tokens[-1].lower() in self._suffixes else tokens[-1]

    def _acronyms(self) -> dict[str, _Tokens]:
        found: dict[str, _Tokens] = {}
        for tokens in self._names:
            if len(tokens) == 1:
                continue
            capitals = [token[0] for token in tokens if token[0].isupper()]
            if 1 < len(capitals) <= _MAX_ACRONYM:
                found.setdefault("".join(capitals), tokens)
        return found
