"""Authors are people whom the page names as such; a desk, an agency, a publisher or a reader is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.extract.documents import STORY, authors_of, json_ld, story
from transforms.extract.names.name_lines import people_in
from transforms.extract.names.people import Trust, compact


@pytest.mark.parametrize(
    "byline",
    [
        '<span class="byline">By Ada Lind</span>',
        '<p>By <a href="/people/ada">Ada Lind</a></p>',
        "<div><span>Written by</span> <span>Ada Lind</span></div>",
        '<a rel="author" href="/x">Ada Lind</a>',
        '<a href="https://example.org/authors/ada-lind/">Ada Lind</a>',
        '<span itemprop="author"><span itemprop="name">Ada Lind</span></span>',
        '<div class="article-author">Ada Lind<span class="role">Harbour correspondent</span></div>',
        '<div class="author-block"><span>Ada Lind</span> <time datetime="2026-03-01">1 March 2026</time></div>',
        "<p>By Ada Lind, senior editor | 1 March 2026</p>",
        "<p>By Ada Lind in Lindmere</p>",
        "<p>This report was written by Ada Lind, harbour editor.</p>",
        "<p><b>Von</b> Ada Lind</p>",
        "<p>Par Ada Lind</p>",
        "<p>Autor: Ada Lind</p>",
        "<p>Автор: Ada Lind</p>",
    ],
)
def test_a_byline_under_the_headline_names_the_author_and_nothing_is_glued_on(byline: str) -> None:
    assert authors_of(body=story(byline)) == ("Ada Lind",)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<p>By Ada Lind and Bo Berg</p>", ("Ada Lind", "Bo Berg")),
        ("<p>By Ada Lind, Bo Berg and Cy Dahl</p>", ("Ada Lind", "Bo Berg", "Cy Dahl")),
        ("<p>Von Ada Lind und Bo Berg</p>", ("Ada Lind", "Bo Berg")),
        ("<p>Por Ada Lind y Bo Berg</p>", ("Ada Lind", "Bo Berg")),
        ("<p>Por José Ortega y Gasset</p>", ("José Ortega y Gasset",)),
        ("<p>By Ludwig van der Berg</p>", ("Ludwig van der Berg",)),
        ("<p>By Ada Lind, MD, PhD</p>", ("Ada Lind, MD, PhD",)),
        ('<a rel="author" href="/1">Ada Lind</a>, <a rel="author" href="/2">Bo Berg</a>', ("Ada Lind", "Bo Berg")),
        ('<p class="author">記者 山田太郎</p>', ("山田太郎",)),
    ],
)
def test_each_of_several_authors_is_one(byline: str, expected: tuple[str, ...]) -> None:
    assert authors_of(body=story(byline)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Lindmere Post", "The Lindmere Post", "Post staff", "Redaktion", "Equipo Local", "Newsdesk", "Reuters", "dpa",
        "admin", "Read more", "March", "AFP", "www.example.org", "desk@example.org", "Written by", "7 minutes",
        "Quay in Ruins",
    ],
)  # fmt: skip
def test_who_is_no_person_is_no_author(name: str) -> None:
    head = '<meta property="og:site_name" content="Lindmere Post">'
    assert authors_of(f'{head}<meta name="author" content="{name}">') == ()
    assert authors_of(head, story(f'<span class="byline">By {name}</span>')) == ()
    assert authors_of(head + json_ld(author={"@type": "Person", "name": name})) == ()


@pytest.mark.parametrize(
    "name",
    [
        "Mira Press", "Edwin Guest", "Ada Bank", "Lena Head", "Bo Staff", "Paul Reuter",
        "Emma Post", "J. M. Bloomberg", "Mira van Press", "Mira Press-Lind", "Ulla Lind-Post",
        "Min Jin Lee", "Kim Min-jae", "Lia Church", "Ada Fellows", "MIRA PRESS", "Noor Efe",
    ],
)  # fmt: skip
def test_a_surname_that_is_a_word_is_a_name_where_the_page_says_that_it_names_a_person(name: str) -> None:
    head = '<meta property="og:site_name" content="Lindmere Post">'
    slug = name.lower().replace(" ", "-").replace(".", "")
    person = {"@type": "Person", "name": name}
    assert authors_of(head + json_ld(author=person)) == (name,)
    assert authors_of(head + json_ld(author=[{"@type": ["Thing", "Person"], "name": name}])) == (name,)
    marked = '<{0} itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">{1}</b></{0}>'
    assert authors_of(head, story(marked.format("span", name))) == (name,)
    assert authors_of(head, story(f'<p class="byline">By <a rel="author" href="/a/7">{name}</a></p>')) == (name,)
    assert authors_of(head, story(f'<a rel="author" href="/people/{slug}/">{name}</a>')) == (name,)
    linked = story(f'<p class="byline">By <a rel="author" href="/author/{slug}">{name}</a></p>')
    assert authors_of(head + json_ld(author=person), linked) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "Sports Staff", "Lindmere Staff", "Lindmere Press", "Free Press", "Canadian Press",
        "Associated Press", "The Press", "World Bank", "Department Head", "ABC Staff",
        "Staff Reports", "Staff Reporter", "Editorial Staff", "News Staff", "Guest Post",
        "Guest Author", "Post Staff", "Image", "Caption", "Image Caption", "Log in", "Subscribe",
        "Photo", "Photo Ada Lind", "File Photo", "Admin", "Site Admin", "Newsroom",
        "Lindmere Newsroom", "Editorial Team", "Web Desk", "Press Release", "Special Correspondent",
        "Getty Images", "Sign Up", "Read More", "Share", "Print", "Anmelden", "Abonnieren",
        "Symbolbild", "Redaktionsteam", "Se Connecter", "La Rédaction", "Légende", "Iniciar Sesión",
        "Suscríbete", "Equipo Editorial", "Equipe Editorial", "Divulgação", "Accedi",
        "Redazione Web", "Inloggen", "De Redactie", "Logga In", "Bildtext", "Log Ind", "Logg Inn",
        "Kirjaudu Sisään", "Kuvateksti", "Zaloguj Się", "Zdjęcie", "Přihlásit Se", "Szerkesztőség",
        "Redacția", "Haber Merkezi", "Giriş Yap", "Συντακτική Ομάδα", "Редакция", "Служба Новостей",
        "Войти", "Увійти", "Редакція", "هيئة التحرير", "تسجيل الدخول", "מערכת האתר", "هیئت تحریریه",
        "समाचार डेस्क", "लॉग इन", "Tim Redaksi", "Ban Biên Tập", "Đăng Nhập", "編集部", "ログイン", "편집부",
        "로그인", "本报讯", "登录",
    ],
)  # fmt: skip
def test_buttons_captions_and_desks_are_no_authors_also_where_the_page_calls_them_people(name: str) -> None:
    head = '<meta property="og:site_name" content="Lindmere Post">'
    slug = name.lower().replace(" ", "-")
    assert authors_of(f'{head}<meta name="author" content="{name}">') == ()
    assert authors_of(head + json_ld(author={"@type": "Person", "name": name})) == ()
    assert authors_of(head, story(f'<p class="byline">By <a rel="author" href="/author/{slug}">{name}</a></p>')) == ()
    assert authors_of(head, story(f'<span class="byline">By Ada Lind</span> <span class="author">{name}</span>')) == (
        "Ada Lind",
    )
    assert authors_of(body=story(), entry_authors=(name,)) == ()


def test_hints_for_line_breaks_are_no_part_of_a_name() -> None:
    assert authors_of(body=story('<span class="byline">By Ada Lind&shy;q&#8203;vist</span>')) == ("Ada Lindqvist",)
    assert authors_of('<meta name="author" content="Ada Lind&shy;qvist">') == ("Ada Lindqvist",)
    assert authors_of(json_ld(author={"@type": "Person", "name": "Ada Lind\u00adqvist"})) == ("Ada Lindqvist",)


@pytest.mark.parametrize(
    "below",
    [
        "<footer><p>Posted by <b>Ada Lind</b> on 1 March 2026</p></footer>",
        "<aside><p>Author</p><p>Ada Lind</p><p>Published 1 March 2026</p></aside>",
        "<section><h2>Article written by:</h2><div><h3>Ada Lind</h3></div></section>",
        '<footer><span class="entry-author">Posted by: <a href="/x">Ada Lind</a></span></footer>',
    ],
)
def test_a_byline_below_the_story_or_beside_it_counts_where_it_says_that_the_author_follows(below: str) -> None:
    assert authors_of(body=story(below=below)) == ("Ada Lind",)
    assert authors_of(body=story(below=below + below.replace("Ada Lind", "Gus Hay"))) == ()
    assert authors_of(body=story("<p>By Bo Berg</p>", below=below)) == ("Bo Berg",)


def test_a_list_of_contributors_above_the_headline_is_no_byline() -> None:
    menu = "<nav><ul><li>Contributors</li><li>Harbour Statistics</li></ul></nav>" + "<i></i>" * 80
    assert authors_of(body=menu + story()) == ()


def test_one_word_is_a_name_where_the_page_says_that_the_author_follows_and_a_date_ends_it() -> None:
    assert authors_of(body=story(below="<p>Posted by Ada at March 3, 2026</p>")) == ("Ada",)
    assert authors_of(body=story("<p>Posted by Ada Lind on 3 March 2026</p>")) == ("Ada Lind",)
    assert authors_of(body=story(below="<p>Posted by Human in the Loop</p>")) == ()


def test_an_account_is_a_name_where_a_marked_byline_says_by() -> None:
    assert authors_of(body=story('<span>by</span> <span class="author-name">adalind</span>')) == ("adalind",)
    assert authors_of(body=story('<span>by</span> <span class="author-name">admin</span>')) == ()
    assert authors_of(body=story('<span class="author-name">harbour news</span>')) == ()


def test_letters_of_a_degree_that_nobody_knows_open_those_that_follow() -> None:
    assert authors_of(body=story("<p>By Ada B. Lind XYZ, QRS</p>")) == ("Ada B. Lind XYZ, QRS",)
    assert authors_of(body=story("<p>By Ada B. Lind, QRS</p>")) == ("Ada B. Lind",)


@pytest.mark.parametrize(
    "below",
    [
        '<div class="related"><span class="byline">By Eve Foe</span></div>',
        '<div class="comments"><span class="comment-author">Eve Foe</span></div>',
        '<aside><div class="author-card">Eve Foe</div></aside>',
        "<blockquote>By Eve Foe</blockquote>",
        '<p class="byline">By Eve Foe</p><p class="byline">By Gus Hay</p>',
        "<p>The book by Eve Foe is sold out.</p>",
    ],
)
def test_the_byline_of_another_text_is_not_the_articles(below: str) -> None:
    assert authors_of(body=story(below=below)) == ()


def test_a_reviewer_or_photographer_is_no_author() -> None:
    byline = '<p>By <a rel="author">Ada Lind</a></p><p>Reviewed by <a rel="author">Eve Foe</a></p><p>Photo: Gus Hay</p>'
    assert authors_of(body=story(byline)) == ("Ada Lind",)


def test_a_byline_below_the_story_counts_where_it_is_the_only_one() -> None:
    assert authors_of(body=story(below="<p>Written by Ada Lind</p>")) == ("Ada Lind",)


def test_structured_data_comes_first_and_its_organisations_are_left_out() -> None:
    authors = [{"@type": "Person", "name": "Ada Lind"}, {"@type": "Organization", "name": "Bo Berg"}]
    assert authors_of(json_ld(author=authors), story('<p class="author">Eve Foe</p>')) == ("Ada Lind",)


def test_a_printed_byline_comes_before_a_name_for_machines_that_no_reader_sees() -> None:
    told = json_ld(author={"@type": "Person", "name": "Ada Lind"})
    assert authors_of(told, story("<p>By Eve Foe</p>")) == ("Eve Foe",)
    assert authors_of(told, story("<p>By Ada M. Lind</p>")) == ("Ada Lind",)
    assert authors_of(told, story("<p>By Eve Foe</p>", below='<p class="author">Ada Lind</p>')) == ("Ada Lind",)
    assert authors_of(told, story('<p class="byline">By the Lindmere Post Staff</p>')) == ()


def test_an_author_that_structured_data_only_refers_to_is_looked_up() -> None:
    graph = '{"@graph": [{"@type": "NewsArticle", "headline": "Quay", "author": {"@id": "#a"}}, '
    graph += '{"@type": "Person", "@id": "#a", "name": "Ada Lind"}]}'
    assert authors_of(f'<script type="application/ld+json">{graph}</script>') == ("Ada Lind",)


def test_the_readers_byline_is_believed_before_the_name_of_an_account() -> None:
    head = '<meta name="author" content="adal">'
    assert authors_of(head, story('<span class="byline">By Ada Lind</span>')) == ("Ada Lind",)
    assert authors_of(head, story()) == ()
    assert authors_of('<meta name="author" content="ADal2">', story()) == ()
    assert authors_of('<meta name="author" content="Ada Hall">', story()) == ("Ada Hall",)


def test_a_byline_with_more_names_completes_what_the_meta_element_says() -> None:
    head = '<meta name="author" content="Ada Lind">'
    assert authors_of(head, story("<p>By Ada Lind and Bo Berg</p>")) == ("Ada Lind", "Bo Berg")


def test_the_feeds_author_is_taken_where_the_page_names_none() -> None:
    assert authors_of(body=story(), entry_authors=("Ada Lind",)) == ("Ada Lind",)


def test_a_person_may_be_their_own_publisher_and_a_paper_may_not() -> None:
    byline = '<a rel="author" href="/">{}</a>'
    head = '<meta property="og:site_name" content="{}">'
    assert authors_of(head.format("Ada Lind"), story(byline.format("Ada Lind"))) == ("Ada Lind",)
    assert authors_of(head.format("Quay Floods"), story(byline.format("Quay Floods"))) == ()
    paper = json_ld(publisher={"@type": "Organization", "name": "Kieler Anzeiger"})
    assert authors_of(paper, story(byline.format("Kieler Anzeiger"))) == ()


_NAMES = st.text("ABab. ,-'’By von and&|/;:@1（", max_size=60) | st.text(max_size=60)


@given(_NAMES, st.sampled_from(Trust), st.booleans())
def test_no_author_is_made_of_anything_but_the_words_of_the_line(line: str, trust: Trust, is_stated: bool) -> None:
    words = compact(line)
    for name in people_in(line, frozenset(), trust, is_stated=is_stated):
        assert compact(name) in words
        assert name == name.strip()


@pytest.mark.parametrize("name", ["አዳ ሊንድ", "អាដា លីន", "ადა ლინდი", "עדה לינד"])
def test_a_script_without_capitals_needs_none_for_a_name(name: str) -> None:
    assert list(people_in(name, (), Trust.FULL)) == [name]


@given(_NAMES)
def test_more_trust_never_loses_the_people_of_a_line(line: str) -> None:
    assert set(people_in(line, frozenset(), Trust.FULL)) <= set(people_in(line, frozenset(), Trust.ANY)) | {""}


def test_a_page_of_a_single_endless_byline_has_no_author() -> None:
    assert authors_of(body=story('<span class="author">' + "By Anna and Ben, " * 10_000 + "</span>" + STORY)) == ()


@pytest.mark.parametrize(
    "author",
    [
        {"@type": "Person", "givenName": "Ada", "familyName": "Lindqvist"},
        {"@type": "Person", "name": {"@value": "Ada Lindqvist", "@language": "sv"}},
        {"0": {"@type": "Person", "name": "Ada Lindqvist"}}, [[{"@type": "Person", "name": "Ada Lindqvist"}]],
        {"@type": "Person", "name": "<a href='/people/ada'>Ada Lindqvist</a>"}, "<b>Ada</b> Lindqvist",
    ],
)  # fmt: skip
def test_json_ld_names_an_author_in_many_forms(author: object) -> None:
    assert authors_of(json_ld(author=author)) == ("Ada Lindqvist",)


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Ada al-Hakim", "Ada al-Hakim"), ("Jean-Luc d’Arc", "Jean-Luc d’Arc"), ("आदा लिंडक्विस्ट", "आदा लिंडक्विस्ट"),
        ("ஆதா லிண்ட்", "ஆதா லிண்ட்"), ("Ada Lindqvist Jr.", "Ada Lindqvist Jr."), ("Ada L.", "Ada L."),
        ("ʻAda Kealoha", "ʻAda Kealoha"), ("Lindqvist, Ada", "Ada Lindqvist"), ("Anna More", "Anna More"),
        ("Ada Lindqvist ada@example.org", "Ada Lindqvist"), ("김민수 기자", "김민수"), ("記者 山田太郎", "山田太郎"),
        ("文／李小龙", "李小龙"), ("李文蕊", "李文蕊"), ("Kan Chu Sen", "Kan Chu Sen"),
        ("Ada Lind, Ph.D.", "Ada Lind, Ph.D."), ("記者李小龙／台北報導", "李小龙"),
    ],
)  # fmt: skip
def test_names_are_kept_as_people_write_them_in_many_scripts(stated: str, name: str) -> None:
    assert authors_of(json_ld(author={"@type": "Person", "name": stated})) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "null",
        "undefined",
        "None",
        "root",
        "Gallery",
        "Close",
        "РИА Новости",
        "新華社",
        "共同通信",
        "연합뉴스",
        "رويترز",
    ],
)
def test_agencies_and_what_templates_leave_are_no_authors(name: str) -> None:
    assert authors_of(json_ld(author={"@type": "Person", "name": name})) == ()


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Lindqvist Staff Writer", "By Ada Lindqvist For Harbour Post", "By Ada Lindqvist April 3, 2026",
        "By Ada Lindqvist Published 3 April 2026", "Text: Ada Lindqvist Foto: Bo Berg", "Words: Ada Lindqvist",
        "Text by Ada Lindqvist, photos by Bo Berg", "Ada Lindqvist @adalind",
    ],
)  # fmt: skip
def test_what_follows_a_name_in_its_byline_is_cut_off(line: str) -> None:
    assert authors_of("", story(f"<p class='byline'>{line}</p>")) == ("Ada Lindqvist",)
