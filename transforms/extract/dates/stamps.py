"""Dates that a page prints or marks: what each one is the date of, where it stands, and which is the article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from transforms.extract.dates.dates import DatedBy, DateSource, dated_by
from transforms.extract.dates.other_days import is_sentence
from transforms.extract.page.page_marks import MAX_LABEL_CHARS, Aside, Stamp
from transforms.text.dates.day_order import Habits
from transforms.text.dates.instants import day_instant, read_instant
from transforms.text.dates.printed_dates import dates_in

_EDITED = re.compile(
    r"\b(?:updat|modif|revis|reviewed|edited|last (?:edited|checked)|aktualisier|zuletzt|stand:|geändert|"
    r"mise? à jour|actualizad|actualitzad|actualizat|aggiornat|atualizad|bijgewerkt|gewijzigd|opgedateer|eguneratu|"
    r"oppdatert|endret|uppdaterad|ändrad|redigerad|opdateret|redigeret|uppfært|päivitetty|muokattu|uuendatud|muudetud|"
    r"atnaujint|atjaunot|labots|zaktualizowan|aktualizacja|zmieniono|aktualizov|aktualizác|aktualizac|upraven|změněn|"
    r"frissít|módosít|ažuriran|izmijenjen|izmena|posodobljen|përditësua|ndryshuar|güncelle|yenilən|yangilan|"
    r"diperbar|dikemas ?kini|kemas ?kini|imesasishwa|cập nhật|обновл?ен|оновлен|изм[еі]н[её]н|змінен|редактирован|"
    r"отредактирован|редагован|актуализиран|ажуриран|жаңарт|янгилан|шинэчил|ενημερ|τροποποι|განახლ|թարմաց|"
    r"آخر تحديث|تحديث|به.?روز.?رسانی|ویرایش|اپ ?ڈیٹ|עודכן|עדכון|अपडेट|संशोधित|আপডেট|হালনাগাদ|અપડેટ)|"
    r"ปรับปรุง|แก้ไข|อัปเดต|อัพเดต|อัพเดท|புதுப்பி|అప్‌?డేట్|അപ്ഡേറ്റ്|更新|修改|修订|修訂|编辑于|업데이트|수정"
)
_PUBLISHED = re.compile(
    r"publi[sckqée]|posted|veröffentlicht|erschienen|erstellt|created|pubblicat|gepubliceerd|julkaistu|opublikowan|"
    r"zveřejněno|zverejnen|udgivet|utgitt|közzét|megjelen|objavljen|avaldatud|paskelbt|опубл[иі]к|публ[иі]куван|"
    r"објављен|yay[ıi][nm]|dərc|dipublikasi|diterbitkan|xuất bản|ngày đăng|δημοσι|(?<!\w)(?:نشر|تاريخ النشر)(?!\w)|"
    r"انتشار|פורסם|תאריך פרסום|प्रकाशित|প্রকাশ|เผยแพร่|发布|發布|發佈|发表|發表|公開|掲載|등록|입력|게시|승인|"
    r"(?:создано|створено|creado|creato|criado|skapad|opprettet|oprettet|aangemaakt|utworzono|vytvořeno)\s?[:：]"
)
"""Both are in small letters, and so is what they are searched in (`_in_small_letters`): heeding case takes a fourth of
the time."""

_OTHER_LABEL = re.compile(
    r"\b(?:fact.checked|medically|expires?|received|accepted|accessed|retrieved|founded|since|born|"
    r"established|registered|joined|member since|registriert|mitglied seit|dabei seit|inscrit|registrado|registrato|"
    r"зарегистрирован|today(?:'s| is)?|heute|aujourd['’]hui|hoy|oggi|hoje|date of birth|geburtsdatum|"
    r"свидетельств\w*|регистрац\w*|лицензи\w*|№ \S{1,20} от)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"\bcopyright\b|©|\(c\)", re.IGNORECASE)
"""Words before a date that say what it is the date of, in the languages of the feeds we know."""

_OTHER_OPENING = re.compile(
    r"\W*(?:deadline|valid (?:until|till|from|through)|effective|(?:starts|begins|ends|opens|closes|due)\b|"
    r"comments? clos|next \w+|(?:photo\w*|image|picture|video) (?:taken|from|of|dated|captured)|taken|captured|filmed|"
    r"(?:foto\w*|bild|aufnahme) (?:vom|von|du|del|de|dal|di|van)\b|einsendeschluss|anmeldeschluss|nächste|prochaine?|"
    r"próxim[oa]|prossim[oa]|scadenza|plazo|"
    r"(?:(?:event|session|meeting|hearing|start|end|due|closing|photo)(?: date)?|when|wann|termin\w*|beginn|ende|foto|"
    r"photo|quand|début|fin|cuándo|inicio|fecha del evento|quando|inizio|fine|когда|начало|дата проведения|фото|"
    r"写真|撮影日?|開催日|締切)\s?[:：])",
    re.IGNORECASE,
)
"""Beginnings of lines with the date of something else: an event, a deadline, a photograph."""

_COPYRIGHT_CHARS = 14
"""How close before a date the copyright sign must stand; farther away, it is that of a photograph and its author."""

_EDITED_CLASS = re.compile(r"updat|modif|revis", re.IGNORECASE)
_ENTRY_CLASS = re.compile(r"(?:entry|post)[-_]?(?:meta[-_])?date", re.IGNORECASE)
"""The class of a text's only date, which hAtom wants to be called "updated" too."""

_PUBLISHED_CLASS = re.compile(r"publi|pub-?date|posted|created|release", re.IGNORECASE)
_OTHER_CLASS = re.compile(r"event|today|current|expir|start-?date|end-?date|birth|copyright", re.IGNORECASE)
"""Class names that say what a date is the date of. Templates around the world write them in English."""

_YEAR = re.compile(r"\d{4}")
_MAX_BARE_DAYS = 4
"""More days than these near the headline, none of them marked, belong to a list or a chronicle."""

_MIN_LISTED_DAYS = 3
"""So many days, each marked and none later than the one before, are those of a list, and no chance."""

_MAX_LINE_CHARS = 64
"""A longer text with a date in it is a caption or a sentence, unless it says what the date is."""


_MAX_DATE_CHARS = 30
"""The longest line that holds a date and nothing else, such as "Wednesday, September 24, 2025"."""


class DayOf(IntEnum):
    """What a page says that a date is the day of; of PLAIN ones it says nothing."""

    PUBLISHED = 0
    PLAIN = 1
    EDITED = 2


class Printed(NamedTuple):
    """A printed date, and what the page says of it."""

    dated: DatedBy
    of: DayOf
    stamp: Stamp

    @property
    def is_bare(self) -> bool:
        """Whether nothing marks it as the date of the article: neither element, nor class, nor label."""
        return self.of == DayOf.PLAIN and self.stamp.kind == "text" and not self.stamp.is_date

    @property
    def day(self) -> date:
        """The day that a reader sees."""
        return self.dated.day

    def rank(self) -> tuple[int, int, bool, int]:
        """Sort key; the least is the best: not beside the article, called a publication, marked as a date, close below
        the headline."""
        away = self.stamp.away
        return self.stamp.aside, self.of, self.is_bare, away if away >= 0 else -2 * away


def publications(printed: Sequence[Printed]) -> list[Printed]:
    """The printed dates that may be the publication's, the best first.

    Those near the headline, if there are any. Otherwise dates from anywhere on the page, if they all are the same day
    (several days are those of several texts): dates called a publication; else dates marked as dates; else, if the page
    states no edit, dates on a line of their own. A plain date on the day of a stated edit is that of the edit. Where
    the page lists texts, the newest first, the newest one's is the page's.
    """
    edited = {one.day for one in printed if one.of == DayOf.EDITED and one.stamp.near}
    able = [one for one in printed if one.of == DayOf.PUBLISHED or (one.of == DayOf.PLAIN and one.day not in edited)]
    near = sorted((one for one in able if one.stamp.near), key=Printed.rank)
    if len({one.day for one in near if one.is_bare}) > _MAX_BARE_DAYS:
        near = [one for one in near if not one.is_bare]
    if near:
        return near
    within = [one for one in able if one.stamp.held != "aside"]
    for kept in (
        [one for one in able if one.of == DayOf.PUBLISHED],
        [one for one in within if not one.is_bare],
        [one for one in within if len(one.stamp.text) <= _MAX_DATE_CHARS and not edited],
    ):
        if kept and len({one.day for one in kept}) == 1:
            return [kept[0]]
    return _newest_of_list([one for one in within if one.stamp.aside is Aside.WITHIN and not one.is_bare])


def _newest_of_list(marked: Sequence[Printed]) -> list[Printed]:
    """The first of several marked dates, if each is no later than the one above it, as where a page lists texts."""
    days = [one.day for one in marked]
    is_newest_first = all(upper >= lower for upper, lower in pairwise(days))
    return [marked[0]] if is_newest_first and len({*days}) >= _MIN_LISTED_DAYS else []


def edits(printed: Sequence[Printed]) -> list[DatedBy]:
    """The dates that the page calls those of an edit, the best first: those near the headline; else, if the page calls
    no other date its publication, one from anywhere on the page that is the only such day.
    """
    called = [one for one in sorted(printed, key=Printed.rank) if one.of == DayOf.EDITED]
    near = [one for one in called if one.stamp.near]
    if not near and len({one.day for one in called}) == 1 and all(one.of != DayOf.PUBLISHED for one in printed):
        near = called[:1]
    return [one.dated for one in near]


def read_stamps(stamps: Iterable[Stamp], habits: Habits) -> Iterator[Printed]:
    """The dates in stamps that are not clearly those of something else: an event, a copyright, a comment.

    A date in the head of the page is today's, and a date in a sentence is that of what the sentence tells, unless the
    page calls it a publication or an edit.
    """
    for stamp in stamps:
        told = stamp.label, stamp.text
        if _OTHER_CLASS.search(stamp.names) or any(map(_OTHER_LABEL.search, told)):
            continue
        if _COPYRIGHT.search(stamp.text) is not None or _COPYRIGHT.search(stamp.label[-_COPYRIGHT_CHARS:]) is not None:
            continue
        of = _kind(stamp)
        if of == DayOf.PLAIN and (stamp.masthead or stamp.held == "caption" or any(map(_OTHER_OPENING.match, told))):
            continue
        small = _in_small_letters(stamp.text)
        cut = _EDITED.search(small)
        if of == DayOf.PLAIN and ((len(stamp.text) > _MAX_LINE_CHARS and cut is None) or _is_told(stamp)):
            continue
        if stamp.kind != "text" and cut is None and (instant := read_instant(stamp.text, habits)) is not None:
            yield Printed(_as_shown(dated_by(instant, DateSource.TIME_ELEMENT), stamp, habits), of, stamp)
        elif cut is None:
            yield from _days(stamp.text, of, stamp, habits)
        else:  # one line may state both: "Published 1 March 2026, updated 2 March 2026"
            again = _PUBLISHED.search(small, cut.end())
            end = again.start() if again is not None else len(stamp.text)
            yield from _days(stamp.text[: cut.start()], of, stamp, habits)
            yield from _days(stamp.text[cut.start() : end], DayOf.EDITED, stamp, habits)
            yield from _days(stamp.text[end:], DayOf.PUBLISHED, stamp, habits)


def _as_shown(dated: DatedBy, stamp: Stamp, habits: Habits) -> DatedBy:
    """The instant in an element's attribute, on the day that the element shows.

    Where it shows a day farther away than a zone explains, and calls it the publication's, that day: the attribute
    tells the last edit.
    """
    shown = {*dates_in(stamp.shown, habits, is_date=True)} if stamp.shown else set()
    if len(shown) != 1:
        return dated
    day = shown.pop()
    if abs((day - dated.day).days) <= 1:
        return dated._replace(day=day)
    if _PUBLISHED.match(_in_small_letters(stamp.shown)) is not None:
        return dated_by(day_instant(day.year, day.month, day.day), dated.source)
    return dated


def _is_told(stamp: Stamp) -> bool:
    """Whether a sentence tells the date without calling it the text's own."""
    line = _in_small_letters(stamp.line)
    if _PUBLISHED.search(line) is not None or _EDITED.search(line) is not None:
        return False
    return is_sentence(stamp.line, is_heading=stamp.held == "heading" and not stamp.line[:1].isdigit())


def _in_small_letters(text: str) -> str:
    """The text in small letters, each in its place: İ would become two characters, and what follows would shift."""
    return text.replace("İ", "i").lower()


def _kind(stamp: Stamp) -> DayOf:
    if _YEAR.search(stamp.label) is not None:  # what stands before is another date with words of its own
        stamp = stamp._replace(label="")
    label = _in_small_letters(stamp.label or stamp.line.partition(stamp.shown or stamp.text)[0][-MAX_LABEL_CHARS:])
    if stamp.kind.startswith("datemodified") or _EDITED.search(label):
        return DayOf.EDITED
    if stamp.kind == "datepublished" or _PUBLISHED.search(label) or _PUBLISHED.match(_in_small_letters(stamp.text)):
        return DayOf.PUBLISHED
    if _PUBLISHED_CLASS.search(stamp.names):
        return DayOf.PUBLISHED if stamp.near else DayOf.PLAIN
    return DayOf.EDITED if _EDITED_CLASS.search(stamp.names) and not _ENTRY_CLASS.search(stamp.names) else DayOf.PLAIN


def _days(text: str, of: DayOf, stamp: Stamp, habits: Habits) -> Iterator[Printed]:
    for day in dates_in(text, habits, is_date=stamp.kind != "text" or stamp.is_date or of != DayOf.PLAIN):
        source = DateSource.TEXT if stamp.kind == "text" else DateSource.TIME_ELEMENT
        yield Printed(dated_by(day_instant(day.year, day.month, day.day), source), of, stamp)
