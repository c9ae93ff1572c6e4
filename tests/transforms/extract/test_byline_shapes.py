"""Bylines of many shapes: labels and credits of many languages, lines with dates, roles of their own, and footers."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import authors_of, json_ld, metadata_of, story
from transforms.extract.names.by_words import is_role, opens_byline
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.people import Trust, without_title


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Автор: А. Линд", ["А. Линд"]),
        ("Автор: Линд А.В.", ["Линд А.В."]),
        ("Текст: Ада Линд", ["Ада Линд"]),
        ("Подготовила: Ада Линд", ["Ада Линд"]),
        ("Ада Линд, корреспондент", ["Ада Линд"]),
        ("Ада ЛИНД", ["Ада ЛИНД"]),
        ("Γράφει η Άντα Λιντ", ["Άντα Λιντ"]),
        ("Της Άντας Λιντ", ["Άντας Λιντ"]),
        ("Του Μπο Μπεργκ", ["Μπο Μπεργκ"]),
        ("Κείμενο: Άντα Λιντ", ["Άντα Λιντ"]),
        ("Άντα Λιντ, δημοσιογράφος", ["Άντα Λιντ"]),
        ("Haber: Ada Lind", ["Ada Lind"]),
        ("Yazan: Ayşe Yılmaz", ["Ayşe Yılmaz"]),
        ("Ayşe Yılmaz / Lindmere", ["Ayşe Yılmaz"]),
        ("بقلم آدا ليند", ["آدا ليند"]),
        ("كتبت: آدا ليند", ["آدا ليند"]),
        ("آدا ليند - ليندمير", ["آدا ليند"]),
        ("نشر بواسطة آدا ليند", ["آدا ليند"]),
        ("Por María José Lind Berg", ["María José Lind Berg"]),
        ("Ada Lind y Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Por: Ada Lind Berg / Lindmere", ["Ada Lind Berg"]),
        ("Escribe Ada Lind", ["Ada Lind"]),
        ("K. V. Lind", ["K. V. Lind"]),
        ("K.V. Lind", ["K.V. Lind"]),
        ("By A. R. Lind, Special to The Post", ["A. R. Lind"]),
        ("Ada Lind, Special to the Echo", ["Ada Lind"]),
        ("Text: Ada Lind, Fotos: Bo Berg", ["Ada Lind"]),
        ("By ADA LIND and BO BERG", ["ADA LIND", "BO BERG"]),
        ("By Dr. Ada Lind & Prof. Bo Berg", ["Dr. Ada Lind", "Prof. Bo Berg"]),
        ("Ada Lind; Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Ada Lind, MD; Bo Berg, PhD", ["Ada Lind, MD", "Bo Berg, PhD"]),
        ("By Ada Lind | 3 min read", ["Ada Lind"]),
        ("Ada Lind · Updated 3 March", ["Ada Lind"]),
        ("Von Ada Lind, Lindmere", ["Ada Lind"]),
        ("Di Ada Lind e Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Autor(in): Ada Lind", ["Ada Lind"]),
        ("Autor:in: Ada Lind", ["Ada Lind"]),
        ("Author(s): Ada Lind, Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Bài, ảnh: Nguyễn Mai", ["Nguyễn Mai"]),
        ("Bài và ảnh: Nguyễn Mai", ["Nguyễn Mai"]),
        ("Tác giả: Thu Hà", ["Thu Hà"]),
        ("Chidinma Okonkwo-Lind", ["Chidinma Okonkwo-Lind"]),
        ("Olúwaṣeun Lind", ["Olúwaṣeun Lind"]),
        ("Ng'ang'a Lind", ["Ng'ang'a Lind"]),
        ("Nontobeko Mabizela-Lind, reporter", ["Nontobeko Mabizela-Lind"]),
        ("นักข่าว อดา ลินด์", ["อดา ลินด์"]),
        ("เขียนโดย อดา ลินด์", ["อดา ลินด์"]),
        ("מאת: עדה לינד", ["עדה לינד"]),
        ("עדה לינד, כתבת", ["עדה לינד"]),
        ("撰文：王小明", ["王小明"]),
        ("记者：王小明\u3000摄影：李文", ["王小明"]),
        ("通讯员 王小明 记者 李文", ["王小明", "李文"]),
        ("文/记者王小明", ["王小明"]),
        ("本報記者王小明報導", ["王小明"]),
        ("記者\u3000王小明", ["王小明"]),
        ("（文・山田太郎）", ["山田太郎"]),
        ("山田太郎（編集委員）", ["山田太郎"]),
        ("聞き手・山田太郎", ["山田太郎"]),
        ("【山田太郎】", ["山田太郎"]),
        ("山田太郎、鈴木花子", ["山田太郎", "鈴木花子"]),
        ("ライター：山田太郎", ["山田太郎"]),
        ("김민수 선임기자", ["김민수"]),
        ("기자 김민수", ["김민수"]),
        ("취재 김민수 기자", ["김민수"]),
        ("김민수 객원기자 / 사진 이영희", ["김민수"]),
        ("린드=김민수 기자", ["김민수"]),
        ("[김민수 기자]", ["김민수"]),
        ("Oleh Ada Lind dan Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Imeandikwa na Ada Lind", ["Ada Lind"]),
        ("लेखक: आदा लिंड", ["आदा लिंड"]),
        ("আদা লিন্ড, নিজস্ব প্রতিবেদক", ["আদা লিন্ড"]),
        ("Szerző: Lind Ada", ["Lind Ada"]),
        ("Írta: Lind Ada", ["Lind Ada"]),
        ("Piše: Ada Lind", ["Ada Lind"]),
        ("Пише: Ада Линд", ["Ада Линд"]),
        ("Av Ada Lind og Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("Tekst: Ada Lind Foto: Bo Berg", ["Ada Lind"]),
        ("Texte : Ada Lind", ["Ada Lind"]),
        ("Propos recueillis par Ada Lind", ["Ada Lind"]),
        ("Ada Lind, lindmere.example", ["Ada Lind"]),
        ("Author Spotlight", []),
        ("Dan lives and works in Calgary", []),
    ],
)
def test_a_line_names_these_people(line: str, names: list[str]) -> None:
    assert list(people_in(line, frozenset({"lindmere.example"}), Trust.FULL)) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<div><span>Ada Lind</span> <span>3 March 2026</span></div>", ("Ada Lind",)),
        ('<div><time datetime="2026-03-03">3 March 2026</time> · <span>Ada Lind</span></div>', ("Ada Lind",)),
        ('<div><span>Ada Lind |</span><span class="date">03.03.2026 - Update: 03.03.2026</span></div>', ("Ada Lind",)),
        ("<div><p>Ada Lind</p><div><span>03.03.2026</span><span>·</span><span>6 min</span></div></div>", ("Ada Lind",)),
        ('<div><a href="/news">Harbour News</a> <span>3 March 2026</span></div>', ()),
        ('<div><a href="/ida-hall">Ida Hall</a> <span>3 March 2026</span></div>', ()),
        ("<div><span>Harbour Lindmere</span> <span>3 March 2026</span></div>", ()),
        ("<div><span>From:</span> <span>Ida Hall</span> <span>3 March 2026</span></div>", ()),
        ("<div><b>Ida Hall</b>, Lindmere Bureau | <span>3 March 2026</span></div>", ()),
        ("<div><span>LINDMERE ONE</span> <span>3 March 2026</span></div>", ()),
    ],
)
def test_a_name_in_one_line_with_the_date_is_an_author_unless_it_is_a_link_or_the_storys_words(
    byline: str, names: tuple[str, ...]
) -> None:
    assert authors_of(body=story(byline)) == names


def test_a_line_with_a_date_counts_for_less_than_any_other_byline() -> None:
    line = "<div><span>Ida Hall</span> <span>3 March 2026</span></div>"
    assert authors_of(body=story(line + "<p>By Ada Lind</p>")) == ("Ada Lind",)
    assert authors_of(body=story(line, below='<a rel="author" href="/a">Ada Lind</a>')) == ("Ada Lind",)
    assert authors_of(body=story(line + '<p class="byline">By Lindmere news desk</p>')) == ()


@pytest.mark.parametrize("role", ["Senior Reporter", "Redakteurin", "корреспондент", "Tech Writer", "журналистка"])
def test_the_name_above_a_writers_role_is_an_author(role: str) -> None:
    assert is_role(role)
    assert authors_of(body=story(f"<div><p>Ada Lind</p><p>{role}</p></div>")) == ("Ada Lind",)
    assert authors_of(body=story(f"<div><p>More from us</p><p>{role}</p></div>")) == ()


def test_names_in_links_go_on_behind_their_roles() -> None:
    links = '<a href="/a/1">Ada Lind</a>, 4+ years of quays, <a href="/a/2">Bo Berg</a>, senior editor'
    assert authors_of(body=story(f'<div class="byline"><span>Written by</span> {links}</div>')) == (
        "Ada Lind",
        "Bo Berg",
    )
    checked = '<a href="/a/1">Ada Lind</a> – Updated 3 March | Fact-checked by <a href="/a/2">Bo Berg</a>'
    assert authors_of(body=story(f'<div class="byline">By {checked}</div>')) == ("Ada Lind",)


def test_the_fullest_of_several_bylines_below_the_story_is_taken_if_it_names_all_the_others() -> None:
    box = '<div class="author">Written by {}</div>'
    both = box.format("Ada Lind and Bo Berg")
    assert set(authors_of(body=story(below=box.format("Ada Lind") + both))) == {"Ada Lind", "Bo Berg"}
    assert authors_of(body=story(below=box.format("Ida Hall") + both)) == ()


def test_the_author_that_a_footer_marks_is_taken_before_other_names_there() -> None:
    footer = '<footer><p>Posted by <a rel="author" href="/a">Ada Lind</a></p><div class="author">Bo Berg</div></footer>'
    assert authors_of(body=story(below=footer)) == ("Ada Lind",)


def test_the_end_of_a_standfirst_is_no_label_of_the_byline() -> None:
    standfirst = "<p>The last days of the quay, as the editors of Lindmere saw them through the winter.</p>"
    assert authors_of(body=story(f'{standfirst}<p><a class="author">Ada Lind</a></p>')) == ("Ada Lind",)
    assert authors_of(body=story('<p>Edited by</p><p><a class="author">Ada Lind</a></p>')) == ()


def test_one_word_is_a_name_as_names_are_written_and_an_account_otherwise() -> None:
    head = '<meta name="author" content="{}">'
    assert authors_of(head.format("Maria & Katerina"), story()) == ("Maria", "Katerina")
    assert authors_of(head.format("Zelda"), story()) == ("Zelda",)
    for account in ("zelda", "aLind", "a_lind", "ZELDA", "Webmaster", "Admin"):
        assert authors_of(head.format(account), story()) == ()
    assert authors_of(head.format("Zelda"), story('<p class="byline">By Ada Lind</p>')) == ("Ada Lind",)


def test_catalogues_names_are_turned() -> None:
    head = '<meta name="citation_author" content="Lind, Ada"><meta name="citation_author" content="Berg, Bo M.">'
    assert authors_of(head, story()) == ("Ada Lind", "Bo M. Berg")
    assert authors_of('<meta name="author" content="Ada Lind, Bo Berg">', story()) == ("Ada Lind", "Bo Berg")


def test_a_title_before_a_name_is_no_other_name() -> None:
    assert without_title("Prof. Dr. Ada Lind") == "Ada Lind"
    assert without_title("Dr Lind") == "Dr Lind"
    head = json_ld(headline="Quay closes", author={"@type": "Person", "name": "Ada Lind"})
    byline = '<div class="byline">Written by <span>Dr Ada Lind</span>, <span>Dr Bo Berg</span></div>'
    assert authors_of(head, story(byline)) == ("Dr Ada Lind", "Dr Bo Berg")


def test_several_people_in_json_ld_are_believed_though_the_newsroom_is_printed() -> None:
    people = [{"@type": "Person", "name": name} for name in ("Ada Lind (al)", "Bo Berg (bb)")]
    byline = '<div class="byline">Lindmere news desk</div>'
    assert authors_of(json_ld(headline="Quay closes", author=people), story(byline)) == ("Ada Lind", "Bo Berg")
    assert authors_of(json_ld(headline="Quay closes", author=people[0]), story(byline)) == ()


def test_the_site_itself_in_json_ld_alone_signs_news_and_nothing_else() -> None:
    site = {"@type": "Organization", "name": "Lindmere Post"}
    values = {"headline": "Quay closes", "author": site, "publisher": site}
    assert metadata_of(json_ld(**values), story()).author_organizations == ("Lindmere Post",)
    blog = json_ld(**values | {"@type": "BlogPosting"})
    assert metadata_of(blog, story()).author_organizations == ()
    stated = blog + '<meta name="author" content="Lindmere Post">'
    assert metadata_of(stated, story()).author_organizations == ("Lindmere Post",)
    assert metadata_of(blog, story("<p>By Lindmere Post</p>")).author_organizations == ("Lindmere Post",)


@pytest.mark.parametrize(
    "label", ["Autorin/Autor", "Autor:in", "Author(s)", "Auteur(s)", "Autor(a)", "Eingestellt von"]
)
def test_labels_for_any_author_are_labels(label: str) -> None:
    assert opens_byline(label)
    assert authors_of(body=story(f"<ul><li><strong>{label}</strong> Ada Lind</li></ul>")) == ("Ada Lind",)


def test_what_follows_author_without_being_a_name_is_none() -> None:
    assert authors_of(body=story(below='<div class="author"><h3>Author Spotlight</h3></div>')) == ()
    below = '<div class="author">Author: <a>Zelda Lind</a> <p>Zelda lives and works in Lindmere</p></div>'
    assert authors_of(body=story(below=below)) == ("Zelda Lind",)
