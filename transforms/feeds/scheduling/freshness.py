"""Computes for how long an answer is fresh, by the rules of HTTP caches (RFC 9111) for a private cache. Pure."""

from __future__ import annotations

import re

from transforms.web.http.http_dates import http_date_s
from transforms.web.http.response import Response

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_DIRECTIVE = re.compile(rf"({_NAME})(?:\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s,\"]*+)))?+")
_LONGEST_S = 10**9


def fresh_s(response: Response) -> int | None:
    """Seconds for which the answer is still fresh; 0 if it must be asked about at once, None if nothing is said.

    A max-age counts before Expires (4.2.1), and the time that the answer has spent in caches on its way, its Age and
    the seconds of the request, is taken off (4.2.3). Its Date is not compared with our clock: servers whose clocks are
    wrong are more than caches that send no Age. A directive no-cache (without names of fields) or no-store, a Vary of
    ``*``, and a lifetime that cannot be read mean 0. s-maxage and proxy-revalidate are for shared caches. There is no
    guess where nothing is said (4.2.2): how often a feed has news is a better one, see `interval`.
    """
    directives = cache_directives(",".join(response.headers.getall("cache-control", ())))
    lifetime_s = _lifetime_s(response, directives)
    varies = {name.strip() for name in ",".join(response.headers.getall("vary", ())).split(",")}
    if "no-store" in directives or directives.get("no-cache") == "" or "*" in varies:
        return 0
    if lifetime_s is None:
        return None
    return max(0, lifetime_s - _age_s(response))


def cache_directives(value: str) -> dict[str, str]:
    """The directives of Cache-Control by name in lower case, "" for one without argument; of equal ones the first."""
    found: dict[str, str] = {}
    place = 0
    while place < len(value):
        directive = _DIRECTIVE.match(value, place)
        if directive is None:
            place += 1
            continue
        name, quoted, plain = directive[1].lower(), directive[2], directive[3]
        found.setdefault(name, re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain or "")
        comma = value.find(",", directive.end())
        place = len(value) if comma < 0 else comma + 1
    return found


def _lifetime_s(response: Response, directives: dict[str, str]) -> int | None:
    if "max-age" in directives:
        return _seconds(directives["max-age"]) or 0
    if "expires" not in response.headers:
        return None
    until_s = http_date_s(response.headers["expires"])
    sent_s = http_date_s(response.headers.get("date") or "")
    since_s = response.received_at_us / 1e6 if sent_s is None else sent_s
    return 0 if until_s is None else int(min(max(0.0, until_s - since_s), _LONGEST_S))


def _age_s(response: Response) -> int:
    age_s = _seconds((response.headers.get("age") or "").partition(",")[0].strip())
    return 0 if age_s is None else age_s + response.elapsed_ms // 1000


def _seconds(text: str) -> int | None:
    """Delta-seconds (1.2.2): whole and not negative, too many count as very many; None for anything else."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) < 10 else _LONGEST_S
