"""Agencies credited below a text or behind its last sentence, and in credits that were removed from it."""

from __future__ import annotations

import re

from transforms.enrich.agencies.signs import agencies_beside_signs
from transforms.text.agency_names import Agencies
from transforms.text.scripts import EAST_ASIAN
from transforms.text.sentences import CLOSING_QUOTES, SPACED_STOPS, WIDE_STOPS

_LONGEST_CREDIT = 400
_LONGEST_LINE = 60
_LONGEST_AFTER_START = 100
_LAST_CHARACTERS = 130
_EDGES = " \t\u00a0*_•·—–-/()[]（）【】［］{}|©."
_SENTENCE_END = f"[{SPACED_STOPS}{WIDE_STOPS}{CLOSING_QUOTES}]"
# "… sagte er. (dpa)", "… сказал он. (ТАСС)", "…と述べた。（共同）"
_BRACKET = re.compile(
    _SENTENCE_END + r"\s{0,3}([(\[（［【][^()\[\]（）［］【】]{2,100}[)\]）］】])\s?[.。]?(?:\s?[^\W\d_A-Z]{2,6}){0,3}$"
)
# "AGERPRES/(A, autor: …)"
_EDITED = re.compile(r"([A-ZÀ-Þ]{4,10})\s?/\s?\([^()]{4,100}\)$")
# "… he said. — Reuters", "… disse. /ANSA", "… dijo. EFE ac/jlr"
_TAIL = re.compile(
    _SENTENCE_END + r"\s{0,3}((?:[-–—―/©]{1,2}\s?|\(c\)\s?)?(?:[^.!?。()（）]|\.(?=\w)){2,45}(?:\s\(\w{2,6}\))?)$"
)
_BESIDE = re.compile(
    r"(?:[\w.-]{1,20}/|\w[\w.]{0,12}(?:\s\w{1,12})?\s(?:mit|avec|con|com|with|met|med|und|et|y|e|and)\s)(.{2,40})"
)
_ADDRESS = re.compile(r"\s?\((?:www\.|https?:)[^()]{3,60}\)$")
_PERSON = r"[^\W\d_a-z][\w.'’-]*(?:\s[\w.'’-]+){1,3}"
# "Jane Doe, The Associated Press", "PAP - Nauka w Polsce, Jan Przykład"
_SIGNATURE = re.compile(rf"{_PERSON},\s(.{{8,40}})")
_SIGNED_BY = re.compile(rf"([^,]{{8,40}}),\s{_PERSON}")
# "Z Brukseli Jan Przykład (PAP)"
_FILED_FROM = re.compile(rf"(\w{{1,5}})\s{_PERSON}(?:,\s|\s\()(\w{{2,12}})\)?")
_DATED = re.compile(r"(.{2,30}?)\s?[:,|–-]\s.{0,20}(?:19|20)\d\d(?:\D.{0,12})?")
_RIGHTS = re.compile(r"^\W{0,3}(?:©|\([cC]\)|copyright)", re.IGNORECASE)
_SIGNED_RIGHTS = re.compile(r"\(©\s?[^\W\d_]{2,5}\)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def agencies_of_closing_line(block: str, agencies: Agencies, home: str | None = None) -> list[str]:
    """Agencies in a credit line: "The Associated Press contributed to this report.", "Quelle: dpa", "dpa/kan". `home`
    is the paper's country: there, a name that is a word as well may be a credit alone."""
    if len(block) > _LONGEST_CREDIT or agencies.is_picture(block):
        return []
    lowered = block.casefold()
    if any(sign in lowered for sign in agencies.credit_signs):
        return agencies.credited_in(block)
    return _credited(block, agencies, home) if len(block) <= _LONGEST_AFTER_START else []


def agencies_after_story(block: str, agencies: Agencies, home: str | None = None) -> list[str]:
    """Agencies behind the last sentence of a block: in brackets, behind a dash, or alone."""
    if len(block) <= _LONGEST_AFTER_START and agencies.is_picture(block):
        return []
    ending = _ADDRESS.sub("", block.rstrip()[-_LAST_CHARACTERS:])
    if edited := _EDITED.search(ending):
        return agencies.unmistakable(edited[1])
    found = _BRACKET.search(ending) or _TAIL.search(ending)
    return _credited(found[1], agencies, home) if found and not agencies.is_picture(found[1]) else []


def agencies_of_removed_credit(text: str, agencies: Agencies) -> list[str]:
    """Agencies in a credit that was removed from the text. The credit of a picture is none: it names a picture, or has
    a sign of rights without a year, unless both are in brackets, as Norwegian papers sign: "(©NTB)", "(© dpa)"."""
    is_of_rights = _RIGHTS.match(text) and _YEAR.search(text) is None and _SIGNED_RIGHTS.fullmatch(text) is None
    if agencies.is_picture(text) or is_of_rights:
        return []
    return agencies.credited_in(text)


def _credited(printed: str, agencies: Agencies, home: str | None) -> list[str]:
    """The agencies that a line consists of, or that follow a word like "Source:" or "with"."""
    line = printed.removeprefix("(c)").strip(_EDGES)
    if agencies.opens_credit(line):
        return agencies.credited_in(line)
    if EAST_ASIAN.search(line) is not None:
        return agencies.fill(line) if len(line) <= _LONGEST_LINE else []
    if len(line) > _LONGEST_LINE:
        return agencies.signing(line)
    names = agencies.fill(line) or agencies.signing(line)
    if names:
        return names if not printed[:1].isalnum() or agencies.is_certain(line, names, home) else []
    return (
        _beside_a_house(line, agencies)
        or agencies_beside_signs(line, agencies)
        or _of_signature(line, agencies)
        or (_dashed(line, agencies) if printed[:1] in "—–-" else [])
    )


def _beside_a_house(line: str, agencies: Agencies) -> list[str]:
    """Agencies that follow a paper's own sign: "FR mit dpa", "FMW/Bloomberg", "Le Courrier avec AFP"."""
    found = _BESIDE.fullmatch(line)
    return agencies.fill(found[1]) or agencies.signing(found[1]) if found is not None else []


def _of_signature(line: str, agencies: Agencies) -> list[str]:
    """The agency whose whole name stands beside a reporter's, or behind one who says where he reports from, or before a
    date: "MAP: 03 mars 2026"."""
    if (filed := _FILED_FROM.fullmatch(line)) and agencies.says_where(filed[1]):
        return agencies.unmistakable(filed[2]) or agencies.fill(filed[2].upper())
    if found := _SIGNATURE.fullmatch(line) or _SIGNED_BY.fullmatch(line):
        return agencies.unmistakable(found[1]) if " " in found[1] else []
    dated = _DATED.fullmatch(line)
    return agencies.fill(dated[1]) if dated is not None else []


def _dashed(line: str, agencies: Agencies) -> list[str]:
    """The agencies of a line behind a dash that names papers as well: "— Associated Press, The Example Herald"."""
    return [name for part in line.split(",") for name in agencies.unmistakable(part)]
