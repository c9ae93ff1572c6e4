"""Agencies credited below a text or behind its last sentence, and in credits that were removed from it."""

from __future__ import annotations

import re

from transforms.text.agency_names import Agencies
from transforms.text.scripts import EAST_ASIAN
from transforms.text.sentences import CLOSING_QUOTES, SPACED_STOPS, WIDE_STOPS

_LONGEST_CREDIT = 400
_LONGEST_LINE = 60
_LONGEST_AFTER_START = 100
_LAST_CHARACTERS = 100
_EDGES = " \t\u00a0*_•·—–-/()[]（）【】［］{}|©."
_SENTENCE_END = f"[{SPACED_STOPS}{WIDE_STOPS}{CLOSING_QUOTES}]"
# "… sagte er. (dpa)", "… сказал он. (ТАСС)", "…と述べた。（共同）"
_BRACKET = re.compile(_SENTENCE_END + r"\s{0,3}[(\[（［【]([^()\[\]（）［］【】]{2,60})[)\]）］】]\s?[.。]?$")
# "… he said. — Reuters", "… disse. /ANSA", "… dijo. EFE ac/jlr"
_TAIL = re.compile(_SENTENCE_END + r"\s{0,3}(?:[-–—―/©]{1,2}\s?)?([^.!?。()（）]{2,45})$")
_BESIDE = re.compile(
    r"(?:\w{1,12}/|\w[\w.]{0,12}(?:\s\w{1,12})?\s(?:mit|avec|con|com|with|met|med|und|et|y|e|and)\s)(.{2,40})"
)
_RIGHTS = re.compile(r"^\W{0,3}(?:©|\([cC]\)|copyright)", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def agencies_of_closing_line(block: str, agencies: Agencies) -> list[str]:
    """Agencies in a credit line: "The Associated Press contributed to this report.", "Quelle: dpa", "dpa/kan"."""
    if len(block) > _LONGEST_CREDIT or agencies.is_picture(block):
        return []
    lowered = block.casefold()
    if any(sign in lowered for sign in agencies.credit_signs):
        return agencies.names_in(block)
    line = block.strip(_EDGES)
    return _credited(line, agencies) if len(line) <= _LONGEST_AFTER_START else []


def agencies_after_story(block: str, agencies: Agencies) -> list[str]:
    """Agencies behind the last sentence of a block: in brackets, behind a dash, or alone."""
    ending = block.rstrip()[-_LAST_CHARACTERS:]
    found = _BRACKET.search(ending) or _TAIL.search(ending)
    return _credited(found[1].strip(_EDGES), agencies) if found and not agencies.is_picture(found[1]) else []


def agencies_of_removed_credit(text: str, agencies: Agencies) -> list[str]:
    """Agencies in a credit that was removed from the text. The credit of a picture is none: it names a picture, or has
    a sign of rights without a year."""
    if agencies.is_picture(text) or (_RIGHTS.match(text) and _YEAR.search(text) is None):
        return []
    return agencies.names_in(text)


def _credited(line: str, agencies: Agencies) -> list[str]:
    """The agencies that a line consists of, or that follow a word like "Source:" or "with"."""
    if agencies.opens_credit(line):
        return agencies.names_in(line)
    if len(line) > _LONGEST_LINE:
        return []
    if EAST_ASIAN.search(line) is not None:
        return agencies.fill(line)
    return agencies.fill(line) or agencies.signing(line) or _beside_a_house(line, agencies)


def _beside_a_house(line: str, agencies: Agencies) -> list[str]:
    """Agencies that follow a paper's own sign: "FR mit dpa", "FMW/Bloomberg", "Le Courrier avec AFP"."""
    found = _BESIDE.fullmatch(line)
    return agencies.fill(found[1]) or agencies.signing(found[1]) if found is not None else []
