"""Names and bylines of East Asia, Vietnam, India and Africa, and what stands in their place."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import PROSE, authors_of, json_ld, story
from transforms.extract.names.by_words import opens_byline
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.people import Trust


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("記者王小明／台北報導", ["王小明"]), ("（記者王小明／台北報導）", ["王小明"]),
        ("(中央社記者王小明台北3日電)", ["王小明"]), ("聯合報 記者王小明", ["王小明"]), ("作者：王小明", ["王小明"]),
        ("本报记者 王小明 李文", ["王小明", "李文"]), ("新华社记者王小明、李文", ["王小明", "李文"]),
        ("记者 王小明 通讯员李文", ["王小明", "李文"]), ("记者 王 宁 李小明", ["王宁", "李小明"]),
        ("文/王小明 图/李文", ["王小明"]), ("作者： 王小明 稿源： 林城日报", ["王小明"]), ("艾达·林德", ["艾达·林德"]),
        ("文・山田太郎", ["山田太郎"]), ("取材・文／山田太郎", ["山田太郎"]), ("山田太郎記者", ["山田太郎"]),
        ("山田 太郎", ["山田 太郎"]), ("アダ・リンド", ["アダ・リンド"]), ("文・山田太郎 写真・鈴木花子", ["山田太郎"]),
        ("김민수 기자", ["김민수"]), ("김민수·이영희 기자", ["김민수", "이영희"]),
        ("[서울=뉴시스] 김민수 기자 =", ["김민수"]),
        ("김민수 기자, 이영희 기자", ["김민수", "이영희"]), ("린드일보 김민수 기자 kim@example.org", ["김민수"]),
        ("글 김민수 사진 이영희", ["김민수"]), ("김민수 특파원", ["김민수"]),
        ("责任编辑：王小明", []), ("朝日新聞デジタル", []), ("编辑部", []), ("林城新闻网", []), ("린드뉴스", []),
    ],
)  # fmt: skip
def test_words_for_a_reporter_are_taken_off_and_names_are_parted(line: str, names: list[str]) -> None:
    assert list(people_in(line, frozenset(), Trust.FULL)) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Thu Hằng", ["Thu Hằng"]), ("Bài: Thu Hằng", ["Thu Hằng"]), ("Nguyễn Thị Mai", ["Nguyễn Thị Mai"]),
        ("Thu Trang - Minh Anh", ["Thu Trang", "Minh Anh"]),
        ("Nguyễn Văn An – Lê Thị Bình", ["Nguyễn Văn An", "Lê Thị Bình"]),
        ("'Mateboho Lind", ["'Mateboho Lind"]), ("By ’Marafaele Lind", ["’Marafaele Lind"]),
        ("‘Ada Lind’", ["Ada Lind"]),
        ("Naledi Lind", ["Naledi Lind"]), ("Mthokozisi kaLinda", ["Mthokozisi kaLinda"]),
        ("NguSipho Lind", ["Sipho Lind"]), ("Ngu Sipho Lind", ["Sipho Lind"]), ("NGUBANE LIND", ["NGUBANE LIND"]),
        ("Zhao Min", ["Zhao Min"]), ("LI Wei", ["LI Wei"]), ("आदा लिंड, संवाददाता", ["आदा लिंड"]),
        ("द्वारा आदा लिंड", ["आदा लिंड"]),
        ("โดย อดา ลินด์", ["อดา ลินด์"]), ("بقلم: آدا ليند", ["آدا ليند"]), ("Oleh: Ada Lind", ["Ada Lind"]),
        ("Ada Lind - Lindmere", ["Ada Lind"]), ("Ada Lind - Senior Editor", ["Ada Lind"]),
        ("Ada Lind // Harbour", ["Ada Lind"]),
        ("3 March 2026 · 5 min · Ada Lind", ["Ada Lind"]), ("Ada Lind on behalf of the harbour", ["Ada Lind"]),
        ("Ada Lind, CEPF®", ["Ada Lind, CEPF®"]),
        ("Posted on March 3, 2026 by Ada Lind", ["Ada Lind"]), ("Am 3. März 2026 von Ada Lind", ["Ada Lind"]),
        ("Ada Lind, London, Bo Berg", ["Ada Lind", "Bo Berg"]), ("Ada Lind/Bo Berg", ["Ada Lind", "Bo Berg"]),
        ("LINDMERE.PL S.A.", []), ("A. B.", []),
    ],
)  # fmt: skip
def test_names_are_kept_as_printed_in_vietnam_africa_india_and_elsewhere(line: str, names: list[str]) -> None:
    assert list(people_in(line, frozenset(), Trust.FULL)) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>記者王小明／台北報導</p>", ("王小明",)),
        ("<p>文・山田太郎</p>", ("山田太郎",)),
        ("<p>김민수 기자 kim@example.org</p>", ("김민수",)),
        ("<p>본문팀 김민수 기자</p>", ("김민수",)),
    ],
)
def test_a_line_is_a_byline_by_these_words_alone(byline: str, names: tuple[str, ...]) -> None:
    assert authors_of(body=story(byline)) == names
    assert authors_of(body=story(below=byline)) == names


@pytest.mark.parametrize(
    "text", ["记者昨日获悉", "记者从市政府获悉", "記者会が開かれた", "기자가 현장을 찾았다", "文化部が発表"]
)
def test_a_sentence_about_reporters_is_no_byline(text: str) -> None:
    assert not opens_byline(text)


@pytest.mark.parametrize("name", ["昵称", "分享到", "微博推荐", "贊助網站", "标普下调了"])
def test_on_a_chinese_page_a_name_begins_with_a_family_name(name: str) -> None:
    head = "<title>港口将关闭三周</title>"
    assert authors_of(head, story(f'<p class="author">{name}</p>')) == ()
    assert authors_of(f'{head}<meta name="author" content="{name}">', story()) == ()
    assert authors_of(head, story('<p class="author">王小明</p>')) == ("王小明",)
    assert authors_of("<title>港が三週間閉鎖へ</title>", story('<p class="author">山田太郎</p>')) == ("山田太郎",)


def test_a_byline_within_a_story_that_is_one_element_is_found() -> None:
    text = "港口将于四月关闭三周，因为北码头必须加高半米。" * 8
    page = f"<h1>港口将关闭</h1><div>{text}<br>文/记者王小明<br>{text}<br>{text}</div>"
    assert authors_of("<title>港口将关闭</title>", page) == ("王小明",)


def test_a_signature_at_the_right_below_the_story_is_an_author_where_it_is_the_only_one() -> None:
    line = '<p style="text-align: right;"><strong>{}</strong></p>'
    assert authors_of(body=story(below=line.format("Thu Hằng"))) == ("Thu Hằng",)
    assert authors_of(body=story(below='<p align="right">Ada Lind</p>')) == ("Ada Lind",)
    assert authors_of(body=story(below=line.format("Ada Lind") + line.format("Bo Berg"))) == ()
    assert authors_of(body=story(below=line.format("<a href='/x'>Ada Lind</a>"))) == ()
    assert authors_of(body=story("<p>By Bo Berg</p>", below=line.format("Ada Lind"))) == ("Bo Berg",)


@pytest.mark.parametrize(
    "name", ["Business Tips", "Content", "Caption", "Text Size", "Community Development", "anónimo"]
)
def test_ordinary_words_are_no_name(name: str) -> None:
    assert authors_of(json_ld(author={"@type": "Person", "name": name}), story()) == ()
    assert authors_of(body=story(f'<span>By</span> <a rel="author" href="/a">{name}</a>')) == ()


def test_a_name_whose_words_the_story_uses_as_words_is_none_unless_they_are_given_names() -> None:
    prose = f"<p>{PROSE} The herring fleet of the north will sail with grace and may return.</p>"
    assert authors_of(body=story('<a rel="author" href="/a">Herring Fleet</a>' + prose)) == ()
    assert authors_of(body=story('<a rel="author" href="/a">May Grace</a>' + prose)) == ("May Grace",)
    assert authors_of(body=story('<a rel="author" href="/a">Herring Lind</a>' + prose)) == ("Herring Lind",)


def test_an_account_that_no_reader_sees_is_no_author() -> None:
    told = json_ld(author={"@type": "Person", "name": "adalind"})
    assert authors_of(told, story()) == ()
    assert authors_of(told, story('<span class="author">adalind</span>')) == ("adalind",)


def test_a_person_who_publishes_is_an_author_though_the_site_has_that_name() -> None:
    person, paper = {"@type": "Person", "name": "Ada Lind"}, {"@type": "Organization", "name": "Ada Lind"}
    assert authors_of(json_ld(author=person, publisher=paper), story()) == ("Ada Lind",)
    name = {"@type": "Person", "name": "Quay Floods"}
    assert authors_of(json_ld(author=name, publisher={"@type": "Organization", "name": "Quay Floods"}), story()) == ()
    name = {"@type": "Person", "name": "NOW Lindmere"}
    assert authors_of(json_ld(author=name, publisher={"@type": "Organization", "name": "NOW Lindmere"}), story()) == ()


def test_a_sentence_that_opens_like_a_byline_names_no_author() -> None:
    text = (
        "Published by Herring Horse and released in the spring, the game merges two kinds of play as none did before."
    )
    assert authors_of(body=story(f"<p>{text}</p>")) == ()
    page = (
        "<p>The rules were made in a hurry for <a>Quay</a>, created by <b>Herring</b>, and they filled a gap for long "
        "years before anybody else came to fill it.</p>"
    )
    assert authors_of(body=story(page)) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Ada Lind, Harbour Reporter",
        "Ada Lind | Senior Writer | July 2, 2026",
        "Ada Lind, Redakteurin",
        "Ada Lind · Periodista",
    ],
)
def test_a_line_below_the_headline_with_a_writers_role_is_a_byline(line: str) -> None:
    assert authors_of(body=story(f"<p>{line}</p>")) == ("Ada Lind",)
    assert authors_of(body=story("<p>Ada Lind, Harbour Master</p>")) == ()
    assert authors_of(body=story(below=f"<figcaption>{line}</figcaption>")) == ()


def test_by_and_a_name_alone_in_an_element_below_the_story_is_a_byline() -> None:
    assert authors_of(body=story(below="<p><em>Von Ada Lind</em></p>")) == ("Ada Lind",)
    assert authors_of(body=story(below="<div>Von:<br>Ada Lind</div>")) == ("Ada Lind",)
    assert authors_of(body=story(below="<p>Von Ada Lind</p><p>Von Bo Berg</p>")) == ()


def test_a_site_called_by_a_given_name_is_written_by_its_person() -> None:
    ada = {"@type": ["Person", "Organization"], "name": "Ada Lind"}
    told = json_ld(author=ada, publisher={"@type": "Organization", "name": "Ada Blog"})
    assert authors_of(told, story(), final_url="https://ada.example/quay") == ("Ada Lind",)
    head = '<meta property="og:site_name" content="Ada Lind Photography"><meta name="author" content="Ada Lind">'
    assert authors_of(head, story(), final_url="https://adalind.example/quay") == ("Ada Lind",)


def test_given_name_and_surname_in_elements_of_their_own_are_one_name() -> None:
    link = '<a rel="author" href="/{0}"><span>{1}</span> <span>{2}</span></a>'
    both = link.format("1", "Ada", "Lind") + link.format("2", "Bo Marie", "Berg")
    assert authors_of(body=story(f'<div class="bylines">{both}</div>')) == ("Ada Lind", "Bo Marie Berg")
