"""The date of an article is the best supported of what the page and its feed state, and its source is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import page
from tests.transforms.extract.documents import STORY, facts_of, json_ld, published_of, story
from transforms.extract.dates.may_be_date import may_be_date, may_hold_date
from transforms.extract.dates.published import modified_us, published
from transforms.text.dates.day_order import habits_of
from transforms.text.dates.instants import read_instant
from transforms.text.dates.month_names import month_of
from transforms.text.dates.printed_dates import dates_in


def day(us: int) -> str:
    return datetime.fromtimestamp(us / 1e6, UTC).date().isoformat()


def dated(head: str = "", body: str = "", attributes: str = "", **values: object) -> tuple[str, str, str] | None:
    found = published_of(head, body, attributes, **values)
    return (day(found.us), found.source, found.precision) if found is not None else None


def us(text: str) -> int:
    instant = read_instant(text)
    assert instant is not None
    return instant.us


def test_the_sources_are_asked_in_the_stated_order() -> None:
    meta = '<meta property="article:published_time" content="2026-02-21T10:00:00Z">'
    feed = {"entry_published_us": us("2026-02-22T10:00:00Z")}
    body = story('<time datetime="2026-02-23">23 February</time>')
    address = {"final_url": "https://example.org/2026/02/24/quay"}
    assert dated(json_ld(datePublished="2026-02-20T10:00:00Z") + meta, body, **feed) == (
        "2026-02-20",
        "json_ld",
        "second",
    )
    assert dated(meta, body, **feed) == ("2026-02-21", "meta", "second")
    assert dated("", body, **feed) == ("2026-02-22", "feed", "second")
    assert dated("", body, **address) == ("2026-02-23", "time_element", "day")
    assert dated("", story("<p>25 February 2026</p>"), **address) == ("2026-02-24", "url", "day")
    assert dated("", story("<p>25 February 2026</p>")) == ("2026-02-25", "text", "day")
    assert dated("", story("<p>Updated 26 February 2026</p>")) == ("2026-02-26", "modified", "day")
    assert dated("", story()) is None


@pytest.mark.parametrize("stated", ["1995-01-01", "1970-01-01T00:00:00Z", "2031-05-05", "0001-01-01", "soon", "2026"])
def test_a_date_of_the_future_or_from_before_the_web_is_passed_over(stated: str) -> None:
    assert dated(json_ld(datePublished=stated)) is None
    assert dated(json_ld(datePublished=stated), story("<p>1 March 2026</p>")) == ("2026-03-01", "text", "day")


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated 1 March 2026</p>", "<p><b>Last updated:</b> 1 March 2026</p>",
        "<p>Zuletzt aktualisiert: 1.3.2026</p>", '<p>Mis à jour le <time datetime="2026-03-01">1er mars</time></p>',
        '<span class="modified-date">2026-03-01</span>',
    ],
)  # fmt: skip
def test_the_day_of_an_edit_is_no_day_of_publication(line: str) -> None:
    both = story(f"<p>Published 20 February 2026</p>{line}")
    assert dated("", both) == ("2026-02-20", "text", "day")
    only = dated("", story(line))
    assert only == ("2026-03-01", "modified", "day")
    assert day(modified_us(facts_of("", both), page(), None) or 0) == "2026-03-01"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Copyright 1 March 2026</p>", '<p class="event-date">1 March 2026</p>', "<p>Founded 1 March 2001</p>",
        '<div class="related"><time datetime="2026-03-01">1 March</time></div>', "<p>© 2026</p>",
        '<div class="todays-date">1 March 2026</div>',
        "<p>The quay has been closed since the great flood of 3 March 2021, a sign says.</p>",
    ],
)  # fmt: skip
def test_a_date_of_another_kind_or_text_is_none_of_the_article(line: str) -> None:
    assert dated("", story(line)) is None


def test_a_line_may_state_both_and_each_is_what_it_is_called() -> None:
    body = story("<p>Published: 20 February 2026, updated: 1 March 2026</p>")
    assert dated("", body) == ("2026-02-20", "text", "day")
    assert day(modified_us(facts_of("", body), page(), None) or 0) == "2026-03-01"


@pytest.mark.parametrize(
    "line",
    [
        "YAYIN: 20.02.2026, İZMİR, GÜNCELLEME: 01.03.2026", "Yayınlanma 20.02.2026, İİİ, güncelleme 01.03.2026",
        "PUBLISHED 20.02.2026 – LAST UPDATED 01.03.2026", "ОПУБЛИКОВАНО 20.02.2026, ОБНОВЛЕНО 01.03.2026",
    ],
)  # fmt: skip
def test_words_in_capitals_say_the_same_and_a_dotted_capital_shifts_nothing(line: str) -> None:
    body = story(f"<p>{line}</p>")
    assert dated("", body, 'lang="tr"') == ("2026-02-20", "text", "day")
    assert day(modified_us(facts_of("", body, 'lang="tr"'), page(), None) or 0) == "2026-03-01"


@given(st.text("0123456789٣۲๒年月日 ./-'abพ", max_size=40) | st.text(max_size=40))
def test_the_quick_look_at_a_text_passes_over_no_date(text: str) -> None:
    assert may_hold_date(text) or not may_be_date(text)


def test_dates_of_other_stories_below_count_only_where_there_is_one_day() -> None:
    card = '<div class="card"><time datetime="{}">x</time></div>'
    assert dated("", story(below="<p>Published 20 February 2026</p>")) == ("2026-02-20", "text", "day")
    assert dated("", story(below=card.format("2026-02-20") + card.format("2026-02-21"))) is None


def test_a_chronicle_of_dates_is_no_date() -> None:
    assert dated("", story("".join(f"<p>{n} February 2026</p>" for n in range(1, 9)))) is None


def test_a_statement_years_away_gives_way_to_one_that_another_source_supports() -> None:
    stamped = json_ld(datePublished="2019-01-01T00:00:00Z")
    meta = '<meta property="article:published_time" content="2026-02-21T10:00:00Z">'
    assert dated(stamped + meta, entry_published_us=us("2026-02-21T10:05:00Z")) == ("2026-02-21", "meta", "second")
    assert dated(stamped + meta) == ("2019-01-01", "json_ld", "second")


def test_a_day_printed_by_the_headline_is_believed_before_a_later_one_told_to_machines() -> None:
    head = json_ld(datePublished="2026-02-27T10:00:00Z")
    assert dated(head, story('<time datetime="2024-05-06">6 May 2024</time>')) == ("2024-05-06", "time_element", "day")
    assert dated(head, story('<time datetime="2026-02-28">28 February</time>')) == ("2026-02-27", "json_ld", "second")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 March 2026", None), ("March 3rd, 2026", None), ("Mar. 3, 2026", "en"), ("Tuesday, 3. März 2026", "de"),
        ("le 3 mars 2026 à 10:30", "fr"), ("3 de marzo de 2026", "es"), ("3 de março de 2026", "pt"),
        ("3 marca 2026", "pl"),
        ("3 марта 2026 г.", "ru"), ("03.03.2026", "de"), ("3/3/2026", None), ("2026-03-03", None), ("2026/3/3", "ja"),
        ("2026年3月3日", "ja"), ("2026년 3월 3일", "ko"), ("3 Mart 2026", "tr"), ("3. maaliskuuta 2026", "fi"),
        ("2026. március 3.", "hu"), ("3 مارس 2026", "ar"), ("3 मार्च 2026", "hi"), ("04-mar-2026", None),
    ],
)  # fmt: skip
def test_dates_are_read_as_pages_of_many_languages_print_them(text: str, language: str | None) -> None:
    expected = date(2026, 3, 4) if text.startswith("04") else date(2026, 3, 3)
    assert expected in list(dates_in(text, habits_of((language,))))


def test_the_language_decides_which_figure_is_the_month() -> None:
    assert list(dates_in("3/4/2026", habits_of(("en-US",)))) == [date(2026, 3, 4)]
    assert list(dates_in("3/4/2026", habits_of(("en-GB",)))) == [date(2026, 4, 3)]
    assert list(dates_in("3/4/2026", habits_of(("it",)))) == [date(2026, 4, 3)]
    assert list(dates_in("3/14/2026", habits_of(("it",)))) == [date(2026, 3, 14)]
    assert list(dates_in("3.4.2026", habits_of(("en-US",)))) == [date(2026, 4, 3)]


def test_a_name_that_two_languages_use_for_different_months_needs_the_language() -> None:
    assert (month_of("listopad", "hr"), month_of("listopad", "pl"), month_of("listopad", None)) == (10, 11, None)


@pytest.mark.parametrize(
    "text", ["March 2026", "in 2026", "31 February 2026", "3 Marches 2026", "10:30", "1" * 200, "20" * 60]
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert list(dates_in(text, habits_of(("en",)))) == []


@given(st.text("0123456789 ./-,JanMarch年月日st", max_size=120))
def test_dates_in_any_text_are_days_of_its_years(text: str) -> None:
    assert all(str(found.year) in text for found in dates_in(text, habits_of(())))


def test_a_date_that_is_a_line_of_its_own_counts_anywhere_if_the_page_has_no_other_and_states_no_edit() -> None:
    line = "<p>Wednesday, 4 February 2026</p>"
    assert dated("", story(below=line)) == ("2026-02-04", "text", "day")
    assert dated("", story(below=f"{line}<p>5 February 2026</p>")) is None
    assert dated("", story(below="<p>The quay was opened on 4 February 2026, a Wednesday</p>")) is None
    assert dated("", story("<p>Updated 9 February 2026</p>", below=line)) == ("2026-02-09", "modified", "day")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/02/04/quay", "2026-02-04"),
        ("/news/20260204-quay-closes", "2026-02-04"),
        ("/news/quay-closes-2026-02-04.html", "2026-02-04"),
        ("/news/quay_2026_02_04", "2026-02-04"),
        ("/news/quay-20261304", None),
        ("/news/120260204", None),
        ("/news/quay-202602045", None),
        ("/news/quay?day=2026-02-04", None),
        ("/news/quay-2026-02", None),
    ],
)
def test_a_day_in_the_folders_or_the_name_of_an_address_is_read(path: str, expected: str | None) -> None:
    found = dated("", story(), final_url=f"https://example.org{path}")
    assert (found and found[:2]) == (expected and (expected, "url"))


@pytest.mark.parametrize(
    ("stated", "attributes", "expected"),
    [
        ("05.02.2026 10:15", 'lang="de"', "2026-02-05"), ("05/02/2026", 'lang="fr"', "2026-02-05"),
        ("05/02/2026", 'lang="en-GB"', "2026-02-05"), ("02/05/2026", 'lang="en-US"', "2026-02-05"),
        ("05.02.2026", 'lang="en-US"', "2026-02-05"), ("2026/2/5", "", "2026-02-05"),
        ("1770285600", "", "2026-02-05"),
        ("1770285600000", "", "2026-02-05"), ("٥ فبراير ٢٠٢٦", 'lang="ar"', "2026-02-05"),
        ("5 ก.พ. 2569", "", "2026-02-05"),
        ("Thu Feb 05 2026 10:00:00 GMT+0000 (Coordinated Universal Time)", "", "2026-02-05"),
        ("2569-02-05T10:00:00+07:00", 'lang="th"', "2026-02-05"), ("1404/11/16", 'lang="fa"', "2026-02-05"),
        ("Thu, 5 Feb 2026 23:30:00 EST", "", "2026-02-06"), ("February 2026", 'lang="en"', None),
    ],
)  # fmt: skip
def test_a_page_states_its_date_in_one_language_wherever_it_stands(
    stated: str, attributes: str, expected: str | None
) -> None:
    meta = f'<meta property="article:published_time" content="{stated}">'
    marked = story(f'<time datetime="{stated}">yesterday</time>')
    assert [found and found[0] for found in (
        dated(json_ld(datePublished=stated), "", attributes),
        dated(meta, "", attributes),
        dated("", marked, attributes),
    )] == [expected] * 3  # fmt: skip


@pytest.mark.parametrize(
    ("line", "attributes", "expected"),
    [
        ("٥ فبراير ٢٠٢٦", 'lang="ar"', "2026-02-05"), ("৫ ফেব্রুয়ারি ২০২৬", 'lang="bn"', "2026-02-05"),
        ("เผยแพร่ 5 ก.พ. 2569 10:00 น.", 'lang="th"', "2026-02-05"), ("5 ก.พ. 69", 'lang="th"', "2026-02-05"),
        ("۱۶ بهمن ۱۴۰۴", 'lang="fa"', "2026-02-05"), ("۱۴۰۴/۱۱/۱۶", 'lang="fa"', "2026-02-05"),
        ("令和8年2月5日", 'lang="ja"', "2026-02-05"), ("民國115年2月5日", 'lang="zh-TW"', "2026-02-05"),
        ("二〇二六年二月五日", 'lang="zh"', "2026-02-05"), ("05/02/2026", 'lang="es"', "2026-02-05"),
    ],
)  # fmt: skip
def test_the_printed_day_is_read_in_the_digits_and_the_calendar_of_the_page(
    line: str, attributes: str, expected: str
) -> None:
    assert dated("", story(f"<p>{line}</p>"), attributes) == (expected, "text", "day")


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("5 Лют 2026", "uk", "2026-02-05"), ("5 ŞUBAT 2026", "tr", "2026-02-05"), ("5 KASIM 2025", "tr", "2025-11-05"),
        ("2026ko otsailaren 5a", "eu", "2026-02-05"), ("5 ta’ Frar 2026", "mt", "2026-02-05"),
        ("5 شباط/فبراير 2026", "ar", "2026-02-05"), ("٥ فبراير (شباط) ٢٠٢٦", "ar", "2026-02-05"),
        ("٥ی شوباتی ٢٠٢٦", "ckb", "2026-02-05"), ("ഫെബ്രുവരി 05, 2026", "ml", "2026-02-05"),
        ("ഏപ്രില്\u200d 05, 2025", "ml", "2025-04-05"), ("2025 අප්\u200dරේල් 5", "si", "2025-04-05"),
        ("ဖေဖော်ဝါရီ ၅၊ ၂၀၂၆", "my", "2026-02-05"), ("ថ្ងៃទី៥ ខែកុម្ភៈ ឆ្នាំ២០២៦", "km", "2026-02-05"),
        ("5 ກຸມພາ 2026", "lo", "2026-02-05"), ("วันที่ 5 เดือนกุมภาพันธ์ พ.ศ. 2569", "th", "2026-02-05"),
        ("民國一百一十五年二月五日", "zh-TW", "2026-02-05"), ("2026 оны 2 сарын 5", "mn", "2026-02-05"),
        ("5 апрел 2025", "uz", "2025-04-05"), ("5 феврали 2026", "tg", "2026-02-05"),
        ("5. Februar 2026", "lb", "2026-02-05"),
        ("5 februaro 2026", "eo", "2026-02-05"), ("5 a viz C’hwevrer 2026", "br", "2026-02-05"),
        ("5 Abriil 2025", "so", "2025-04-05"), ("5 Faburairu 2026", "ha", "2026-02-05"),
        ("3 April/Mei 2026", "id", None), ("5 Marches 2026", "en", None),
    ],
)  # fmt: skip
def test_months_are_known_as_pages_shorten_and_inflect_them(line: str, language: str, expected: str | None) -> None:
    assert dated("", story(f"<p>{line}</p>"), f'lang="{language}"') == (expected and (expected, "text", "day"))


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("05.02.26, 10:15", "de", "2026-02-05"), ("05/02/26", "fr", "2026-02-05"), ("02/05/26", "en-US", "2026-02-05"),
        ("05-02-26", "nl", "2026-02-05"), ("5 February ’26", "en", "2026-02-05"), ("Feb 5, '26", "en", "2026-02-05"),
        ("05-Feb-26", "en", "2026-02-05"), ("26.02.05 10:15", "ko", "2026-02-05"), ("R8.2.5", "ja", "2026-02-05"),
        ("05/02/69", "th", "2026-02-05"),
        ("26-02-05", "en", None), ("31.02.26", "de", None), ("1.2.2.26", "de", None),
    ],
)  # fmt: skip
def test_a_year_of_two_figures_counts_where_the_page_marks_a_date(
    line: str, language: str, expected: str | None
) -> None:
    marked = dated("", story(f"<p class='date'>{line}</p>"), f'lang="{language}"')
    assert (marked and marked[0]) == expected
    assert dated("", story(f"<p>{line}</p>"), f'lang="{language}"') is None


def test_a_number_in_json_ld_is_an_instant() -> None:
    assert dated(json_ld(datePublished=1770285600)) == ("2026-02-05", "json_ld", "second")
    assert dated(json_ld(datePublished=1770285600000)) == ("2026-02-05", "json_ld", "second")
    assert dated(json_ld(datePublished=True)) is None


def test_the_domain_of_a_page_says_which_figure_is_the_month() -> None:
    meta = '<meta name="date" content="02/05/2026">'
    assert dated(meta, final_url="https://paper.com/quay", url="https://paper.com/quay") == (
        "2026-02-05",
        "meta",
        "day",
    )
    british = {"final_url": "https://paper.co.uk/quay", "fetched_at_us": us("2026-06-01T00:00:00Z")}
    assert dated(meta, **british) == ("2026-05-02", "meta", "day")


@pytest.mark.parametrize(
    "head",
    [
        "<header><div>Sunday, 1 March 2026</div></header>",
        "<header><time datetime='2026-03-01'>1 March</time></header>",
        "<header><span class='date'>Sunday, 1 March 2026</span></header>", "<nav>1 March 2026</nav>",
        "<div class='masthead'><p>1 March 2026</p></div>", "<div id='topbar'><b>1 March 2026</b></div>",
        "<div class='site-header'><div>Today is Sunday, 1 March 2026</div></div>",
        "<div id='clock'>1 March 2026</div>",
        "<div class='current-date'>1 March 2026</div>", "<p>Today: 1 March 2026</p>",
    ],
)  # fmt: skip
def test_the_day_in_the_head_of_a_page_is_that_of_the_visit(head: str) -> None:
    assert dated("", head + story()) is None
    assert dated("", head + story("<p>20 February 2026</p>")) == ("2026-02-20", "text", "day")


@pytest.mark.parametrize(
    "head",
    [
        "<article><header><p>1 March 2026</p></header><h1>Quay</h1></article>",
        "<header><h1>Quay</h1>1 March 2026</header>",
        "<header class='entry-header'>1 March 2026</header><h1>Quay</h1>", "<header>Published 1 March 2026</header>",
        "<h2 class='date-header'>Sunday, 1 March 2026</h2><h1>Quay</h1>",
    ],
)  # fmt: skip
def test_the_day_in_the_head_of_an_article_is_the_articles(head: str) -> None:
    assert dated("", head + story(title="")) == ("2026-03-01", "text", "day")


@pytest.mark.parametrize(
    "line",
    [
        "<p>On 1 March 2026 the council voted to close it.</p>", "<p>The council met on 1 March 2026.</p>",
        "<p>On <time datetime='2026-03-01'>1 March</time> the council voted to close it.</p>",
        "<p>The council, which on <b>1 March 2026</b> voted to close it, has changed its mind.</p>",
        "<p>Am 1. März 2026 beschloss der Rat die Schließung des Marktes.</p>",
        "<p>2026年3月1日，市议会投票关闭了旧鱼市场。</p>",
        "<p>Le 1er mars 2026, le conseil a voté la fermeture du marché.</p>",
    ],
)  # fmt: skip
def test_a_day_told_in_a_sentence_is_no_day_of_publication(line: str) -> None:
    assert dated("", story(line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "<p>1 марта 2026 г.</p>",
        "<p>By Ada Lind | 1 March 2026 at 10:15 | 3 min read</p>", "<p>By Ada Lind on 1 March 2026 in Harbour</p>",
        "<p>Harbour Post, Sunday 1 March 2026</p>", "<p>Von Ada Lind, 1. März 2026, 10:15 Uhr</p>",
        "<p><b>1 March 2026</b> – Traders have to leave the old fish market before the summer.</p>",
        "<p>The harbour closes in April, the port says.<br>1 March 2026</p>",
        "<p>2026年3月1日 10:15 来源：港口日报 作者：林艾达</p>",
    ],
)  # fmt: skip
def test_a_day_in_a_byline_is_the_day_of_publication(line: str) -> None:
    assert dated("", story(line)) == ("2026-03-01", "text", "day")


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2026-02-21T09:59:59Z", None), ("2026-02-20", None), ("2026-02-21T10:00:00Z", "2026-02-21"),
        ("1771754400", "2026-02-22"),
    ],
)  # fmt: skip
def test_an_edit_before_the_publication_is_none(modified: str, expected: str | None) -> None:
    head = json_ld(datePublished="2026-02-21T10:00:00Z", dateModified=modified)
    facts, given = facts_of(head), page()
    found = modified_us(facts, given, published(facts, given))
    assert (found and day(found)) == expected
    assert modified_us(facts_of(""), page(entry_updated_us=1), published(facts, given)) is None


def test_where_page_and_feed_state_only_an_edit_it_stands_for_the_publication() -> None:
    edit = us("2026-02-21T10:00:00Z")
    assert dated(entry_published_us=None, entry_updated_us=edit) == ("2026-02-21", "modified", "second")
    assert dated(entry_published_us=edit - 1, entry_updated_us=edit) == ("2026-02-21", "feed", "second")
    assert dated("", story("<p>20 February 2026</p>"), entry_updated_us=edit) == ("2026-02-20", "text", "day")


@pytest.mark.parametrize(
    "head",
    [
        "<div class='weather'>7° Lindmere, 1 March 2026</div>", "<div class='hora'>1 de marzo de 2026, 10:15</div>",
        "<div class='jeg_top_date'>Sunday, March 1, 2026</div>",
        "<div class='logo'><img src='l.png'><br>1 March 2026</div>",
        "<table><tr><td>Sunday, March 1, 2026</td><td><a href='/'>Home</a></td></tr></table>",
        "<div class='mg-head-detail'><ul><li>Sun. Mar 1st, 2026</li></ul></div>",
        "<div><a href='/'>Harbour Post</a> <span>1 March 2026</span></div>",
        "<div class='td_data_time'>Sunday, March 1, 2026</div>",
    ],
)  # fmt: skip
def test_a_day_above_the_menu_is_no_day_of_publication_whatever_it_is_called(head: str) -> None:
    menu = "<div id='menu'><a href='/city'>City</a> <a href='/sport'>Sport</a></div>"
    assert dated("", f"{head}{menu}<div id='c'>{story()}</div>".replace("main>", "div>")) is None


def test_a_day_right_above_the_story_may_be_the_storys() -> None:
    apart = "<div class='d'><p>1 March 2026</p></div>{}<div><h1>Quay closes</h1>" + STORY + "</div>"
    assert dated("", apart.format("")) == ("2026-03-01", "text", "day")
    assert dated("", apart.format("<ul><li><a href='/city'>City</a></li></ul>")) is None
    named = "<ul class='artikelkopf'><li>1 March 2026</li></ul><ul><li><a href='/city'>City</a></li></ul>"
    assert dated("", f"{named}<div><h1>Quay closes</h1>{STORY}</div>") == ("2026-03-01", "text", "day")


@pytest.mark.parametrize(
    "line",
    [
        "<p>Deadline: 1 March 2026</p>", "<p>Valid until 1 March 2026</p>", "<p>Photo taken 1 March 2026</p>",
        "<p>Foto vom 1. März 2026</p>", "<p>Termin: 1. März 2026, 19 Uhr</p>", "<p>When: 1 March 2026, 7 pm</p>",
        "<p>Event date: March 1, 2026</p>", "<p>Comments close on March 1, 2026</p>", "<p>Next issue: 1 March 2026</p>",
        "<h2>The session of 1 March 2026</h2>", "<h3>Council session, 1 March 2026</h3>",
        "<figure><figcaption>The market, 1 March 2026. Photo: Bo Berg</figcaption></figure>",
        "<p>Свидетельство о регистрации Эл № ФС77-31805 от 01.03.2026</p>",
        "<p>افتتح السوق في 3 مايو 2011 ويغلق في نهاية الصيف.</p>",
    ],
)  # fmt: skip
def test_a_line_that_begins_with_what_else_it_dates_is_no_date_of_the_article(line: str) -> None:
    assert dated("", story(line)) is None
    assert dated("", story(below=line)) is None


def test_a_day_beside_the_story_in_a_list_of_others_is_none_of_its() -> None:
    card = "<aside><ul><li><a href='/fares'>Ferry fares</a> <time datetime='2026-02-20'>20 Feb</time></li></ul></aside>"
    assert dated("", story(below=card)) is None
    assert dated("", story(below="<footer><time datetime='2026-02-20'>20 Feb</time></footer>")) is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('<time datetime="">February 5, 2026</time>', "2026-02-05"),
        ('<time datetime="Invalid date">February 5, 2026</time>', "2026-02-05"),
        ('<time class="timeago" title="2026-02-05T08:00:00Z">3 days ago</time>', "2026-02-05"),
        ('<abbr class="published" title="2026-02-05T08:00:00Z">3 days ago</abbr>', "2026-02-05"),
        ('<span class="date" data-timestamp="1770285600">3 days ago</span>', "2026-02-05"),
        ('<span class="date" data-updated="1770285600">3 days ago</span>', None),
        ('<span class="date" title="5 February 2026">gestern</span>', "2026-02-05"),
        ('<relative-time datetime="2026-02-05T08:00:00Z">on Thursday</relative-time>', "2026-02-05"),
        ('<div class="date"><span>05</span><span>Feb</span><span>2026</span></div>', "2026-02-05"),
        ('<p class="pub_date">Published on <b>05</b>th <b>February</b>, <b>2026</b></p>', "2026-02-05"),
        ('<time class="entry-date updated" datetime="2026-02-05T08:00:00Z">5 Feb</time>', "2026-02-05"),
        ('<p class="date">3 days ago</p>', None), ('<p class="date">Today, 10:15</p>', None),
        ('<ins datetime="2026-02-05T08:00:00Z">Two more traders agreed.</ins>', None),
    ],
)  # fmt: skip
def test_what_shows_a_day_in_words_may_state_it_in_an_attribute(line: str, expected: str | None) -> None:
    found = dated("", story(line))
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    "name",
    [
        "article:published", "published_time", "og:article:published_time", "bt:pubDate", "pub_date", "release_date",
        "dcterms.date", "dc.date.created", "displaydate", "citation_online_date", "article:create_time", "ptime",
    ],
)  # fmt: skip
def test_a_meta_element_that_is_called_like_a_publication_or_a_creation_states_it(name: str) -> None:
    assert dated(f'<meta name="{name}" content="2026-02-05">') == ("2026-02-05", "meta", "day")


@pytest.mark.parametrize("name", ["dc.date.modified", "last-published", "expiration_date", "unpublish_date"])
def test_a_meta_element_of_an_edit_or_an_end_states_no_publication(name: str) -> None:
    assert dated(f'<meta name="{name}" content="2026-02-05">') is None


def test_a_date_object_of_php_is_an_instant() -> None:
    php = {"date": "2026-02-05 00:30:00.000000", "timezone_type": 3, "timezone": "Europe/Berlin"}
    assert dated(json_ld(datePublished=php)) == ("2026-02-04", "json_ld", "second")


def test_an_address_may_name_the_month() -> None:
    found = dated("", story(), final_url="https://example.org/world/2026/feb/04/quay")
    assert found == ("2026-02-04", "url", "day")


@pytest.mark.parametrize(
    ("edited", "published", "language"),
    [
        ("Frissítve: 2026.02.05.", "2026.02.03.", "hu"), ("Ažurirano: 05.02.2026.", "03.02.2026.", "hr"),
        ("Actualizat: 05.02.2026", "03.02.2026", "ro"), ("آخر تحديث: 05/02/2026", "03/02/2026", "ar"),
        ("עודכן: 05/02/2026", "03/02/2026", "he"), ("به‌روزرسانی: ۱۶ بهمن ۱۴۰۴", "۱۴ بهمن ۱۴۰۴", "fa"),
        ("अपडेट: 05 फ़रवरी 2026", "03 फ़रवरी 2026", "hi"), ("আপডেট: ০৫ ফেব্রুয়ারি ২০২৬", "০৩ ফেব্রুয়ারি ২০২৬", "bn"),
        ("ปรับปรุงล่าสุด: 5 ก.พ. 2569", "3 ก.พ. 2569", "th"), ("Dikemas kini: 5 Februari 2026", "3 Februari 2026", "ms"),
        ("Uuendatud: 05.02.2026", "03.02.2026", "et"), ("Atnaujinta: 2026-02-05", "2026-02-03", "lt"),
        ("Обновена: 05.02.2026", "03.02.2026", "bg"), ("Змінено: 05.02.2026", "03.02.2026", "uk"),
        ("Редактировано: 05.02.2026", "Создано: 03.02.2026", "ru"), ("Posodobljeno: 5. 2. 2026", "3. 2. 2026", "sl"),
        ("Sidst redigeret: 5. februar 2026", "3. februar 2026", "da"),
        ("Yenilənib: 5 fevral 2026", "3 fevral 2026", "az"),
        ("최종수정 2026.02.05", "승인 2026.02.03", "ko"), ("修改时间：2026-02-05", "发表时间：2026-02-03", "zh"),
    ],
)  # fmt: skip
def test_an_edit_is_told_from_the_publication_in_many_languages(edited: str, published: str, language: str) -> None:
    body = story(f"<p>{edited}</p><p>{published}</p>")
    assert (dated("", body, f'lang="{language}"') or ("",))[0] == "2026-02-03"
    assert (dated("", story(f"<p>{edited}</p>"), f'lang="{language}"') or ("", ""))[1] == "modified"
