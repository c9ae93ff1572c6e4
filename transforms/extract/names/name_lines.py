"""The names of people in a line of a byline, as printed, without "by", dates, roles and places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from transforms.extract.names.by_words import COLONS, without_by
from transforms.extract.names.byline_words import alternatives, byline_words
from transforms.extract.names.east_asian import split_names
from transforms.extract.names.people import CASELESS_SIGN, EDGES, Trust, is_person
from transforms.text.agencies import agency_words
from transforms.text.dates.month_names import month_of
from transforms.text.scripts import EAST_ASIAN

MAX_BYLINE_CHARS = 300
_MAX_DATED_CHARS = 60
_CUT = re.compile(
    r"(?<!\s)\s++(?:[|–—•·/ـ-]|//)\s|(?:(?<!\s)\s+)?[|•·(\[\n]|[:：]\s|"
    r"(?<!\s)\s++(?:for|For|FOR|in|at|from|bei|für|pour|para)(?:\s+\S|$)|(?<!\s)\s++on\s+behalf\b|"
    r"(?<!\s)\s++(?i:published|updated|posted|staff (?:writer|reporter)s?)\b|"
    r"(?<!\s)\s++(?i:photo(?:s|graph\w*)?|illustrat\w*|fotos?|bild(?:er)?)\b|"
    r"／|[;,.)]\s*+(?i:edit(?:ing|ed)|photograph(?:s|y)|graphics|production|translat(?:ion|ed))\s++by\b|"
    r"(?<!\s)\s++(?:on|am|le|el|den)\s+(?=.{0,20}\d)|[\s,]\d|https?://"
)
"""Where a name ends: a role, a place, a newspaper or a date follows."""

_ANDS = [form for word in alternatives("and") for form in dict.fromkeys((word, word.title(), word.upper()))]
_ANDS.remove("MIT")  # the institute
_AND = re.compile(
    rf"(?<!\s)\s++(?:{'|'.join(_ANDS)})\s++|"
    rf"(?:(?<!\s)\s++)?(?:{'|'.join(alternatives('and_unspaced'))})\s*+|"
    r"(?:(?<!\s)\s++)?[&+;、，،]\s*+|(?<!\s)\s++/\s++|(?<=\w)/(?=\w)"
)
_SMALL_AND = re.compile(
    rf"((?<!\s)\s++(?:(?:{'|'.join(alternatives('and_small'))})\s++|"
    r"و(?=\w\w)(?!ليد|ائل|سيم|سام|فاء|لاء|داد|جي|حيد|رد|هي|صال|صف|ضاح|دود|هب)|"
    r"ו(?=\w\w)(?!רד|יקטור|לדימיר|לרי|רוניקה|יקי|יטלי|נסה|יויאן|יליאם)))"
)
"""Words that join two names. The small words also stand inside one name, as in "Ortega y Gasset". Arabic and Hebrew
write "and" at the next name; what may follow it are no names that begin with that letter."""

_ASIDE = re.compile(rf"\s\([^()\d]{{2,30}}\)(?=[,;&]|\s(?:{'|'.join(alternatives('and'))})\s)")
"""A place or a paper between two names: "Ada Lind (Lindmere) und Bo Berg"."""

_SIGN_OFF = re.compile(r"\breport(?:ing|ed) by\b", re.IGNORECASE)
_IN_PLACE = re.compile(r"\sin(?:\s[A-Z][\w.-]{1,20}){1,3}(?=[,;)]|\sand\s|$)")
"""In the line with which agencies end a report: "Reporting by Ada Lind in Lindmere and Bo Berg in Newport"."""

_PARTS = ",;|/–—-(· "
_DIGIT = re.compile(r"\d")
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[urctembioa]{2,6}|ch|il)?\.?", re.IGNORECASE
)
_SHORT = 4
"""Months of so few signs are also surnames ("Sen"); only English ones are taken for months."""

_DAY = re.compile(
    r"\s?[（(\[]?(?<!\d)(?:19|20)\d\d\s?[年년./-]\s?\d{1,2}\s?[月월./-]\s?\d{1,2}(?!\d)\s?[日일.]?"
    r"(?:\s?\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?[)）\]]?\s?"
)
"""A day, as bylines of East Asia put it before or behind a name."""

_COMMA = re.compile(r"(?:(?<!\s)\s++)?,\s*+")
_ADDRESS = re.compile(r"(?<!\S)(?:[^\s@]{0,64}@\S*+)")
_BARS = re.compile(r"\s?[|•·]\s?")
_DOTS = re.compile("[·・]")
"""What parts the names of foreigners, as Chinese and Japanese write them."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdđghklmnpqrstvx])?(?:[aeiouy]{1,3})(?:ng|nh|ch|[cmnpt])?", re.IGNORECASE
)
"""A word of Vietnamese, each of which is one syllable, without its accents."""

_DASHES = ("-", "–", "—", "ـ")
_DASH = re.compile(r"(?<!\s)\s++[-–]\s++")
_QUOTES = {"'": "'", "’": "’", "‘": "’"}
_INITIALS = re.compile(r"(?:[^\W\d_]\.){0,3}(?![a-zа-я])[^\W\d_]")
_ENDINGS = frozenset({"jr", "sr"})
_DEGREES = byline_words("degree")
_LICENCE = re.compile(r"[A-Z][A-Za-z-]{1,6}[®™]")


def people_in(text: str, others: Collection[str], trust: Trust, *, is_stated: bool = False) -> Iterator[str]:
    """The people that one line of a byline names, in order, as printed.

    `others` are names that are no person here: the publisher's in compact form (`compact`), and its domain. Where
    `is_stated`, the page says that the text names a person, and a surname may be a word that elsewhere is that of a
    desk or a role ("Mira Press"). Linear in the text's length; a text longer than MAX_BYLINE_CHARS is no byline and
    gives nothing.
    """
    text = " ".join(text.split()) if len(text) <= MAX_BYLINE_CHARS else ""
    text = _ADDRESS.sub(" ", text).strip() if "@" in text else text
    text = _without_domain(text, others)
    if "@" in text or "www." in text:
        return
    if EAST_ASIAN.search(text) is None:
        yield from _people_of_line(without_date(text), others, trust, is_stated)
        return
    for part in split_names(_DAY.sub(" ", text).strip() or text):
        judged = _DOTS.sub(" ", part)
        if EAST_ASIAN.match(part) is not None and is_person(judged, others, trust, is_stated=is_stated):
            yield part
        else:
            yield from _people_of_line(part, others, trust, is_stated)


def _without_domain(text: str, others: Collection[str]) -> str:
    """A text up to the publisher's domain: "Ada Lind" of "Ada Lind, lindmere.example"; "" if no comma or mark parts
    them."""
    plain = text.casefold()
    at = next((at for other in others if "." in other and (at := plain.find(other)) >= 0), -1)
    if at < 0:
        return text
    head = text[:at].rstrip()
    return head.rstrip(_PARTS) if head.endswith(tuple(_PARTS)) else ""


def without_date(line: str) -> str:
    """A line without the parts before a bar that hold figures: "3 March 2026 · 5 min · Ada Lind"."""
    while (bar := _BARS.search(line)) is not None and bar.start() <= _MAX_DATED_CHARS:
        if not line[: bar.start()].strip() or _DIGIT.search(line, 0, bar.start()) is not None:
            line = line[bar.end() :]
        else:
            break
    return line


def _people_of_line(text: str, others: Collection[str], trust: Trust, is_stated: bool) -> Iterator[str]:
    line = without_by(text)
    line = _ASIDE.sub("", line) if "(" in line else line
    line = _IN_PLACE.sub("", line) if _SIGN_OFF.search(text) is not None else line
    if len(names := _DASH.split(line)) > 1 and _are_vietnamese(names, others):
        line = ", ".join(names)
    cut = _CUT.search(line, 1)
    if cut is not None and CASELESS_SIGN.match(line) is not None:
        if cut[0].strip().startswith(tuple(COLONS)):
            return  # a label that no list has; a name in such scripts looks no other
        if cut[0].strip() in _DASHES and " " not in line[: cut.start()] and _opens_in_person(line[cut.end() :], others):
            line = line[cut.end() :]  # the place, before the name
            cut = _CUT.search(line, 1)
    if cut is not None:
        dated = cut[0].split()[0].isalpha() and _DIGIT.search(line, cut.end()) is not None  # "Ada on 3 March"
        if cut[0].strip(" ,")[:1].isalnum() and _is_cased_word(line[: cut.start()]) and not dated:
            return  # "Person 7", "Human in the Loop": one word of a longer name is no name
        line = _without_month(line[: cut.start()]) if cut[0][-1:].isdigit() else line[: cut.start()]
    found = False
    parts = list(_parts(line))
    trust = trust if len(parts) == 1 else min(trust, Trust.ALONE)  # accounts stand alone
    for part in parts:
        first, *rest = _COMMA.split(part)
        for n, stated in enumerate((first, *rest)):
            name = _with_edges(without_by(stated), stated)
            if found and first.isupper() and not stated.isupper():
                break  # "ADA LIND, Lindmere Echo"
            if is_person(name, others, Trust.FULL if n else trust, is_stated=is_stated and not n):
                found = True
                yield name + _post_nominals(name, rest[n:])
            elif (n or found) and not _is_place_between(stated, rest[n:], others):
                break  # "Ada Lind, senior editor": no more names follow


def _opens_in_person(text: str, others: Collection[str]) -> bool:
    """Whether a text opens in a name of two words or more."""
    head = re.split(r"[,،|]|\s[/ـ–—-]\s", text, maxsplit=1)[0].strip(EDGES)
    return " " in head and is_person(head, others, Trust.FULL)


def _is_cased_word(text: str) -> bool:
    """Whether a text is one word of a script with capitals: of others, a word may be a whole name."""
    return " " not in text and text.isalpha() and text.lower() != text.upper()


def _is_place_between(part: str, rest: Sequence[str], others: Collection[str]) -> bool:
    """Whether one word stands between two names: "Ada Lind, London, Bo Berg"."""
    return part.strip(EDGES).isalpha() and bool(rest) and is_person(rest[0].strip(EDGES), others, Trust.FULL)


def _without_month(line: str) -> str:
    """A name without the month between it and a figure: "Ada Lind" of "Ada Lind April 3"."""
    name, _, last = line.rpartition(" ")
    return name if " " in name and is_month(last) else line


def is_month(word: str) -> bool:
    """Whether a word beside a figure is the name of a month, and no surname."""
    return _MONTH.fullmatch(word) is not None or (len(word) > _SHORT and month_of(word, None) is not None)


def _are_vietnamese(parts: Sequence[str], others: Collection[str]) -> bool:
    """Whether all parts are Vietnamese names, which papers there part by a dash: "Thu Hà - Minh Lý"."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", " ".join(parts)))
    return all(map(_SYLLABLE.fullmatch, plain.split())) and all(
        is_person(part.strip(EDGES), others, Trust.FULL) for part in parts
    )


def _with_edges(line: str, stated: str) -> str:
    """The name in a line without the marks around it, but with those that belong to it: the full stop of an
    abbreviation ("Ada Lind Jr.", "Ada L."), and the apostrophe that opens names in Sotho ("'Mateboho Lind")."""
    name = line.strip(EDGES)
    quote = line[: line.find(name)][-1:] if name else ""
    if quote in _QUOTES and quote and _QUOTES[quote] not in line[line.find(name) + len(name) :]:
        name = quote + name
    last = name.rpartition(" ")[2]
    is_short = last.casefold() in _ENDINGS or (_INITIALS.fullmatch(last) is not None and last != name)
    return f"{name}." if is_short and f"{name}." in stated else name


def _parts(line: str) -> Iterator[str]:
    for part in _AND.split(line):
        first, *rest = _SMALL_AND.split(part)
        names = [first]
        for joint, name in zip(rest[::2], rest[1::2], strict=True):
            if _is_one_word(names[-1]) or _is_one_word(name):
                names[-1] += joint + name
            else:
                names.append(name)
        yield from names


def _is_one_word(name: str) -> bool:
    """Whether a text before its first comma is one word, so that a small word before or behind it joins no names."""
    return len(name.partition(",")[0].split()) < 2


def _post_nominals(name: str, parts: Sequence[str]) -> str:
    """The degrees and licences after a name, as printed: ", MD, PhD". After the first, any capitals count as one."""
    last = name.rsplit(" ", 1)[-1]
    opened = name.count(" ") > 1 and last.isupper() and last.isalpha() and not name.isupper()
    kept: list[str] = []
    for part in parts:
        text = part.strip(EDGES)
        known = text.replace(".", "").casefold() in _DEGREES or _LICENCE.fullmatch(text) is not None
        if not known and not (
            (kept or opened) and text.isupper() and text.isalpha() and text.casefold() not in agency_words()
        ):
            break
        kept.append(f"{text}." if "." in text and f"{text}." in part else text)
    return "".join(f", {text}" for text in kept)
