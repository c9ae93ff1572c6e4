"""The names of people in a byline, without desks, agencies, publishers, roles, dates and "by"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache

from transforms.extract.names.by_words import without_by
from transforms.extract.page.page_words import words_for
from transforms.text.agencies import agency_words
from transforms.text.dates.month_names import month_of
from transforms.text.scripts import CASELESS, EAST_ASIAN, letters


class Trust(IntEnum):
    """How far a text is trusted to be a name. FULL: only two words with capitals or more; ALONE: also one word with a
    capital; ANY: also words in small letters, as in the name of an account."""

    FULL = 0
    ALONE = 1
    ANY = 2


MAX_BYLINE_CHARS = 300
_MAX_CASELESS_CHARS = 30
_MAX_NAME_CHARS = 50
_MAX_WORDS = 6
_MAX_ACRONYM_CHARS = 5
_MAX_PHRASE_WORDS = 4
_MIN_OPENING_CHARS = 4
_OF_A_PAGE = 256
"""The size of the cache of compact forms: a page asks four times for that of each of its titles and names."""

_CUT = re.compile(
    r"(?<!\s)\s++[|–—•·/-]\s|(?:(?<!\s)\s+)?[|•·(\[\n]|[:：;]\s|"
    r"(?<!\s)\s++(?:for|For|FOR|in|at|from|bei|für|pour|para)(?:\s+\S|$)|"
    r"(?<!\s)\s++(?i:published|updated|posted|staff (?:writer|reporter)s?|photo(?:s|graph\w*)?|fotos?|bild(?:er)?)\b|"
    r"／|"
    r"(?<!\s)\s++(?:on|am|le|el|den)\s+(?=.{0,20}\d)|[\s,]\d|https?://"
)
"""Where a name ends: a role, a place, a newspaper or a date follows."""

_AND = re.compile(
    r"(?<!\s)\s++(?:and|And|AND|with|und|mit|et|avec|con|com|en|met|och|og|și|és|ve|та|και)\s++|"
    r"(?:(?<!\s)\s++)?[&+;、，]\s*+|(?<!\s)\s++/\s++"
)
_SMALL_AND = re.compile(r"(?<!\s)\s++(?:y|e|i|ja|и|і|a)\s++")
"""Words that join two names. The small words also stand inside one name, as in "Ortega y Gasset"."""

_DIGIT = re.compile(r"\d")
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[urctembioa]{2,6}|ch|il)?\.?", re.IGNORECASE
)
_COMMA = re.compile(r"(?:(?<!\s)\s++)?,\s*+")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u200c\u200d"
_LETTER = rf"(?:(?![\d_])[\w{_MARKS}])"
_WORD = re.compile(rf"{_LETTER}++(?:[-'’.`´]{_LETTER}++)*+\.?|\S+")
_NAME_PARTS = re.compile("[-'’ʻʼ`´]")
_ADDRESS = re.compile(r"(?<!\S)(?:[^\s@]{0,64}@\S*+)")
_REPORTER = re.compile(
    r"\A(?:(?:本[報报])?(?:特[約约])?(?:記者|记者|撰文)\s?[:：／/]?\s?|文字?\s?[:：／/]\s?)(?=\S)|"
    r"(?<=\S)\s?(?:기자|특파원|논설위원|記者|记者)\Z"
)
"""Words for a reporter in East Asian bylines, before or after the name."""

_CASELESS = re.compile(f"[{letters(CASELESS)}]")
_LETTERS = re.compile(r"[^\W\d_]")
_COMPACT = re.compile(r"[\W_]+")
_PARTICLES = frozenset(
    "de da do das dos del della di du des la le les lo van von der den ter ten te vom zu zur af av bin ibn ben el al "
    "y e i und the o' d' st. st mac ap".split()
)
_NO_PERSON = frozenset(
    # Desks and teams
    "staff desk newsroom editors editorial team teams group committee agency agencies wire wires service services "
    "redaktion redaktionen onlineredaktion redaktsiya redaction rédaction redacción redacao redação redazione redactie "
    "redakcja redakce redacția toimitus redaksjonen redaktionen equipo equipe équipe squadra mannschaft agencia "
    "agência agencias agence agences agentur agenturen agenzia agenzie ajansı haber bureau office crew collective "
    "reporters correspondents contributors writers authors editors admin administrator webmaster moderator "
    "редакция редакції редакция агентство агенція 編集部 取材班 통신 "
    # Organisations
    "inc llc ltd gmbh corp corporation company co. plc foundation institute university college school center centre "
    "department ministry council association society club network media news press magazine newspaper times post tv "
    "radio online digital studio studios group solutions systems software services marketing insurance clinic "
    "hospital bank store shop blog website site guide guides project forum "
    # Words of a byline that are no name
    "by written posted published updated reviewed edited checked author authors biography bio profile posts articles "
    "more about follow share read view all comments comment reply anonymous guest user unknown website contact "
    "subscribe newsletter advertisement sponsored sign login home menu search minutes min ago today yesterday".split()
)
"""Words in bylines that name a desk, an organisation or a button instead of a person."""

_ROLES = frozenset(
    "editor reporter writer journalist correspondent columnist contributor analyst director manager founder cofounder "
    "co-founder ceo cto cfo coo president chairman officer head chief senior junior sr sr. associate assistant "
    "professor lecturer researcher scientist engineer developer designer consultant specialist expert coach attorney "
    "lawyer physician dietitian nutritionist nurse therapist producer photographer critic strategist executive lead "
    "freelance freelancer contributing guest trending columnists partner owner principal fellow intern teacher trainer "
    "redakteur redakteurin reporterin korrespondent korrespondentin journalistin chefredakteur ressortleiter autorin "
    "volontär journaliste rédacteur rédactrice correspondant correspondante periodista redactor redactora corresponsal "
    "giornalista redattore inviato corrispondente jornalista repórter redator verslaggever redacteur correspondent "
    "journalist reporter toimittaja journalisten reporteren dziennikarz dziennikarka журналист корреспондент редактор "
    "кореспондент muhabir gazeteci wartawan".split()
)
"""Words of a role, which follows a name or stands in its place."""

_SURNAMES = frozenset(
    "press guest bank banks head heads staff post service church school college store crew bureau fellow fellows nurse "
    "chief senior junior reader read share home min bloomberg efe belga tass pap more coach engineer "
    "teacher office".split()
)
"""Words of the lists above that are also surnames: after a given name, if the text is said to name a person."""

_GIVEN = frozenset({"min"})

_NO_ACCOUNTS = frozenset(
    "null none undefined nan root close gallery watch live test default getty nachrichtenagentur adnkronos antara "
    "bernama vna askanews agerpres mediafax beta fena hina".split()
)
"""Words that alone are no name: a template's leftover, a button, an agency."""

_ENDINGS = frozenset({"jr", "sr"})

_DEGREES = frozenset(
    "ba bs bsc bsn ma ms msc msn mba mph mha msw mfa med llm llb jd esq md do dds dmd dvm vmd dnp pharmd psyd phd "
    "dphil edd rd rdn ld ldn rn aprn np pa pa-c lcsw lmft lpc cfp cfa cpa ea pe aia pmp facs facp faap obe mbe cbe mp "
    "mep qc kc frcp mrcp mbbs mb".split()
)
"""Degrees and titles that may follow a name after a comma and belong to it."""

_DESK_PART = re.compile(r"admin|edit|desk|news|press|redak|redac|redaz|team|staff|web|site|user|blog|media|info|test")
_EDGES = " .,:;|-–—*'’\"“”()"
_NO_WORDS = _NO_PERSON | _ROLES | agency_words()


def people_in(text: str, others: Collection[str], trust: Trust, *, is_stated: bool = False) -> Iterator[str]:
    """The people that one line of a byline names, in order, as printed.

    `others` are names that are no person here: the publisher's in compact form (`compact`), and its domain. Where
    `is_stated`, the page says that the text names a person, and a surname may be a word that elsewhere is that of a
    desk or a role ("Mira Press"). Linear in the text's length; a text longer than MAX_BYLINE_CHARS is no byline and
    gives nothing.
    """
    text = " ".join(text.split()) if len(text) <= MAX_BYLINE_CHARS else ""
    text = _ADDRESS.sub(" ", text).strip() if "@" in text else text
    if "@" in text or "www." in text or any(other in text.casefold() for other in others if "." in other):
        return
    line = without_by(text)
    line = _REPORTER.sub("", line) if EAST_ASIAN.search(line) is not None else line
    cut = _CUT.search(line, 1)
    if cut is not None:
        dated = cut[0].split()[0].isalpha() and _DIGIT.search(line, cut.end()) is not None  # "Ada on 3 March"
        if cut[0].strip(" ,")[:1].isalnum() and " " not in line[: cut.start()] and not dated:
            return  # "Person 7", "Human in the Loop": one word of a longer name is no name
        line = _without_month(line[: cut.start()]) if cut[0][-1:].isdigit() else line[: cut.start()]
    found = False
    for part in _parts(line):
        first, *rest = _COMMA.split(part)
        for n, stated in enumerate((first, *rest)):
            name = _with_stop(without_by(stated).strip(_EDGES), stated)
            if is_person(name, others, Trust.FULL if n else trust, is_stated=is_stated and not n):
                found = True
                yield name + _post_nominals(name, rest[n:])
            elif n or found:  # "Ada Lind, senior editor": no more names follow
                break


def _without_month(line: str) -> str:
    """A name without the month between it and a figure: "Ada Lind" of "Ada Lind April 3"."""
    name, _, last = line.rpartition(" ")
    return name if " " in name and _MONTH.fullmatch(last) is not None else line


def _with_stop(name: str, stated: str) -> str:
    """The name with the full stop that it was stated with after an abbreviation: "Ada Lind Jr.", "Ada L."."""
    last = name.rpartition(" ")[2]
    is_short = last.casefold() in _ENDINGS or (len(last) == 1 and last.isupper() and last != name)
    return f"{name}." if is_short and f"{name}." in stated else name


def _parts(line: str) -> Iterator[str]:
    for part in _AND.split(line):
        names = _SMALL_AND.split(part)
        yield from names if all(len(name.split()) > 1 for name in names) else [part]


def _post_nominals(name: str, parts: Sequence[str]) -> str:
    """The degrees and licences after a name, as printed: ", MD, PhD". After the first, any capitals count as one."""
    last = name.rsplit(" ", 1)[-1]
    opened = name.count(" ") > 1 and last.isupper() and last.isalpha() and not name.isupper()
    kept: list[str] = []
    for part in parts:
        text = part.strip(_EDGES)
        known = text.replace(".", "").casefold() in _DEGREES
        if not known and not (
            (kept or opened) and text.isupper() and text.isalpha() and text.casefold() not in agency_words()
        ):
            break
        kept.append(text)
    return "".join(f", {text}" for text in kept)


@lru_cache(maxsize=_OF_A_PAGE)
def compact(text: str) -> str:
    """A name in the form in which two spellings are compared: letters and digits only, in lower case."""
    return _COMPACT.sub("", text).casefold()


def is_person(name: str, others: Collection[str], trust: Trust, *, is_stated: bool = False) -> bool:
    """Whether a text can be a person's name: what names look like, and none of the words that say otherwise."""
    if not 2 <= len(name) <= _MAX_NAME_CHARS or not _LETTERS.match(name):
        return False
    words = _WORD.findall(name)
    lower = [word.casefold() for word in words]
    pieces = {piece for word in lower for piece in (word, word.rstrip("."), *word.split("-"))}
    if len(words) > _MAX_WORDS or _is_label(name):
        return False
    if pieces & _NO_WORDS and not (is_stated and _is_surname(words, others)):
        return False
    if any(not _LETTERS.match(word) for word in words) or compact(name) in others or compact(words[0]) in others:
        return False
    if _CASELESS.search(name):
        return len(name) <= _MAX_CASELESS_CHARS
    if len(words) == 1 and lower[0] in _NO_ACCOUNTS:
        return False
    if len(words) == 1:
        return (trust >= Trust.ALONE and _is_given_name(name)) or (trust == Trust.ANY and _is_account(name))
    if not any(map(_has_capital, words)):
        return trust == Trust.ANY and len(words) <= 3
    capitals = sum(map(_has_capital, words))
    return capitals >= 2 and all(
        _has_capital(word) or word.casefold() in _PARTICLES or "'" in word or "’" in word for word in words
    )


def _has_capital(word: str) -> bool:
    """Whether a word, or a part of it after a particle, begins with a capital: "Lind", "al-Hakim", "d’Arc"."""
    return any(part[:1].isupper() for part in _NAME_PARTS.split(word))


def _is_label(name: str) -> bool:
    """Whether a text holds a label that stands in a name's place, in any language: "Image", "Log in"."""
    known = words_for("no_author")
    words = [word.strip(_EDGES) for word in name.casefold().replace("’", "'").split()]
    for n in range(1, _MAX_PHRASE_WORDS + 1):
        if any(" ".join(words[at : at + n]) in known for at in range(len(words) - n + 1)):
            return True
    return EAST_ASIAN.search(name) is not None and any(phrase in name for phrase in _unspaced())


@lru_cache(maxsize=1)
def _unspaced() -> tuple[str, ...]:
    return tuple(phrase for phrase in words_for("no_author") if EAST_ASIAN.match(phrase))


def _is_surname(words: Sequence[str], others: Collection[str]) -> bool:
    """Whether the words for a desk, role or organisation in a name are its surname, after a given name.

    No given name is: an acronym, a word that makes a desk or newspaper of the next one ("Sports Staff", "Free Press"),
    or the beginning of the publisher's name ("Lindmere Staff").
    """
    first, *rest = words
    given = {first.casefold(), *first.casefold().split("-")} - _GIVEN
    if not rest or len(words) > _MAX_PHRASE_WORDS or not (first[0].isupper() and rest[-1][0].isupper()):
        return False
    desks = words_for("desk")
    if given & (_NO_WORDS | _PARTICLES | desks) or any(word.casefold() in desks - _PARTICLES for word in rest[:-1]):
        return False
    if first.isupper() and len(compact(first)) > 2 and not rest[-1].isupper():
        return False
    called = compact(first)
    if len(called) >= _MIN_OPENING_CHARS and any(other.removeprefix("the").startswith(called) for other in others):
        return False
    pieces = {piece for word in rest for piece in word.casefold().split("-")}
    return not (pieces & _NO_WORDS) - _SURNAMES


def _is_given_name(name: str) -> bool:
    """Whether one word may be a name: it has a capital and is no acronym, desk or month."""
    if not name[0].isupper() or len(name) < 3 or (name.isupper() and len(name) <= _MAX_ACRONYM_CHARS):
        return False
    return _DESK_PART.search(name.lower()) is None and month_of(name, None) is None


def _is_account(name: str) -> bool:
    """Whether one word may be the name of a person's account: small letters, and nothing that names a desk."""
    return len(name) >= 4 and name.isalpha() and name.islower() and _DESK_PART.search(name) is None
