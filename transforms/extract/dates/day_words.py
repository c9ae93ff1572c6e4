"""Words and class names that say what a printed date is the date of, in the languages of the feeds we know."""

from __future__ import annotations

import re

EDITED = re.compile(
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
PUBLISHED = re.compile(
    r"publi[sckqée]|posted|veröffentlich|erschienen|erstellt|created|pubblica[tz]|gepubliceerd|julkaistu|opublikowan|"
    r"zveřejněno|zverejnen|udgivet|utgitt|közzét|megjelen|objavljen|avaldatud|paskelbt|опубл[иі]к|публ[иі]к(?:уван|ац)|"
    r"argitarat|offentliggjort|vydán[oé]|размещен[оа]|добавлен[оа]|жариялан|გამოქვეყნ|հրապարակ|வெளியிட|ప్రచుర|પ્રકાશિત|"
    r"imechapishwa|"
    r"објављен|yay[ıi][nm]|dərc|dipublikasi|diterbitkan|xuất bản|ngày đăng|δημοσι|(?<!\w)(?:نشر|تاريخ النشر)(?!\w)|"
    r"انتشار|פורסם|תאריך פרסום|प्रकाशित|প্রকাশ|เผยแพร่|发布|發布|發佈|发表|發表|公開|掲載|등록|입력|게시|승인|"
    r"(?:создано|створено|creado|creato|criado|skapad|opprettet|oprettet|aangemaakt|utworzono|vytvořeno)\s?[:：]"
)
"""Both are in small letters, and so is what they are searched in (`in_small_letters`): heeding case takes a fourth of
the time."""

FIRST = re.compile(
    r"\b(?:(?:originally|first|initially) (?:published|posted|appeared|aired|released)|"
    r"(?:erstmals|zuerst|ursprünglich) (?:am \S{1,12} )?(?:veröffentlicht|erschienen|publiziert)|erstveröffentlich|"
    r"initialement publié|publiée? (?:initialement|pour la première fois)|première publication|originalmente publicad|"
    r"publicad[oa] (?:originalmente|originariamente|inicialmente|por primera vez|pela primeira vez)|"
    r"pubblicat[oa] (?:originariamente|originalmente|per la prima volta)|prima pubblicazione|"
    r"(?:oorspronkelijk|eerst) gepubliceerd|(?:ursprungligen|först) publicera|(?:opprinnelig|først) publisert|"
    r"(?:oprindeligt|først) (?:udgivet|publiceret)|alun perin julkaistu|julkaistu alun perin|"
    r"(?:pierwotnie|po raz pierwszy) opublikowan|(?:původně|poprvé) (?:publikov|zveřejn|vyšl)|"
    r"(?:впервые|первоначально|изначально) опубликован|вперше опублікован|ilk (?:yayın|giriş)|"
    r"pertama kali (?:terbit|diterbitkan|dipublikasikan|tayang)|(?:đăng|xuất bản) lần đầu|πρώτη δημοσίευση)|"
    r"نشر لأول مرة|初出|初公開|首发于|首次发布|首次發布|최초\s?(?:등록|입력|게재|승인)"
)
"""Words for the first of several publications of a text; in small letters, as above."""

POSTED = re.compile(
    r"\b(?:this (?:entry|post|article|story|page) (?:was|has been) (?:posted|published|written)|"
    r"dieser (?:beitrag|artikel|eintrag) (?:wurde|ist)|cet(?:te)? (?:entrée|article|billet|publication) a été publiée?|"
    r"est[ea] (?:entrada|artículo|post) (?:fue|ha sido) (?:publicad|escrit)[oa]|est[ae] (?:entrada|post|artigo) foi "
    r"(?:publicad|escrit)[oa]|questo (?:articolo|post) è stato (?:pubblicato|scritto)|"
    r"dit (?:bericht|artikel) (?:is|werd) (?:geplaatst|gepubliceerd)|ten wpis został opublikowany|"
    r"tento (?:příspěvek|článek) byl (?:publikován|vložen)|(?:эта )?запись (?:была )?опубликована|"
    r"det här inlägget (?:postades|publicerades)|dette (?:innlegget|indlæg) (?:ble|blev) (?:publisert|udgivet))"
)
"""Beginnings of the sentence in which themes of WordPress and others tell of the text above it."""

OTHER_LABEL = re.compile(
    r"(?:\b(?:(?:web ?)?site (?:was )?last (?:updated|modified|reviewed)|"
    r"fact.checked(?! by)|medically|expires?|received|accepted|accessed|retrieved|founded|since|born|"
    r"established|registered|joined|member since|registriert|mitglied seit|dabei seit|inscrit|registrado|registrato|"
    r"зарегистрирован|today(?:'s| is)?|heute|aujourd['’]hui|hoy|oggi|hoje|date of birth|geburtsdatum|"
    r"свидетельств\w*|регистрац\w*|лицензи\w*)|№ \S{1,20} от)\b",
    re.IGNORECASE,
)
OTHER_RANGE = re.compile(
    r"(?<![\d./:-])\d{1,2}\.?\s?(?:[-–—]|bis|to|until|till|au|al|a|до|по)\s?\d{1,2}\.?\s(?:de\s)?([^\W\d_]{3,20})",
    re.IGNORECASE,
)
"""What is, if a month ends it, the days from one to another, as events have them: "9-23 February", "9. bis 23. Mai"."""

COPYRIGHT = re.compile(r"\bcopyright\b|©|\(c\)", re.IGNORECASE)
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

COPYRIGHT_CHARS = 14
"""How close before a date the copyright sign must stand; farther away, it is that of a photograph and its author."""

EDITED_CLASS = re.compile(r"updat|modif|revis", re.IGNORECASE)
ENTRY_CLASS = re.compile(r"(?:entry|post)[-_]?(?:meta[-_])?date", re.IGNORECASE)
"""The class of a text's only date, which hAtom wants to be called "updated" too."""

PUBLISHED_CLASS = re.compile(r"publi|pub-?date|posted|created|release", re.IGNORECASE)
OTHER_CLASS = re.compile(r"event|today|current|expir|start-?date|end-?date|birth|copyright", re.IGNORECASE)
"""Class names that say what a date is the date of. Templates around the world write them in English."""


def opens_other(line: str) -> bool:
    """Whether a line begins with words for what else it dates."""
    return _OTHER_OPENING.match(line) is not None


def in_small_letters(text: str) -> str:
    """The text in small letters, each in its place: İ would become two characters, and what follows would shift."""
    return text.replace("İ", "i").lower()
