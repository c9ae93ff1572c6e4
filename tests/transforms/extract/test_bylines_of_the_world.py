"""Bylines in many languages and scripts: words before a name, between two, behind one, and what stands beside them."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import PROSE, authors_of, json_ld, metadata_of, story

LANGUAGES = [
    # language, by, and, two names, role
    ("af", "Deur", "en", "Pieter van der Lind", "Anna-Marie du Berg", "Verslaggewer"),
    ("am", "በ", "እና", "አዳ ሊንድ", "ሰለሞን በቀለ", "ጋዜጠኛ"),
    ("ar", "بقلم", "و", "آدا ليند", "محمد بن بيرغ", "مراسل"),
    ("az", "Müəllif", "və", "Əli Lindzadə", "Günel Məmmədova", "Müxbir"),
    ("be", "Аўтар", "і", "Ўладзімір Лінд", "Ірына Бярозка", "Журналіст"),
    ("bg", "Автор", "и", "Щерю Линдов", "Юлия Йорданова", "Репортер"),
    ("bn", "লেখক", "ও", "আদা লিন্ড", "সুনীল দাস", "প্রতিবেদক"),
    ("ca", "Per", "i", "Ada Puig i Lind", "Laia Ferré", "Redactora"),
    ("cs", "Autor", "a", "Řehoř Lind", "Šárka Žďárská", "Redaktor"),
    ("el", "Του", "και", "Άδα Λίντη", "Ηλίας Μπεργής", "Δημοσιογράφος"),
    ("en", "By", "and", "Ngũgĩ wa Lind", "Siti Lind binti Ahmad", "Reporter"),
    ("eu", "Egilea", "eta", "Itziar Lindaberri", "Koldo Bergara", "Kazetaria"),
    ("fa", "نویسنده", "و", "آدا لیند", "محمدرضا برگ‌زاده", "خبرنگار"),
    ("ga", "Le", "agus", "Ádhamh Ó Lind", "Máire Ní Bheirg", "Iriseoir"),
    ("gu", "લેખક", "અને", "આદા લિન્ડ", "સુનીલ પટેલ", "પત્રકાર"),
    ("hu", "Írta", "és", "Őze Lind Ádám", "Űrmössy Éva", "Újságíró"),
    ("hy", "Հեղինակ", "և", "Ադա Լինդյան", "Բո Բերգյան", "Լրագրող"),
    ("ka", "ავტორი", "და", "ადა ლინდი", "ბო ბერგიძე", "ჟურნალისტი"),
    ("kk", "Автор", "және", "Әсел Қуанышқызы", "Өмір Ұлан", "Тілші"),
    ("km", "ដោយ", "និង", "អាដា លីន", "សុខ ចាន់", "អ្នកយកព័ត៌មាន"),
    ("kn", "ಲೇಖಕ", "ಮತ್ತು", "ಆಡಾ ಲಿಂಡ್", "ಸುನಿಲ್ ಕುಮಾರ್", "ವರದಿಗಾರ"),
    ("ku", "Nivîskar", "û", "Şêrko Lind", "Çiya Berg", "Rojnamevan"),
    ("lo", "ໂດຍ", "ແລະ", "ອາດາ ລິນ", "ສົມໄຊ ໃຈດີ", "ນັກຂ່າວ"),
    ("lt", "Autorius", "ir", "Žydrūnas Lindas", "Šarūnė Bergaitė", "Žurnalistas"),
    ("lv", "Autors", "un", "Jānis Liepiņš", "Žanete Ķēniņa", "Žurnālists"),
    ("mk", "Пишува", "и", "Ѓорѓи Линдовски", "Ќиро Бергов", "Новинар"),
    ("mr", "लेखक", "आणि", "आदा लिंड", "सुनील पाटील", "प्रतिनिधी"),
    ("my", "ရေးသားသူ", "နှင့်", "အေဒါလင်း", "မောင်မောင်", "သတင်းထောက်"),
    ("nl", "Door", "en", "Ada van 't Lind", "Bo den Berg", "Verslaggever"),
    ("pa", "ਲੇਖਕ", "ਅਤੇ", "ਆਦਾ ਲਿੰਡ", "ਸੁਨੀਲ ਸਿੰਘ", "ਪੱਤਰਕਾਰ"),
    ("pl", "Autor", "oraz", "Łukasz Lind", "Żaneta Żółć", "Dziennikarz"),
    ("ps", "لیکوال", "او", "آدا لینډ", "احمد برګ", "خبریال"),
    ("ro", "De", "și", "Ștefan Lindescu", "Țuțu Berg", "Redactor"),
    ("si", "කර්තෘ", "සහ", "ආදා ලින්ඩ්", "සුනිල් කුමාර", "වාර්තාකරු"),
    ("so", "Waxaa qoray", "iyo", "Cabdi Xasan", "Xaliimo Cali", "Wariye"),
    ("sq", "Nga", "dhe", "Çerçiz Lindi", "Ëngjëll Berisha", "Gazetar"),
    ("st", "Ka", "le", "Ts'episo Lind", "'Makatleho Lind", "Reporter"),
    ("sw", "Na", "na", "Juma Lind", "Asha Berg", "Mwandishi"),
    ("ta", "எழுதியவர்", "மற்றும்", "ஆடா லிண்ட்", "சுனில் குமார்", "நிருபர்"),
    ("te", "రచయిత", "మరియు", "ఆడా లిండ్", "సునీల్ కుమార్", "విలేకరి"),
    ("th", "โดย", "และ", "อดา ลินด์", "สมชาย ใจดี", "ผู้สื่อข่าว"),
    ("tr", "Yazan", "ve", "İpek Çınar", "Şükrü Öztürk", "Muhabir"),
    ("uk", "Автор", "та", "Їжак Ліндчук", "Євгенія Ґудзь", "Журналістка"),
    ("ur", "تحریر", "اور", "آدا لنڈ", "محمد برگ", "نامہ نگار"),
    ("uz", "Muallif", "va", "G'ulom Lindov", "O'tkir Bergov", "Muxbir"),
    ("zu", "Ngu", "no", "Nkosinathi Lind", "uSipho Lind", "Intatheli"),
]


@pytest.mark.parametrize(("language", "by", "joint", "one", "other", "role"), LANGUAGES)
def test_words_before_between_and_behind_names_are_known(
    language: str, by: str, joint: str, one: str, other: str, role: str
) -> None:
    def authors(body: str, head: str = "") -> tuple[str, ...]:
        return metadata_of(head, body, f"lang={language}").authors

    both = f"{one} {joint}{other}" if language == "ar" else f"{one} {joint} {other}"
    assert authors(story(f"<p>{by} {one}</p>")) == (one,)
    assert authors(story(f"<p>{by}: {other}</p>")) == (other,)
    assert authors(story(below=f"<p>{by} {one}</p>")) == (one,)
    assert authors(story(f'<div class="author">{by} {both}</div>')) == (one, other)
    assert authors(story(f'<div class="author">{one}, {role}</div>')) == (one,)
    assert authors(story(), json_ld(author=both)) == (one, other)
    links = f'<a href="/author/1">{one}</a> {joint} <a href="/author/2">{other}</a>'
    assert authors(story(f'<div class="byline">{links}</div>')) == (one, other)


def test_a_word_that_is_a_name_elsewhere_introduces_one_in_its_language_only() -> None:
    body = story('<p class="byline">Na Yoon Lind</p>')
    assert metadata_of("", body, "lang=ko").authors == ("Na Yoon Lind",)
    printed = metadata_of("", story("<p>De Ada Lind</p>"), "lang=ro-RO")
    assert (printed.authors, printed.byline) == (("Ada Lind",), "De Ada Lind")
    assert metadata_of("", story("<p>De Ada Lind</p>"), "lang=ro_RO").authors == ("Ada Lind",)
    assert metadata_of("", story("<p>De Ada Lind</p>"), "lang=en").authors == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Б.Болдбаатар", ("Б.Болдбаатар",)), ("Д.Энхтуяа ба Б.Болд", ("Д.Энхтуяа", "Б.Болд")),
        ("记者：王小明 2026年3月3日", ("王小明",)), ("2026-03-03 10:20 记者 王小明", ("王小明",)),
        ("김민수 기자 2026.03.03", ("김민수",)), ("文・山田太郎 2026年3月3日", ("山田太郎",)),
        ("آدا ليند ووليد بيرغ", ("آدا ليند", "وليد بيرغ")), ("أحمد علي وليد ليند", ("أحمد علي وليد ليند",)),
        ("עדה לינד ובועז ברג", ("עדה לינד", "בועז ברג")),
        ("Ortega y Gasset y Ada Lind", ("Ortega y Gasset", "Ada Lind")),
        ("Ada Lind (Lindmere) und Bo Berg (Newport)", ("Ada Lind", "Bo Berg")),
        ("Door onze verslaggever Ada Lind", ("Ada Lind",)), ("Dal nostro inviato Ada Lind", ("Ada Lind",)),
        ("Von unserer Korrespondentin Ada Lind", ("Ada Lind",)), ("Ada Lind with Bo Berg", ("Ada Lind", "Bo Berg")),
    ],
)  # fmt: skip
def test_a_marked_byline_gives_each_name_without_what_is_around_it(line: str, names: tuple[str, ...]) -> None:
    assert authors_of(body=story(f'<p class="byline">{line}</p>')) == names


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("el", "Της Άδας Λίντη", "Άδας Λίντη"), ("el", "Συντάκτης: Ηλίας Μπεργής", "Ηλίας Μπεργής"),
        ("hy", "Հեղինակ՝ Ադա Լինդյան", "Ադա Լինդյան"), ("km", "ដោយ៖ អាដា លីន", "អាដា លីន"),
        ("zu", "NguSipho Lind", "Sipho Lind"), ("xh", "nguNomusa kaLind", "Nomusa kaLind"),
        ("st", "Ke Ts'episo Lind", "Ts'episo Lind"), ("tl", "Ni Ada Dela Lind", "Ada Dela Lind"),
        ("vi", "Phóng viên Lê Hoa", "Lê Hoa"), ("vi", "PV Lê Hoa", "Lê Hoa"), ("vi", "Theo Lê Hoa Lin", "Lê Hoa Lin"),
        ("vi", "Thực hiện: Lê Hoa", "Lê Hoa"), ("id", "Laporan wartawan Ada Lind", "Ada Lind"),
        ("ru", "Подготовил Иван Линдов", "Иван Линдов"), ("uk", "Підготувала Олена Лінд", "Олена Лінд"),
        ("mn", "Сэтгүүлч Б.Болд", "Б.Болд"), ("he", "כתב: עדה לינד", "עדה לינד"), ("fa", "گزارش: آدا لیند", "آدا لیند"),
        ("hi", "संवाददाता: आदा लिंड", "आदा लिंड"), ("th", "เรื่อง: อดา ลินด์", "อดา ลินด์"),
        ("ja", "文＝山田太郎", "山田太郎"), ("zh", "撰稿人：王小明", "王小明"),
        ("ko", "김민수 특파원 = 서울", "김민수"), ("ko", "[서울=소식] 김민수 특파원", "김민수"),
        ("de", "Von unserem Redakteur Bo Lind", "Bo Lind"), ("es", "Una entrevista de Ada Lind", "Ada Lind"),
    ],
)  # fmt: skip
def test_a_line_below_the_headline_is_a_byline_by_words_of_its_language(language: str, line: str, name: str) -> None:
    assert metadata_of("", story(f"<p>{line}</p>"), f"lang={language}").authors == (name,)
    assert metadata_of("", story(f'<p class="byline">{line}</p>'), f"lang={language}").authors == (name,)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("القاهرة - آدا ليند", ("آدا ليند",)), ("آدا ليند - القاهرة", ("آدا ليند",)), ("تعليق: آدا ليند", ()),
        ("অজানা: আদা লিন্ড", ()), ("BY ADA LIND, Harbour Echo", ("ADA LIND",)),
        ("ADA LIND, BO BERG", ("ADA LIND", "BO BERG")), ("Theo Lind, Bo Berg", ("Theo Lind", "Bo Berg")),
        ("AFP, Ada Lind", ("Ada Lind",)),
    ],
)  # fmt: skip
def test_a_place_a_label_or_a_paper_beside_a_name_is_no_second_one(line: str, names: tuple[str, ...]) -> None:
    assert authors_of(body=story(f'<p class="byline">{line}</p>')) == names


@pytest.mark.parametrize(
    "line",
    [
        "Text och foto: Ada Lind", "Text und Fotos: Ada Lind", "Texte et photos : Ada Lind", "Testo e foto di Ada Lind",
        "Words and photos by Ada Lind", "Teksti ja kuvat: Ada Lind", "Teksti Ada Lind Kuvat Bo Berg",
        "Text: Ada Lind Foto: Bo Berg", "Von Ada Lind (Text) und Bo Berg (Fotos)", "Por Ada Lind. Fotos: Bo Berg",
        "Text a foto: Ada Lind", "Text și foto: Ada Lind", "Текст та фото: Ada Lind", "Tekst oraz foto: Ada Lind",
        "Autor: Ada Lind, fot. Bo Berg", "By Ada Lind | Photographs by Bo Berg",
    ],
)  # fmt: skip
def test_who_took_the_pictures_is_an_author_only_where_they_wrote_too(line: str) -> None:
    assert authors_of(body=story(f"<p>{line}</p>")) == ("Ada Lind",)
    assert authors_of(body=story(f'<p class="byline">{line}</p>')) == ("Ada Lind",)
    assert authors_of(body=story(below=f"<p>{line}</p>")) == ("Ada Lind",)


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ada Lind in Lindmere and Bo Berg in New Quay; Editing by Ed Falk)",
        "Reporting by Ada Lind, Bo Berg; Writing by Cy Dorn; Editing by Ed Falk and Gus Hale",
    ],
)
def test_the_line_that_ends_an_agencys_report_names_reporters_and_no_editors(line: str) -> None:
    said = metadata_of(body=story('<p class="byline">By Associated Press</p>', below=f"<p>{line}</p>"))
    assert said.authors == ("Ada Lind", "Bo Berg")
    assert authors_of(body=story("<p>By Una Vale</p>", below=f"<p>{line}</p>")) == ("Una Vale",)


@pytest.mark.parametrize("name", ["Ada Lind", "Ада Линд", "Nguyễn Thu Hằng", "Ó Lind Séamus"])
def test_a_name_in_bold_below_the_last_paragraph_signs_and_one_above_a_paragraph_does_not(name: str) -> None:
    assert authors_of(body=story(below=f"<p><b><i>{name}</i></b></p>")) == (name,)
    assert authors_of(body=story(below=f"<p><strong>({name})</strong></p>")) == (name,)
    book = "<p>Lindmere Books, 816 pages</p>"
    assert authors_of(body=story(below=f"{book}<p><strong>{name}</strong></p>")) == (name,)
    assert authors_of(body=story(below=f"{book}{book}<p><strong>{name}</strong></p>")) == ()
    assert authors_of(body=story(below=f"<p><strong>{name}</strong></p><p>{PROSE}</p>")) == ()
    assert authors_of(body=story(below=f"<p><strong>{name} (left)</strong></p>")) == ()
    assert authors_of(body=story("<p>By Bo Berg</p>", below=f"<p><b>{name}</b></p>")) == ("Bo Berg",)


def test_cards_with_initials_for_a_portrait_and_roles_are_one_byline() -> None:
    card = "<div><i>{}</i><span class=name>{}</span><span class=role>{}</span></div>"
    cards = card.format("AL", "Ada Lind", "Staff Engineer, Lindmere") + card.format("BB", "Bo Berg", "Director")
    assert authors_of(body=story(f"<div><a>Share this page</a><div>Author</div>{cards}</div>")) == (
        "Ada Lind",
        "Bo Berg",
    )


def test_the_author_of_a_cited_book_did_not_write_the_page() -> None:
    assert authors_of(body=story("<p><i>The Tides</i> by Ada Lind, 1921</p>")) == ()
    assert authors_of(body=story("<p>By Ada Lind, March 2026</p>")) == ("Ada Lind",)


def test_who_signs_in_words_is_the_author_and_not_who_put_the_page_online() -> None:
    byline = '<a rel="author" href="/cy">Cy Dorn</a><p>Von Ada Lind</p>'
    assert authors_of(body=story(byline)) == ("Ada Lind",)
    assert authors_of(json_ld(author={"@type": "Person", "name": "Cy Dorn"}), story(byline)) == ("Ada Lind",)


def test_a_name_with_an_article_is_an_organisations() -> None:
    said = metadata_of(body=story('<p class="byline">By The Harbour Gull</p>'))
    assert (said.authors, said.author_organizations) == ((), ("The Harbour Gull",))
    assert metadata_of(body=story('<p class="author">The Russian and Syrian ministries</p>')).authors == ()


def test_an_account_below_the_story_and_capitals_nobody_can_say_are_no_people() -> None:
    told = json_ld(author={"@type": "Person", "name": "alind"})
    assert authors_of(told, story(below='<aside><span class="author">alind</span></aside>')) == ()
    assert authors_of(body=story(below='<p align="right">PM DJV</p>')) == ()


def test_the_label_of_a_preview_says_that_a_person_writes_a_site_of_that_address() -> None:
    head = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Lind">'
    head += '<meta property="og:site_name" content="Harbour Notes">'
    assert authors_of(head, story(), final_url="https://adalind.example/quay") == ("Ada Lind",)


def test_german_nouns_beside_a_date_are_no_name_where_the_text_uses_them() -> None:
    line = "<div><span>Olympische Spiele</span> <time datetime='2026-03-03'>3. März 2026</time></div>"
    text = f"<p>Der Hafen von Lindmere freut sich auf die Spiele. {PROSE}</p>"
    assert metadata_of("", story(line + text), "lang=de").authors == ()
