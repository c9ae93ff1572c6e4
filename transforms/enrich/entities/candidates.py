"""Mentions joined into candidates: what a text may name, each with all its mentions.

The last word of a name alone is another mention of it ("Ms Roe" after "Jane Roe"), as is an acronym of its first letters,
or what a bracket behind it gives ("Harbour Safety Board (HSB)").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from transforms.enrich.entities.entity_words import EntityWords
from transforms.enrich.entities.mentions import Mention, Words

_MAX_ACRONYM = 7


@dataclass(slots=True)
class Candidate:
    """A name with its mentions, in text order. `forms` counts its spellings; `whole` are the mentions of the full name."""

    tokens: tuple[str, ...]
    mentions: list[Mention] = field(default_factory=list)
    whole: int = 0
    acronym: str | None = None

    @property
    def name(self) -> str:
        """The words of the name, with blanks between them."""
        return " ".join(self.tokens)

    def printed(self, words: Words) -> str:
        """The name as it is printed where it first stands whole."""
        for start, end, _ in self.mentions:
            if tuple(words.plain[start:end]) == self.tokens:
                inner = (words.gaps[at] + words.plain[at] for at in range(start + 1, end))
                return " ".join((words.plain[start] + "".join(inner)).split())
        return self.name


def candidates_of(words: Words, mentions: Iterable[Mention], lists: EntityWords) -> list[Candidate]:
    """The candidates in order of their first mention."""
    by_tokens: dict[tuple[str, ...], Candidate] = {}
    bracketed: dict[tuple[str, ...], tuple[str, ...]] = {}
    last: Mention | None = None
    for mention in mentions:
        tokens = tuple(words.plain[mention.start : mention.end])
        one = by_tokens.get(tokens)
        if one is None:
            one = by_tokens[tokens] = Candidate(tokens)
        one.mentions.append(mention)
        one.whole += 1
        if (
            len(tokens) == 1
            and last is not None
            and last.end == mention.start
            and words.gaps[mention.start] == " ("
            and tokens[0].isupper()
        ):
            bracketed.setdefault(tokens, tuple(words.plain[last.start : last.end]))
        last = mention
    return _joined(by_tokens, bracketed, lists)


def _joined(
    by_tokens: dict[tuple[str, ...], Candidate], bracketed: dict[tuple[str, ...], tuple[str, ...]], lists: EntityWords
) -> list[Candidate]:
    lasts: dict[str, tuple[str, ...]] = {}
    acronyms: dict[str, tuple[str, ...]] = {}
    firms: dict[str, tuple[str, ...]] = {}
    ends: dict[tuple[str, str], tuple[str, ...]] = {}
    for tokens in by_tokens:
        if len(tokens) < 2:
            continue
        capital = [token for token in tokens if token[0].isupper()]
        name_end = tokens[-1] if tokens[-1].lower() not in lists.suffixes else tokens[-2]
        lasts.setdefault(name_end, tokens)
        ends.setdefault((tokens[0], name_end), tokens)
        if len(tokens) == 2 and tokens[1].lower() in lists.company:
            firms.setdefault(tokens[0], tokens)
        if 2 <= len(capital) <= _MAX_ACRONYM:
            acronyms.setdefault("".join(token[0] for token in capital), tokens)
    shouted = {tuple(map(str.upper, tokens)): tokens for tokens in by_tokens if not all(map(str.isupper, tokens))}
    twins = {tokens: shouted[tokens] for tokens in by_tokens if tokens in shouted}
    result: dict[tuple[str, ...], Candidate] = {}
    for tokens, one in by_tokens.items():
        target = tokens
        if tokens in twins:
            target = twins[tokens]
        elif len(tokens) == 1:
            [word] = tokens
            compact = word.replace(".", "")
            if tokens in bracketed:
                target = bracketed[tokens]
            elif compact.isupper() and len(compact) > 1 and compact in acronyms:
                target = acronyms[compact]
            elif word in firms:
                target = firms[word]
            elif word in lasts:
                target = lasts[word]
        elif len(tokens) >= 3:
            name_end = tokens[-1] if tokens[-1].lower() not in lists.suffixes else tokens[-2]
            target = ends[tokens[0], name_end]
        if target in bracketed:
            target = bracketed[target]
        if target not in by_tokens:
            target = tokens
        holder = result.get(target)
        if holder is None:
            holder = result[target] = Candidate(target)
        holder.mentions += one.mentions
        if target == tokens:
            holder.whole += one.whole
        elif len(tokens) == 1 and tokens[0].isupper() and tokens in bracketed:
            holder.acronym = tokens[0]
    for one in result.values():
        one.mentions.sort()
    return sorted(result.values(), key=lambda one: one.mentions[0])
