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
    "da": "Byrådet har besluttet at lukke den gamle havnebro, fordi ingeniører fandt revner i to af pillerne.",
    "no": "Kommunestyret vedtok å stenge den gamle havnebroen fordi ingeniører fant sprekker i to av pilarene.",
    "fi": "Kaupunginvaltuusto päätti sulkea vanhan satamasillan, "
    "koska insinöörit löysivät halkeamia kahdesta pilarista.",
    "bg": "Общинският съвет реши да затвори стария мост, защото инженерите откриха пукнатини в две от колоните.",
    "sr": "Градско веће одлучило је да затвори стари мост јер су инжењери пронашли пукотине у два стуба прошле недеље.",
    "sk": "Mestské zastupiteľstvo rozhodlo uzavrieť starý prístavný most, "
    "pretože inžinieri našli praskliny v dvoch pilieroch.",
    "sl": "Mestni svet je sklenil zapreti stari pristaniški most, ker so inženirji našli razpoke v dveh stebrih.",
    "lt": "Miesto taryba nusprendė uždaryti senąjį uosto tiltą, nes inžinieriai rado įtrūkimų dviejuose jo atramose.",
    "lv": "Pilsētas dome nolēma slēgt veco ostas tiltu, jo "
    "inženieri atrada plaisas divos tā balstos pagājušajā nedēļā.",
    "et": "Linnavolikogu otsustas vana sadamasilla sulgeda, sest "
    "insenerid leidsid kahest sambast pragusid eelmisel nädalal.",
    "th": "สภาเมืองมีมติปิดสะพานท่าเรือเก่าเนื่องจากวิศวกรพบรอยร้าวที่เสาสองต้นเมื่อสัปดาห์ที่แล้ว",
    "ur": "شہر کی کونسل نے پرانے بندرگاہ کے پل کو بند کرنے "
    "کا فیصلہ کیا کیونکہ انجینئروں کو دو ستونوں میں دراڑیں ملی تھیں۔",
    "ms": "Majlis bandaraya memutuskan untuk menutup jambatan pelabuhan "
    "lama kerana jurutera menemui retakan pada dua tiang.",
    "ca": "L'ajuntament ha decidit tancar el vell pont del port "
    "perquè els enginyers han trobat esquerdes en dos pilars.",
    "sw": "Baraza la jiji limeamua kufunga daraja la zamani la "
    "bandari kwa sababu wahandisi walipata nyufa katika nguzo mbili.",
    "ta": "பழைய துறைமுகப் பாலத்தை மூட நகர சபை முடிவு செய்தது, ஏனெனில் பொறியாளர்கள் இரண்டு தூண்களில் விரிசல்களைக் கண்டறிந்தனர்.",
    "sq": "Këshilli bashkiak vendosi të mbyllë urën e vjetër "
    "të portit sepse inxhinierët gjetën plasaritje në dy shtylla.",
    "mk": "Градскиот совет одлучи да го затвори стариот мост бидејќи инженерите најдоа пукнатини во два столба.",
    "ka": "საკრებულომ გადაწყვიტა ძველი ხიდის დახურვა, რადგან ინჟინრებმა ორ ბოძში ბზარები იპოვეს გასულ კვირას.",
    "hy": "Քաղաքի խորհուրդը որոշեց փակել հին կամուրջը, քանի որ ինժեներները երկու սյուներում ճաքեր են գտել։",
    "az": "Şəhər şurası köhnə liman körpüsünü bağlamağa qərar verdi, çünki mühəndislər iki dayaqda çatlar tapıblar.",
    "kk": "Қалалық кеңес ескі көпірді жабуға шешім қабылдады, өйткені инженерлер екі тіректен жарықтар тапты.",
    "is": "Bæjarstjórn ákvað að loka gömlu hafnarbrúnni vegna þess að verkfræðingar fundu sprungur í tveimur stöplum.",
    "mr": "अभियंत्यांना दोन खांबांमध्ये तडे आढळल्याने जुना बंदर पूल बंद करण्याचा निर्णय नगर परिषदेने घेतला आहे.",
    "te": "ఇంజనీర్లు రెండు స్తంభాలలో పగుళ్లను కనుగొన్నందున పాత వంతెనను మూసివేయాలని నగర మండలి నిర్ణయించింది.",
    "zu": "Umkhandlu wedolobha unqume ukuvala ibhuloho elidala "
    "lechweba ngoba onjiniyela bathole imifantu ezinsikeni ezimbili.",
    "af": "Die stadsraad het besluit om die ou hawebrug te sluit omdat ingenieurs krake in twee pilare gevind het.",
}
"""The same in more languages."""
