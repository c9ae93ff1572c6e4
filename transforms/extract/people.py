"""Names of people out of a byline: no desk, no agency, no publisher, no role, date or "by" glued on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from transforms.extract.printed_dates import month_of

FULL, ALONE, ANY = 0, 1, 2
"""How far a text is trusted to be a name: only two words with capitals or more; also one word with a capital; also
words in small letters, as in the name of an account."""

MAX_BYLINE_CHARS = 300
_MAX_CASELESS_CHARS = 30
_MAX_NAME_CHARS = 50
_MAX_WORDS = 6

BY_WORDS = (
    "words by|story by|text by|written by|posted by|published by|created by|authored by|reported by|article by|"
    "by author|by|authors?|author's name|writer|contributors?|reporter|"
    "geschrieben von|verfasst von|ein beitrag von|ein artikel von|von|autorin|autoren|autor/in|"
    "par|écrit par|rédigé par|publié par|propos recueillis par|auteur|auteurs|autrice|"
    "por|escrito por|publicado por|redactado por|autor|autora|autores|"
    "di|a cura di|scritto da|pubblicato da|autore|autrice|"
    "door|geschreven door|av|tekst av|skrevet av|skriven av|af|skrevet af|kirjoittaja|teksti|szerző|írta|"
    "autorzy|napisał|napisała|napsal|napsala|scris de|publicat de|yazan|yazar|oleh|penulis|tác giả|"
    "автор|авторы|автори|текст|συγγραφέας|γράφει ο|γράφει η|מאת|بقلم|الكاتب|كتب"
)
_BY = re.compile(rf"(?:{BY_WORDS})(?:\s*[:：]\s*|\s+|$)", re.IGNORECASE)
_SMALL_BY = frozenset("by von par por di door av af".split())
_SEPARATORS = " \t-–—•·|/,:"
"""What stands before a name in a byline, in the languages of the feeds we know."""

_LABEL_CHARS = 40
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
_DEGREES = frozenset(
    "ba bs bsc bsn ma ms msc msn mba mph mha msw mfa med llm llb jd esq md do dds dmd dvm vmd dnp pharmd psyd phd dphil "
    "edd rd rdn ld ldn rn aprn np pa pa-c lcsw lmft lpc cfp cfa cpa ea pe aia pmp facs facp faap obe mbe cbe mp mep qc "
    "kc frcp mrcp mbbs mb".split()
)
"""What may follow a name after a comma as a part of it."""

_DESK_PART = re.compile(r"admin|edit|desk|news|press|redak|redac|redaz|team|staff|web|site|user|blog|media|info|test")
_EDGES = " .,:;|-–—*'’\"“”()"
_AGENCIES = frozenset(
    "reuters afp dpa apa efe ansa ap ap. upi pti ani ians tass tanjug lusa belga anp ntb tt ritzau stt pap ctk mti "
    "xinhua kyodo yonhap bloomberg associated france-presse keystone-sda sda epd kna europa reuters/ap".split()
)


def people_in(text: str, others: Collection[str], trust: int) -> Iterator[str]:
    """The people that one line of a byline names, in order, as printed.

    `others` are names that are no person here: the publisher's in compact form (`compact`), and its domain. `trust`
    says how names may look: FULL, ALONE or ANY. Linear in the text's length; a text longer than MAX_BYLINE_CHARS is no
    byline and gives nothing.
    """
    text = " ".join(text.split()) if len(text) <= MAX_BYLINE_CHARS else ""
    if "@" in text or any(other in text.casefold() for other in others if "." in other):
        return
    line = without_by(text)
    cut = _CUT.search(line, 1)
    if cut is not None:
        line = line[: cut.start()]
    found = False
    for part in _AND.split(line):
        first, *rest = _COMMA.split(part)
        for n, name in enumerate((first, *rest)):
            name = without_by(name).strip(_EDGES)
            if not is_person(name, others, FULL if found else trust):
                if n or found:  # "Ada Lind, senior editor": what follows says more of her
                    break
                continue
            found = True
            yield name + _post_nominals(rest[n:])


def _post_nominals(parts: Sequence[str]) -> str:
    """The degrees and licences that follow a name, as printed: ", MD, PhD"."""
    kept: list[str] = []
    for part in parts:
        text = part.strip(_EDGES)
        known = text.replace(".", "").casefold() in _DEGREES
        if not known and not (kept and text.isupper() and text.isalpha() and text.casefold() not in _AGENCIES):
            break
        kept.append(text)
    return "".join(f", {text}" for text in kept)


def without_by(text: str) -> str:
    """The text without the words that introduce a name, however many there are, and the separators before them."""
    text = text.lstrip(_SEPARATORS)
    for _ in range(3):
        match = _BY.match(text)
        if match is None:
            break
        text = text[match.end() :].lstrip(_SEPARATORS)
    return text


def opens_byline(text: str) -> bool:
    """Whether a text begins with such words, or is a label that ends in them. Quick where neither, as nearly always."""
    words = text.split()
    if not words:
        return False
    first = words[1] if len(words) > 1 and words[0] in _SEPARATORS else words[0]
    if first.rstrip(":：").casefold() in _FIRST_WORDS:
        return _BY.match(" ".join(words).lstrip(_SEPARATORS)) is not None
    return words[-1].rstrip(":：").casefold() in _SMALL_BY and is_label(" ".join(words))


def is_label(text: str) -> bool:
    """Whether the text is nothing but words that introduce a name: "Written by", "Autor:", "by"."""
    if not 2 <= len(text) <= _LABEL_CHARS:
        return False
    return _ENDS_IN_BY.search(text) is not None or (_BY.match(text) is not None and not without_by(text))


def is_strong_label(text: str) -> bool:
    """Whether a label says that an author follows, and not only "by", which stands in any sentence."""
    return is_label(text) and text.strip(_SEPARATORS).casefold() not in _SMALL_BY


def compact(text: str) -> str:
    """A name as two spellings of it are compared: letters and digits only, in one case."""
    return _COMPACT.sub("", text).casefold()


def is_person(name: str, others: Collection[str], trust: int) -> bool:
    """Whether a text can be a person's name: what names look like, and none of the words that say otherwise."""
    if not 2 <= len(name) <= _MAX_NAME_CHARS or not _LETTERS.match(name):
        return False
    words = _WORD.findall(name)
    lower = [word.casefold() for word in words]
    pieces = {piece for word in lower for piece in (word, word.rstrip("."), *word.split("-"))}
    if len(words) > _MAX_WORDS or pieces & _NO_PERSON or pieces & _ROLES or pieces & _AGENCIES:
        return False
    if any(not _LETTERS.match(word) for word in words) or compact(name) in others or compact(words[0]) in others:
        return False
    if _CASELESS.search(name):
        return len(name) <= _MAX_CASELESS_CHARS
    if len(words) == 1:
        return (trust >= ALONE and _is_given_name(name)) or (trust >= ANY and _is_account(name))
    if not any(word[0].isupper() for word in words):
        return trust >= ANY and len(words) <= 3
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 2 and all(
        word[0].isupper() or word.casefold() in _PARTICLES or "'" in word or "’" in word for word in words
    )


def _is_given_name(name: str) -> bool:
    """One word that may be a name: a capital, no acronym, no month."""
    return len(name) >= 3 and name[0].isupper() and not (name.isupper() and len(name) <= 5) and month_of(name, None) is None


def _is_account(name: str) -> bool:
    """The name of an account that may be a person's, and says nothing of a desk."""
    return len(name) >= 4 and name.isalpha() and name.islower() and _DESK_PART.search(name) is None
