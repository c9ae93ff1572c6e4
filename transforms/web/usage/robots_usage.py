"""What a robots.txt states of the use of a host's pages: to whom they are closed, preferences, licences.

These are statements for the readers of a lake. What we may fetch is decided by `transforms.web.politeness` alone.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from transforms.web.politeness.robots_rules import (
    MOST_WORK,
    Rule,
    lines_of,
    path_of,
    record_of,
    rule_of,
    token_of,
)
from transforms.web.usage.preferences import PREFERENCE_FIELDS, preferences, strictest
from transforms.web.usage.statements import StatementSource, license_link

_EVERYBODY: Final = "*"
_RULES: Final = frozenset({"allow", "disallow", *PREFERENCE_FIELDS})
_MAX_LICENSES: Final = 5
_MAX_PREFERENCES: Final = 20


@cache
def ai_crawlers() -> dict[str, str]:
    """The crawlers of ``ai_crawlers.csv``, each name in lower case with its purpose.

    `train`: what it collects trains models, of its operator's or of others who get it. `search`: the index behind an
    answering engine. `answer`: single pages that somebody asked for.
    """
    text = resources.files(__package__).joinpath("ai_crawlers.csv").read_text(encoding="utf-8")
    return {row["name"].lower(): row["purpose"] for row in csv.DictReader(text.splitlines())}


@dataclass(slots=True)
class _Group:
    """The lines for one set of crawlers, from wherever they stand. A preference is its field, path and value."""

    rules: list[Rule] = field(default_factory=list)
    preferences: list[tuple[str, Rule | None, str]] = field(default_factory=list)
    licenses: list[str] = field(default_factory=list)

    @property
    def paths(self) -> Iterator[Rule]:
        """All patterns that an address is matched with."""
        yield from self.rules
        yield from (rule for _, rule, _ in self.preferences if rule is not None)


class RobotsUsage:
    """The statements in `text`, as far as they regard the crawler `token`, everybody, or a known AI crawler.

    Preferences and licences are those of the token's group, else those for ``*``, else those above all groups, where
    publishers put them though only a licence may stand there.

    Reading is linear in the text's length, a question in the number of its rules.
    """

    def __init__(self, text: str, token: str) -> None:
        self._ours = token.lower()
        self._groups: defaultdict[frozenset[str], _Group] = defaultdict(_Group)
        self._host = _Group()  # what stands above all groups
        names: frozenset[str] | None = None
        naming = below_blank = False
        for line in lines_of(text):
            record = record_of(line) if line else None
            if record is None:
                below_blank = below_blank or not line.strip()
                continue
            name, value = record
            if name == "user-agent":
                named = _crawlers(value, self._ours)
                names = names | named if naming and names else named
                naming = True
            elif name == "license":
                # In a group where it stands right below its lines (RSL 1.0, 4.4); else for the whole host.
                kept = (self._host if names is None or below_blank else self._groups[names]).licenses
                if len(kept) < _MAX_LICENSES and (link := license_link(value)):
                    kept.append(link)
            elif name in _RULES:
                naming = False
                if names or names is None:
                    _take(self._host if names is None else self._groups[names], name, value)
            below_blank = False
        groups = (self._host, *self._groups.values())
        self._starred = sum(len(rule.pieces) > 1 for group in groups for rule in group.paths)

    def of(self, url: str) -> tuple[str, ...] | None:
        """What is stated of `url`, an absolute address: sorted, as of `StatementSource.ROBOTS`.

        None where matching the address would take too long, which no honest file does.
        """
        path = path_of(url)
        if self._starred * len(path) > MOST_WORK:
            return None
        found = set(self._of_crawlers(path))
        own = self._groups_of(self._ours) or self._groups_of(_EVERYBODY)
        for name in PREFERENCE_FIELDS:
            lines = [one for group in own for one in group.preferences if one[0] == name]
            values = _nearest(lines or [one for one in self._host.preferences if one[0] == name], path)
            stated = strictest(name, (preferences(name, value) for value in values[:_MAX_PREFERENCES]))
            found.update(f"{name}:{label}={answer}" for label, answer in stated.items())
        found.update([link for group in own for link in group.licenses][:_MAX_LICENSES] or self._host.licenses)
        return StatementSource.ROBOTS.says(found)

    def _groups_of(self, crawler: str) -> list[_Group]:
        return [group for names, group in self._groups.items() if crawler in names]

    def _of_crawlers(self, path: bytes) -> Iterator[str]:
        """To which AI crawlers that the file names, or to which others, the path is open or closed."""
        deciding: dict[str, Rule | None] = {}
        for names, group in self._groups.items():
            rule = _longest(rule for rule in group.rules if rule.matches(path))
            for crawler in names:
                deciding[crawler] = _longest((rule, deciding.get(crawler)))
        for crawler, rule in deciding.items():
            is_open = rule is None or rule.allow
            if crawler in ai_crawlers():
                yield f"{crawler}={'allow' if is_open else 'disallow'}"
            elif crawler == _EVERYBODY and not is_open:
                yield f"{_EVERYBODY}=disallow"


def _crawlers(value: str, ours: str) -> frozenset[str]:
    """The crawlers of interest that a User-agent line names, in lower case: one at most."""
    token = token_of(value)
    named = " ".join(value.partition("/")[0].lower().split())
    return frozenset({token} & {ours, _EVERYBODY} or {named} & ai_crawlers().keys())


def _take(group: _Group, name: str, value: str) -> None:
    """Note a rule of a group."""
    if name in PREFERENCE_FIELDS:
        path, *rest = value.split(None, 1) if value.startswith("/") else ("", value)
        group.preferences.append((name, rule_of(True, path), "".join(rest)))
    elif (rule := rule_of(name == "allow", value)) is not None:
        group.rules.append(rule)


def _nearest(stated: Iterable[tuple[str, Rule | None, str]], path: bytes) -> list[str]:
    """The values of those preferences whose path matches longest; of those without a path, where no other does."""
    matching = [(rule.octets if rule else 0, value) for _, rule, value in stated if rule is None or rule.matches(path)]
    longest = max((octets for octets, _ in matching), default=0)
    return [value for octets, value in matching if octets == longest]


def _longest(rules: Iterable[Rule | None]) -> Rule | None:
    """The rule that decides: the longest, of two as long the one that allows."""
    return max((rule for rule in rules if rule is not None), key=lambda rule: (rule.octets, rule.allow), default=None)
