"""Articles for the tests of enrichment, written for them."""

from __future__ import annotations

from typing import Any

from schemas.article import Article
from transforms.enrich.enrich_article import enrich_article


def enriched(body: str, **values: Any) -> Article:
    """The enriched article with this body; whatever else matters to a test is given by name."""
    return enrich_article(article_of(body, **values))


def article_of(body: str, **values: Any) -> Article:
    """An article with this body, as cleaning leaves it."""
    blank: dict[str, Any] = dict.fromkeys(
        (
            "article_id",
            "url",
            "canonical_url",
            "feed_url",
            "entry_id",
            "run_id",
            "body_source",
            "extractor",
            "content_hash",
        ),
        "",
    )
    blank |= {"publisher_domain": "example.org", "publisher_name": None, "fetched_at_us": 0, "ingested_at_us": 0}
    return Article(**(blank | {"article_body": body} | values))


SENTENCES = {
    "en": "The council voted to close the old harbour bridge because engineers had found cracks in two pillars.",
    "de": "Der Stadtrat hat beschlossen, die alte Hafenbrücke zu sperren, weil Ingenieure Risse gefunden hatten.",
    "fr": "Le conseil municipal a décidé de fermer le vieux pont parce que des ingénieurs ont trouvé des fissures.",
    "es": "El ayuntamiento decidió cerrar el viejo puente porque los ingenieros hallaron grietas en dos pilares.",
    "it": "Il consiglio comunale ha deciso di chiudere il vecchio ponte perché gli ingegneri hanno trovato crepe.",
    "pt": "A câmara municipal decidiu fechar a velha ponte porque os engenheiros encontraram fissuras nos pilares.",
    "nl": "De gemeenteraad besloot de oude havenbrug te sluiten omdat ingenieurs scheuren in twee pijlers vonden.",
    "pl": "Rada miejska postanowiła zamknąć stary most, ponieważ inżynierowie znaleźli pęknięcia w dwóch filarach.",
    "ru": "Городской совет решил закрыть старый мост, потому что инженеры нашли трещины в двух его опорах.",
    "tr": "Belediye meclisi, mühendisler iki ayakta çatlak bulduğu için eski köprünün kapatılmasına karar verdi.",
    "ja": "市議会は、技術者が二本の橋脚に亀裂を見つけたため、古い港の橋を閉鎖することを決めた。"
    "工事は秋まで続く。住民には迂回路が案内される。",
    "ko": "시의회는 기술자들이 교각 두 곳에서 균열을 발견함에 따라 오래된 항구 다리를 폐쇄하기로 결정했다. "
    "공사는 가을까지 이어지며 주민들에게는 우회로가 안내된다.",
}

STORIES = SENTENCES | {
    "uk": "Міська рада вирішила закрити старий міст, бо інженери знайшли тріщини у двох його опорах минулого тижня.",
    "zh": "市议会决定关闭旧港口大桥，因为工程师在两根桥墩上发现了裂缝。"
    "工程将持续到秋天，居民需绕行其他道路前往市中心。",
    "zh-tw": "市議會決定關閉舊港口大橋，因為工程師在兩根橋墩上發現裂縫。"
    "工程將持續到秋天，居民需繞行其他道路前往市中心。",
    "ar": "قرر المجلس البلدي إغلاق الجسر القديم في الميناء بعد أن وجد "
    "المهندسون شقوقا في اثنين من أعمدته الأسبوع الماضي.",
    "fa": "شورای شهر تصمیم گرفت پل قدیمی بندر را ببندد زیرا مهندسان در دو ستون آن ترک پیدا کرده بودند.",
    "hi": "नगर परिषद ने पुराने बंदरगाह पुल को बंद करने का फैसला किया क्योंकि इंजीनियरों को दो खंभों में दरारें मिली थीं।",
    "el": "Το δημοτικό συμβούλιο αποφάσισε να κλείσει την παλιά γέφυρα "
    "επειδή οι μηχανικοί βρήκαν ρωγμές σε δύο κολόνες.",
    "he": "מועצת העיר החליטה לסגור את גשר הנמל הישן משום שהמהנדסים מצאו סדקים בשניים מעמודיו בשבוע שעבר.",
    "cs": "Městská rada rozhodla uzavřít starý přístavní most, protože inženýři našli praskliny ve dvou jeho pilířích.",
    "id": "Dewan kota memutuskan menutup jembatan pelabuhan tua karena para insinyur menemukan retakan pada dua pilar.",
    "sv": "Kommunfullmäktige beslutade att stänga den gamla hamnbron "
    "eftersom ingenjörer hade hittat sprickor i två pelare.",
    "hu": "A városi tanács úgy döntött, hogy lezárja a régi hidat, mert a mérnökök repedéseket találtak két pilléren.",
    "ro": "Consiliul local a hotărât să închidă vechiul pod al portului "
    "deoarece inginerii au găsit fisuri în doi piloni.",
    "hr": "Gradsko vijeće odlučilo je zatvoriti stari lučki most jer su "
    "inženjeri pronašli pukotine u dva stupa prošlog tjedna.",
    "vi": "Hội đồng thành phố quyết định đóng cửa cây cầu cảng cũ vì các kỹ sư phát hiện vết nứt ở hai trụ cầu.",
    "bn": "পুরোনো বন্দরের সেতুটি বন্ধ করার সিদ্ধান্ত নিয়েছে নগর পরিষদ, কারণ প্রকৌশলীরা দুটি স্তম্ভে ফাটল পেয়েছেন।",
}
"""The same in more languages."""
