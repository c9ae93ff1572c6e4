"""Time zones as dates name them: "+0530", "UTC+2", "CEST", "Europe/Berlin", "(PST)"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.core import get_global
from dateutil.zoneinfo import get_zonefile_instance

_HOURS = {
    -12: "AOE", -11: "SST", -10: "HST HAST", -9: "AKST HADT", -8: "PST AKDT", -7: "MST PDT", -6: "CST MDT",
    -5: "EST CDT COT PET ECT ACT", -4: "AST EDT BOT CLT VET AMT GYT", -3: "ADT ART BRT CLST UYT GFT SRT PYST WGT",
    -2: "BRST UYST WGST", -1: "AZOT CVT", 0: "GMT UT UTC Z WET AZOST", 1: "CET BST WEST WAT MEZ",
    2: "CEST EET SAST CAT MESZ KALT", 3: "MSK EEST EAT TRT IDT", 4: "GST GET AZT SAMT MSD MUT RET SCT",
    5: "PKT UZT YEKT TJT TMT MVT AQTT ORAT", 6: "BDT BTT OMST ALMT KGT", 7: "ICT WIB KRAT NOVT HOVT",
    8: "HKT SGT MYT PHT AWST WITA IRKT ULAT BNT", 9: "JST KST WIT YAKT TLT", 10: "AEST VLAT CHST PGT",
    11: "AEDT SAKT MAGT NCT SBT VUT", 12: "NZST FJT PETT ANAT", 13: "NZDT TOT PHOT",
}  # fmt: skip
_MINUTES = {
    "IST": 330, "NPT": 345, "MMT": 390, "IRST": 210, "IRDT": 270, "AFT": 270, "ACST": 570, "ACDT": 630, "NST": -210,
    "NDT": -150, "CHAST": 765, "LHST": 630,
}  # fmt: skip
ABBREVIATIONS: Mapping[str, int] = _MINUTES | {name: 60 * h for h, names in _HOURS.items() for name in names.split()}
"""Minutes east of Greenwich. An abbreviation that several zones share means the one by which most news is dated, unless
a country is known in which it means another."""

_ELSEWHERE = {("AST", country): 180 for country in ("SA", "KW", "QA", "BH", "IQ", "YE")} | {("AMT", "AM"): 240}
_WHOLE = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "AET": "Australia/Sydney", "EST5EDT": "America/New_York", "CST6CDT": "America/Chicago",
    "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles",
}  # fmt: skip
"""Names that a zone has in winter and in summer alike."""

_LONG = {
    "eastern time": "America/New_York", "central time": "America/Chicago", "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles", "alaska time": "America/Anchorage", "atlantic time": "America/Halifax",
    "greenwich mean time": "UTC", "coordinated universal time": "UTC", "british time": "Europe/London",
    "irish time": "Europe/Dublin", "western european time": "Europe/Lisbon", "central european time": "Europe/Berlin",
    "mitteleuropäische zeit": "Europe/Berlin", "eastern european time": "Europe/Athens", "moscow time": "Europe/Moscow",
    "turkey time": "Europe/Istanbul", "india time": "Asia/Kolkata", "indian time": "Asia/Kolkata",
    "pakistan time": "Asia/Karachi", "bangladesh time": "Asia/Dhaka", "china time": "Asia/Shanghai",
    "hong kong time": "Asia/Hong_Kong", "singapore time": "Asia/Singapore", "japan time": "Asia/Tokyo",
    "korea time": "Asia/Seoul", "korean time": "Asia/Seoul", "philippine time": "Asia/Manila",
    "australian eastern time": "Australia/Sydney", "new zealand time": "Pacific/Auckland",
    "south africa time": "Africa/Johannesburg", "west africa time": "Africa/Lagos",
    "east africa time": "Africa/Nairobi",
    "gulf time": "Asia/Dubai", "arabian time": "Asia/Riyadh", "israel time": "Asia/Jerusalem",
    "brasilia time": "America/Sao_Paulo", "argentina time": "America/Argentina/Buenos_Aires",
}  # fmt: skip
_LONG_NAME = re.compile(r"(?<!\w)(?:[^\W\d_]{4,20}\s){1,4}(?:time|(?:normal|sommer)?zeit)\b", re.IGNORECASE)
_SEASON = re.compile(r"\s(?:standard|daylight|summer)|(?:normal|sommer)(?=zeit)", re.IGNORECASE)
"""Zones as phrases. The season is dropped: the day tells whether "Eastern Time" is "Eastern Daylight Time"."""

_OFFSET = re.compile(r"(?:\b(?:GMT|UTC|UT|Z))?\s?(?<!\d)([+-])(\d{1,2})(?:[:.]?(\d\d))?(?![\d/])", re.IGNORECASE)
_REGION = re.compile(r"\b[A-Za-z]{2,14}/[A-Za-z0-9_+-]{2,32}(?:/[A-Za-z_]{2,32})?")
_NAME = re.compile(r"(?<![^\W\d_])[A-Za-z]{1,5}(?:\d[A-Za-z]{3})?(?![\w/])")


class Zone(NamedTuple):
    """A zone that a text names, and the rest of the text."""

    zone: tzinfo
    rest: str


def find_zone(text: str, country: str | None) -> Zone | None:
    """The zone in the text after a time of day: a region, else an offset, a phrase or an abbreviation; or None.

    An offset beats the name beside it. `country` (ISO 3166) decides what an ambiguous abbreviation means: "IST" is the
    time of Ireland or Israel if the text comes from there, else that of India.
    """
    offset = _OFFSET.search(text)
    region = _REGION.search(text)
    if region is not None and (offset is None or offset.start() >= region.start()):
        found = _region(region[0].casefold())
        if found is not None:
            return Zone(found, text[: region.start()] + text[region.end() :])
    if offset is not None:
        minutes = (60 * int(offset[2]) + int(offset[3] or 0)) * (-1 if offset[1] == "-" else 1)
        if -12 * 60 <= minutes <= 14 * 60:
            rest = text[: offset.start()] + " " + text[offset.end() :]
            return Zone(timezone(timedelta(minutes=minutes)), rest)
    phrase = _LONG_NAME.search(text)
    if phrase is not None:
        known = _region(_LONG.get(_SEASON.sub("", phrase[0]).casefold(), "").casefold())
        if known is not None:
            return Zone(known, text[: phrase.start()] + " " + text[phrase.end() :])
    for match in _NAME.finditer(text):
        zone = abbreviated(match[0].upper(), country)
        if zone is not None:
            return Zone(zone, text[: match.start()] + " " + text[match.end() :])
    return None


@lru_cache(maxsize=256)
def abbreviated(name: str, country: str | None) -> tzinfo | None:
    """The zone of an upper-case abbreviation, as used in `country` if it has a zone of this name; else None."""
    if name in _WHOLE:
        return _region(_WHOLE[name].casefold())
    minutes = ABBREVIATIONS.get(name)
    if minutes is None:
        return None
    if country is not None:
        spellings = (name, f"A{name}") if country == "AU" else (name,)
        local = next((found for one in spellings if (found := _local(one, country)) is not None), None)
        minutes = _ELSEWHERE.get((name, country), minutes) if local is None else local
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def _local(name: str, country: str) -> int | None:
    """The offset in minutes that a country's zones have under a name, in winter or in summer; None without one."""
    for region in get_global("territory_zones").get(country, ()):
        zone = _region(region.casefold())
        for moment in (datetime(2025, 1, 1, tzinfo=zone), datetime(2025, 7, 1, tzinfo=zone)):
            offset = moment.utcoffset()
            if zone is not None and moment.tzname() == name and offset is not None:
                return int(offset.total_seconds()) // 60
    return None


@lru_cache(maxsize=1024)
def _region(name: str) -> tzinfo | None:
    """A zone of the IANA database by its lower-case name; from dateutil's copy if the machine has no database."""
    known = _regions().get(name)
    if known is None:
        return None
    try:
        return ZoneInfo(known)
    except (ZoneInfoNotFoundError, OSError):
        found: tzinfo | None = get_zonefile_instance().get(known)
        return found


@cache
def _regions() -> Mapping[str, str]:
    names = available_timezones() or get_zonefile_instance().zones
    return {name.casefold(): name for name in names}
