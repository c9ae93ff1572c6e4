"""Agencies that sign: in the byline, and in lines above the text that are one."""

from __future__ import annotations

import re
from collections.abc import Collection

from transforms.enrich.agencies.signs import agencies_beside_signs
from transforms.text.agency_names import Agencies
from transforms.text.scripts import EAST_ASIAN
from transforms.text.sentences import ends_sentence

_LONGEST_LINE = 80
_PARTS = re.compile(
    r"[,;/|()·•–—]|\s-\s|\s(?:and|und|et|y|e|en|och|og|ja|i|a|és|și|ve|и|і|й|та|with|mit|avec|con|com|for|via|met|med|z|"
    r"s|из|of|von|de|από|με)\s"
)
_START = re.compile(
    r"^(?:by|von|par|por|da|di|de|door|av|af|od|przez|from|fra|från|tekst|texte?|texto|testo|autor(?:in|es|a)?|author|"
    r"auteur|autore|sources?|quellen?|fuentes?|fontes?|fonti|kilder?|källor|källa|kaynak|bron(?:nen)?|zdroje?|źródł[oa]|"
    r"forrás|szerző|sursa|sursă|izvor|vir|avots?|allikas|šaltinis|lähteet|lähde|skrevet av|skrevet af|författare|piše|"
    r"автор|текст|источник|джерело|източник|извор|πηγή|πηγές|المصدر|كتب|המקור|מאת)(?:\s?:|(?=\s))\s*",
    re.IGNORECASE,
)
_DATE_OR_TIME = re.compile(r"(?<!\w)(?:\d{1,4}[.:/-])+\d{1,4}(?!\w)|(?<!\w)(?:19|20)\d\d(?!\w)")
# "Jane Doe AFP": the initials of an agency behind a name that is not printed in capitals
_LAST_WORD = re.compile(r"((?:\S{1,30}+\s){2,4}+)([A-Z]{2,5}|Reuters|dpa)")


def agencies_of_byline(byline: str, authors: Collection[str], agencies: Agencies) -> list[str]:
    """Agencies that sign: "Reuters Staff", "Jane Doe, AP", "Associated Press writer Jane Doe", "AFP in Paris". None in
    "Petra Doe", nor in "Petra" where she is an author, nor in the credit of a picture: "Jane Doe/AFP via Getty"."""
    names: list[str] = []
    is_pictured = byline.startswith("©") and "/" in byline
    if is_pictured or (agencies.is_picture(byline) and not any(sign in byline for sign in ",;|")):
        return names
    for part in (byline, *_PARTS.split(byline)):
        stated = _START.sub("", part.strip())
        if stated and stated not in authors and not agencies.is_picture(stated):
            names += agencies.signing(stated) or agencies.with_role(stated)
            names += [mention.name for mention in agencies.mentions(stated)[1] if mention.end - mention.start > 1]
            if (last := _LAST_WORD.fullmatch(stated)) and not any(map(str.isupper, last[1].split())):
                names += agencies.unmistakable(last[2])
    return names


def agencies_signing_line(block: str, agencies: Agencies, home: str | None = None) -> list[str]:
    """The agencies of a byline that stands in the text, as a line of its own: "By JANE DOE, Associated Press". `home`
    is the paper's country, where a name that is a word as well may sign alone."""
    if len(block) > _LONGEST_LINE or ends_sentence(block) or agencies.is_picture(block):
        return []
    if _START.match(block) is not None:
        return agencies_of_byline(block, (), agencies)
    if EAST_ASIAN.search(block):
        return agencies.fill(block)
    names = agencies.signing(block) or agencies_beside_signs(block, agencies)
    return names if names and agencies.is_certain(block, names, home) else []


def agencies_of_dated_line(line: str, agencies: Agencies) -> list[str]:
    """The agencies of a line that has, but for them, only a date, an hour or signs: "Reuters | 2026-03-03 09:07"."""
    if len(line) > _LONGEST_LINE or agencies.is_picture(line):
        return []
    undated = _DATE_OR_TIME.sub(" ", line)
    if undated != line:
        return agencies.fill(undated) or agencies.signing(undated)
    return agencies_beside_signs(line, agencies)
