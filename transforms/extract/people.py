"""Names of people out of a byline: no desk, no agency, no publisher, no role, date or "by" glued on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

MAX_BYLINE_CHARS = 300
_MAX_NAME_CHARS = 50
_MAX_WORDS = 6

BY_WORDS = (
    "words by|story by|text by|written by|posted by|published by|created by|authored by|reported by|article by|"
    "by author|by|authors?|author's name|writer|contributors?|reporter|"
    "geschrieben von|verfasst von|ein beitrag von|ein artikel von|von|autorin|autoren|autor/in|"
    "par|écrit par|rédigé par|publié par|propos recueillis par|auteur|auteurs|autrice|"
    "por|escrito por|publicado por|redactado por|autor|autora|autores|"
    "di|a cura di|scritto da|pubblicato da|autore|autrice|"
    "door|geschreven door|av|tekst|skrevet av|skriven av|af|skrevet af|kirjoittaja|teksti|szerző|írta|"
    "autorzy|napisał|napisała|napsal|napsala|de|scris de|publicat de|yazan|yazar|oleh|penulis|tác giả|"
    "автор|авторы|автори|текст|συγγραφέας|του|της|γράφει ο|γράφει η|מאת|بقلم|الكاتب|كتب|"
    "text"
)
_BY = re.compile(rf"(?:{BY_WORDS})(?:\s*[:：]\s*|\s+|$)|[-–—•·|/,:]\s*", re.IGNORECASE)
"""What stands before a name in a byline, in the languages of the feeds we know."""

_ENDS_IN_BY = re.compile(
    r"\b(?:written|posted|published|authored|contributed|article|story|post|interview|words|text) by\s*:?$|"
    r"\b(?:geschrieben|verfasst|text|artikel) von\s*:?$|\b(?:écrit|rédigé|publié|article) par\s*:?$|"
    r"\b(?:escrito|publicado) por\s*:?$|\b(?:scritto|pubblicato) da\s*:?$|\bgeschreven door\s*:?$",
    re.IGNORECASE,
)
"""Labels that only end in such words: "This post was written by"."""

_FIRST_WORDS = frozenset(words.partition(" ")[0] for words in BY_WORDS.split("|"))

_CUT = re.compile(r"\s+[|–—•·/-]\s+|\s*[|•·(\[\n]|[:：;]\s|\s+(?:for|in|at|from|bei|für|pour|para)(?:\s+\S|$)|[\s,]\d|https?://")
"""Where a name ends: what follows is a role, a place, a paper or a date."""

_AND = re.compile(r"\s+(?:and|with|und|mit|et|avec|y|con|e|com|en|met|och|og|ja|i|și|és|ve|и|та|και)\s+|\s*[&+;、，]\s*|\s+/\s+")
_COMMA = re.compile(r"\s*,\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’.`´][^\W\d_]+)*\.?|\S+")
_CASELESS = re.compile(r"[\u0590-\u06ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u10ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
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
    "reporters correspondents contributors writers authors editors admin administrator adminn webmaster moderator "
    "редакция редакції редакция агентство агенція 編集部 取材班 통신 "
    # Organisations
    "inc llc ltd gmbh corp corporation company co. plc foundation institute university college school center centre "
    "department ministry council association society club network media news press magazine newspaper times post tv "
    "radio online digital studio studios group solutions systems software services marketing insurance clinic "
    "hospital bank store shop blog website site guide guides project "
    # Words of a byline that are no name
    "by written posted published updated reviewed edited checked author authors biography bio profile posts articles "
    "more about follow share read view all comments comment reply anonymous guest user unknown website contact "
    "subscribe newsletter advertisement sponsored sign login home menu search minutes min ago today yesterday".split()
)
"""Words of a byline that names a desk, an organisation or a button, and not a person."""

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
_AGENCIES = frozenset(
    "reuters afp dpa apa efe ansa ap ap. upi pti ani ians tass tanjug lusa belga anp ntb tt ritzau stt pap ctk mti "
    "xinhua kyodo yonhap bloomberg associated france-presse keystone-sda sda epd kna europa reuters/ap".split()
)


def people_in(text: str, others: Collection[str], alone: bool) -> Iterator[str]:
    """The people that one line of a byline names, in order, as printed.

    `others` are names that are no person here, in compact form (`compact`): the publisher and its domain. `alone`
    allows a name of one word ("Alexa") or without a capital, for text that the page itself marks as its author.
    Linear in the text's length; text longer than MAX_BYLINE_CHARS is no byline and gives nothing.
    """
    text = " ".join(text.split()) if len(text) <= MAX_BYLINE_CHARS else ""
    if "@" in text or any(other in text.casefold() for other in others if "." in other):
        return
    line = without_by(text)
    cut = _CUT.search(line, 1)
    if cut is not None:
        line = line[: cut.start()]
    found = 0
    for part in _AND.split(line):
        for n, name in enumerate(_COMMA.split(part)):
            name = without_by(name).strip(" .,:;|-–—*'’\"“”")
            if not is_person(name, others, alone and not found):
                if n or found:  # "Ada Lind, senior editor": what follows says more of her
                    break
                continue
            found += 1
            yield name


def without_by(text: str) -> str:
    """The text without the words that introduce a name, however many there are."""
    for _ in range(3):
        match = _BY.match(text)
        if match is None or not match.end():
            break
        text = text[match.end() :].lstrip()
    return text


def opens_byline(text: str) -> bool:
    """Whether a text begins with such words. Quick where it does not, as nearly everywhere on a page."""
    words = text.split(None, 2)
    if not words:
        return False
    if len(text) <= 60 and is_label(" ".join(words)):
        return True
    first = words[1] if len(words) > 1 and not words[0].isalpha() and len(words[0]) == 1 else words[0]
    return first.rstrip(":：").casefold() in _FIRST_WORDS and _BY.match(text.lstrip()) is not None


def is_label(text: str) -> bool:
    """Whether the text is nothing but such words: "Written by", "Autor:"."""
    return bool(text) and len(text) <= 40 and (not without_by(text) or _ENDS_IN_BY.search(text) is not None)


def compact(text: str) -> str:
    """A name as two spellings of it are compared: letters and digits only, in one case."""
    return _COMPACT.sub("", text).casefold()


def is_person(name: str, others: Collection[str], alone: bool) -> bool:
    """Whether a text can be a person's name: what names look like, and none of the words that say otherwise."""
    if not 2 <= len(name) <= _MAX_NAME_CHARS or not _LETTERS.match(name):
        return False
    words = _WORD.findall(name)
    lower = [word.casefold() for word in words]
    pieces = {piece for word in lower for piece in (word, *word.split("-"))}
    if len(words) > _MAX_WORDS or pieces & _NO_PERSON or pieces & _ROLES or pieces & _AGENCIES:
        return False
    if any(not _LETTERS.match(word) for word in words) or compact(name) in others or compact(words[0]) in others:
        return False
    if _CASELESS.search(name):
        return len(name) <= 30
    capitals = [word for word in words if word[0].isupper()]
    small = [word for word in lower if not word[0].isupper()]
    if len(words) == 1:
        return alone and len(name) >= 3 and name[0].isupper() and not (name.isupper() and len(name) <= 5)
    if not capitals:
        return alone and len(words) <= 3
    return len(capitals) >= 2 and all(
        word[0].isupper() or word.casefold() in _PARTICLES or "'" in word or "’" in word for word in words
    ) and bool(small or capitals)
