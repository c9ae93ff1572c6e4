"""The countries of a story: in many languages, by name, people, institution, city, dateline and publisher."""

from __future__ import annotations

import pytest

from tests.transforms.enrich.samples_to_enrich import SENTENCES, enriched
from transforms.enrich.enrich_article import enrich_article
from transforms.enrich.places.evidence import gather
from transforms.enrich.places.gazetteer import load_gazetteer

EN = SENTENCES["en"]


@pytest.mark.parametrize(
    ("body", "country"),
    [
        ("Den norska regeringen har i Oslo presenterat en ny lag. Norge väntar på omröstningen i stortinget.", "NO"),
        ("Den svenske regjeringen la i Stockholm fram en ny lov. Sverige venter på avstemningen.", "SE"),
        ("Den tyske regering har i Berlin fremlagt en ny lov. Tyskland venter på afstemningen.", "DE"),
        ("Ruotsin hallitus esitteli Tukholmassa uuden lain. Ruotsalaiset äänestävät syyskuussa.", "SE"),
        ("De Duitse regering heeft in Berlijn een nieuwe wet gepresenteerd. Duitsland wacht op de stemming.", "DE"),
        ("Rząd w Berlinie przedstawił nową ustawę. W Niemczech trwa debata, niemieccy posłowie głosują.", "DE"),
        ("Německá vláda představila v Berlíně nový zákon. V Německu se čeká na hlasování poslanců.", "DE"),
        ("Уряд Польщі представив у Варшаві новий закон. Польські депутати голосують у п’ятницу.", "PL"),
        ("Германското правителство представи в Берлин новия закон. Германия очаква гласуването.", "DE"),
        ("Немачка влада је у Берлину представила нови закон. У Немачкој се чека гласање.", "DE"),
        ("Η γερμανική κυβέρνηση παρουσίασε στο Βερολίνο τον νέο νόμο. Η Γερμανία περιμένει την ψηφοφορία.", "DE"),
        ("A német kormány Berlinben bemutatta az új törvényt. Németországban pénteken szavaznak.", "DE"),
        ("Guvernul german a prezentat la Berlin noua lege. Germania așteaptă votul deputaților.", "DE"),
        ("Vokietijos vyriausybė Berlyne pristatė naują įstatymą. Vokietijoje laukiama balsavimo.", "DE"),
        ("Saksamaa valitsus tutvustas Berliinis uut seadust. Saksamaal oodatakse hääletust.", "DE"),
        ("Almanya hükümeti Berlin’de yeni yasayı tanıttı. Alman milletvekilleri cuma günü oy kullanacak.", "DE"),
        ("El govern francès va presentar a París la nova llei. França espera la votació de divendres.", "FR"),
        ("法国政府公布了新的法律。巴黎发生了抗议活动，许多法国人表示反对。", "FR"),
        ("프랑스 정부는 새로운 법을 발표했다. 파리에서는 항의 시위가 벌어졌고 많은 프랑스인들이 반대하고 있다.", "FR"),
        ("أعلنت الحكومة الفرنسية في باريس قانونا جديدا. وتنتظر فرنسا تصويت البرلمان يوم الجمعة.", "FR"),
        ("دولت فرانسه در پاریس قانون جدیدی را اعلام کرد. فرانسه منتظر رأی مجلس است.", "FR"),
        ("ממשלת צרפת הציגה בפריז חוק חדש. צרפת ממתינה להצבעה ביום שישי.", "FR"),
        ("फ़्रांस की सरकार ने पेरिस में नया कानून पेश किया। फ़्रांस में शुक्रवार को मतदान होगा।", "FR"),
        ("ফ্রান্স সরকার প্যারিসে নতুন আইন ঘোষণা করেছে। ফ্রান্সে শুক্রবার ভোট হবে।", "FR"),
        ("รัฐบาลฝรั่งเศสประกาศกฎหมายใหม่ในปารีส ฝรั่งเศสจะลงคะแนนในวันศุกร์", "FR"),
        ("საფრანგეთის მთავრობამ პარიზში ახალი კანონი წარადგინა. საფრანგეთი კენჭისყრას ელოდება.", "FR"),
        ("Chính phủ Pháp công bố luật mới tại Paris. Nước Pháp chờ cuộc bỏ phiếu vào thứ Sáu.", "FR"),
    ],
)
def test_a_country_is_found_in_the_languages_of_the_world(body: str, country: str) -> None:
    assert enriched(body).countries[0] == country


@pytest.mark.parametrize(
    ("body", "countries"),
    [
        ("The Kremlin said that it would answer the letter. The answer is expected on Friday.", ("RU",)),
        ("Downing Street said that it would answer the letter. The answer is expected on Friday.", ("GB",)),
        ("Der Bundestag hat das Gesetz beschlossen. Die Opposition will klagen.", ("DE",)),
        ("La Casa Blanca respondió a la carta. La respuesta se esperaba el viernes.", ("US",)),
        ("Ледокол вышел в море, сообщили в Кремле. Кремль ждёт ответа в пятницу.", ("RU",)),
        ("L’Allemagne et l’Italie ont signé un accord. Les ministres de l’Italie s’en félicitent.", ("DE", "IT")),
        ("新华社上海3月2日电 上海市政府今天公布了新的规定，市民可以在网上办理。", ("CN",)),
        ("日米の両政府は会談を行い、日米の協力を確認した。会談は一時間に及んだ。", ("JP", "US")),
    ],
)
def test_institutions_elisions_and_pairs_name_countries(body: str, countries: tuple[str, ...]) -> None:
    assert enriched(body).countries == countries


@pytest.mark.parametrize(
    "body",
    [
        "The maker reported sales of 3 billion US dollars. Its phone is sold for 400 Swiss francs from March on.",
        "Fry the onions, then serve them with French fries, Greek yogurt and Swiss cheese while the pan is still hot.",
        "The singer, who speaks French and German, said that her songs are in English and Spanish.",
        "The critic of the Washington Post liked the album, and so did the one of the Chicago Tribune, for its drums.",
        "Flavia Beispiel met Orlando Sample, and Sydney Example sang for them until the bar closed late at night.",
        "The tourists had nice weather, and the mobile of the guide rang. Reading is fun, and so is a bath in spring.",
    ],
)
def test_currencies_dishes_languages_papers_and_people_are_no_countries(body: str) -> None:
    assert enriched(body).countries == ()


def test_a_name_that_countries_share_is_the_one_that_the_rest_of_the_text_speaks_of() -> None:
    spanish = "Firefighters in Valencia put out the fire. The Spanish minister came, and Spain was in mourning. " + EN
    venezuelan = "Firefighters in Valencia put out the fire. Venezuela was in mourning, its minister said. " + EN
    assert enriched(spanish).countries == ("ES",)
    assert enriched(venezuelan).countries == ("VE",)


def test_a_town_counts_only_beside_its_country() -> None:
    body = "The bridge of Penticton is closed. The mayor of Penticton said that cracks were found, and more may be."
    assert enriched(body).countries == ()
    told = enriched(body, publisher_domain="example.ca").facts_sources
    assert told is not None
    assert dict(told)["countries"] == "text"


def test_a_country_in_passing_is_none_and_one_in_many_sentences_is() -> None:
    long = "Kenya’s parliament met in Nairobi. The Kenyan minister spoke. " + 8 * f"Kenya waits. {EN} "
    passing = long + "A guest had come from Peru."
    often = long.replace("Kenya waits.", "Kenya waits for Peru.")
    assert enriched(passing).countries == ("KE",)
    assert enriched(often).countries == ("KE", "PE")


def test_the_country_that_is_named_first_leads() -> None:
    body = "Ghana sold cocoa to Togo. Togo paid, and its people were glad. " + EN
    assert enriched(body, headline="Ghana and Togo agree").countries == ("GH", "TG")
    assert enriched(body, headline="Togo and Ghana agree").countries == ("TG", "GH")


@pytest.mark.parametrize(
    ("headline", "body", "domain", "source"),
    [
        ("Ghana votes", EN, "example.org", "headline"),
        (None, "The people of Ghana voted. Ghana waits. " + EN, "example.org", "text"),
        (None, "ACCRA (AP) — " + EN, "example.org", "dateline"),
        (None, EN, "example.com.gh", "publisher"),
    ],
)
def test_facts_sources_says_what_told_the_first_country(
    headline: str | None, body: str, domain: str, source: str
) -> None:
    article = enriched(body, headline=headline, publisher_domain=domain)
    assert article.countries == ("GH",)
    assert dict(article.facts_sources or ())["countries"] == source


def test_a_publishers_country_is_left_out_where_another_is_the_storys() -> None:
    body = "The people of Ghana voted. Ghana waits for the result, which Accra expects on Friday. " + EN
    assert enriched(body, publisher_domain="example.co.uk").countries == ("GH",)


def test_an_empty_text_and_a_removed_line_name_no_country() -> None:
    assert enriched("", headline="Ghana votes", publisher_domain="example.co.uk").countries == ()
    assert "countries" not in dict(enriched(EN).facts_sources or ())


def test_facts_told_anew_are_the_same() -> None:
    article = enriched(
        "Ghana sold cocoa to Togo. Togo paid. " + EN, in_language="en-GB", publisher_domain="example.com"
    )
    assert enrich_article(article) == article


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Mr. Roe came. He left? So it is 3.5."), ("ur", "وہ آئے۔ وہ گئے؟ سب ٹھیک ہے۔"), ("am", "መጣ። ሄደ። ደህና ነው።")],
)
def test_sentences_end_by_the_signs_of_their_script(language: str, text: str) -> None:
    assert gather("", text, None, load_gazetteer(language)).sentences == 3 + text.count("Mr. ")
