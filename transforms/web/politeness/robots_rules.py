"""Parses the rules of a robots.txt file and matches addresses against them (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

_LINE_ENDS = re.compile(r"\r\n?|\n")
_NAMED_TOKEN = re.compile(r"[A-Za-z_-]+")
_WITHOUT_COLON = re.compile(r"(\S+)[ \t]+(\S+)")
MOST_WORK = 8 << 20
"""The largest product of patterns with an asterisk and octets of a path. More would keep the event loop from all other
hosts for a second; no honest file has thousands of such patterns for addresses of thousands of octets."""

_SPELLINGS = {
    "useragent": "user-agent",
    "user agent": "user-agent",
    "disalow": "disallow",
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disallaw": "disallow",
    "diasllow": "disallow",
}
"""Misspelt field names found in real files, and the names that are meant."""


class Rule(NamedTuple):
    """A path pattern: the percent-decoded pieces between its ``*``; `octets` is its length, `anchored` its ``$``."""

    allow: bool
    pieces: tuple[bytes, ...]
    anchored: bool
    octets: int

    def matches(self, path: bytes) -> bool:
        """Whether the pattern matches `path` from its start; in linear time, whatever the pattern."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        if not others:
            return not self.anchored or len(path) == len(first)
        last = others.pop() if self.anchored else b""
        place = len(first)
        for piece in others:  # the leftmost match leaves the most room for the other pieces
            place = path.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        return len(path) - len(last) >= place and path.endswith(last)


@dataclass(slots=True)
class _Group:
    """The rules for one token, from all groups of a file that name it."""

    rules: list[Rule] = field(default_factory=list)
    crawl_delay_s: float | None = None


class RobotsRules:
    """The rules in `text` for the crawler with the product token `token`.

    All groups that name the token (whole, in any case) apply; if none does, the groups for ``*``. The longest matching
    pattern decides, of two as long allow before disallow; without a match the address is allowed. Paths and patterns
    are compared as octets, percent-decoded: ``%7E`` is ``~``, ``%2A`` a literal asterisk. Other lines are ignored. Any
    text can be parsed, in linear time. If matching would take too long (`MOST_WORK`), nothing is allowed.
    """

    def __init__(self, text: str, token: str) -> None:
        ours = token.lower()
        groups: dict[str, _Group] = {}
        named: set[str] = set()  # which of our token and * the lines above the rules name
        naming = False
        for name, value in filter(None, map(record_of, lines_of(text))):
            if name == "user-agent":
                if not naming:
                    named, naming = set(), True
                agent = token_of(value)
                if agent in (ours, "*"):
                    named.add(agent)
                    groups.setdefault(agent, _Group())
            elif name in ("allow", "disallow"):
                naming = False
                rule = rule_of(name == "allow", value)
                for agent in named:
                    if rule is not None:
                        groups[agent].rules.append(rule)
            elif name == "crawl-delay":
                # Not a rule of the RFC, so it does not end the list of names; it applies to the names above it.
                for agent in named:
                    groups[agent].crawl_delay_s = _longer(groups[agent].crawl_delay_s, value)
        group = groups.get(ours) or groups.get("*") or _Group()
        self.crawl_delay_s = group.crawl_delay_s
        self._starred = sum(len(rule.pieces) > 1 for rule in group.rules)
        self._rules = sorted(group.rules, key=lambda rule: (-rule.octets, not rule.allow))

    def allows(self, url: str) -> bool:
        """Whether `url` (absolute) may be fetched; always true for the robots.txt file itself."""
        if urlsplit(url).path == "/robots.txt":
            return True
        path = path_of(url)
        if self._starred * len(path) > MOST_WORK:
            return False
        return next((rule.allow for rule in self._rules if rule.matches(path)), True)


def lines_of(text: str) -> list[str]:
    """The lines of a file, without a byte-order mark before the first."""
    return _LINE_ENDS.split(text.removeprefix("\ufeff"))


def record_of(line: str) -> tuple[str, str] | None:
    """Name (in lower case, common misspellings mended) and value of a line; None if it has not both."""
    content = line.partition("#")[0].strip()
    name, colon, value = content.partition(":")
    if not colon:
        pair = _WITHOUT_COLON.fullmatch(content)
        if pair is None:
            return None
        name, value = pair.groups()
    name = name.strip().lower()
    return _SPELLINGS.get(name, name), value.strip()


def path_of(url: str) -> bytes:
    """What patterns are matched against: the address from its path on, without fragment, percent-decoded."""
    parts = urlsplit(url)
    return unquote_to_bytes(
        (parts.path or "/") + (f"?{parts.query}" if parts.query or url.partition("#")[0].endswith("?") else "")
    )


def token_of(value: str) -> str:
    """The product token of a user-agent line in lower case, without a version after it; ``*`` for all crawlers."""
    if value[:1] == "*" and (len(value) == 1 or value[1].isspace()):
        return "*"
    match = _NAMED_TOKEN.match(value)
    return match[0].lower() if match else ""


def rule_of(allow: bool, pattern: str) -> Rule | None:
    """None for the empty pattern, which matches nothing."""
    if not pattern:
        return None
    anchored = pattern.endswith("$")
    pieces = tuple(unquote_to_bytes(piece) for piece in pattern.removesuffix("$").split("*"))
    octets = sum(map(len, pieces)) + len(pieces) - 1 + anchored
    return Rule(allow, pieces, anchored, octets)


def _longer(known_s: float | None, value: str) -> float | None:
    try:
        asked_s = float(value)
    except ValueError:
        return known_s
    return max(known_s or 0.0, asked_s) if 0 <= asked_s < float("inf") else known_s
