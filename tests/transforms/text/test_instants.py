"""A text that is a date is read whole, in its language, digits and calendar; nothing is filled in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.dates.calendars import solar_hijri_day
from transforms.text.dates.day_order import habits_of, month_first
from transforms.text.dates.instants import MAX_CHARS, read_instant


def read(text: str, language: str | None = None, country: str | None = None, url: str = "") -> str | None:
    found = read_instant(text, habits_of((language,), (url,), country))
    if found is None:
        return None
    moment = datetime.fromtimestamp(found.us / 1e6, UTC)
    return moment.date().isoformat() if found.precision == "day" else moment.isoformat()[:16]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027/05/04 09:30:00", "2027-05-04T09:30"), ("2027/5/4", "2027-05-04"),
        ("2027.05.04 9:30", "2027-05-04T09:30"),
        ("2027-5-4 9:05", "2027-05-04T09:05"), ("2027 05 04", "2027-05-04"),
        ("2027年5月4日 9:30", "2027-05-04T09:30"),
        ("2027년 5월 4일", "2027-05-04"), ("2027 May 4", "2027-05-04"), ("2027. május 4.", "2027-05-04"),
        ("2027-05-04T09:30", "2027-05-04T09:30"), ("20270504", "2027-05-04"), ("20270504T0930", "2027-05-04T09:30"),
        ("20270504093000", "2027-05-04T09:30"), ("2027. gada 4. maijs", "2027-05-04"),
        ("2027 жылғы 4 мамыр", "2027-05-04"),
        ("ngày 4 tháng 5 năm 2027", "2027-05-04"), ("2027 оны 5-р сарын 4", "2027-05-04"),
        ("4-May-2027", "2027-05-04"), ("04/May/2027:09:30:00 +0000", "2027-05-04T09:30"),
        ("04/May/27:09:30:00 +0000", "2027-05-04T09:30"),
    ],
)  # fmt: skip
def test_the_year_may_come_first(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 04 May 2027 10:00:00 EEST", "07:00"), ("Tue, 04 May 2027 10:00:00 cest", "08:00"),
        ("Tue, 04 May 2027 10:00:00 (MEZ)", "09:00"), ("Tue, 04 May 2027 10:00:00 PST", "18:00"),
        ("Tue, 04 May 2027 10:00:00 PT", "17:00"), ("Tue, 04 Jan 2028 10:00:00 PT", "18:00"),
        ("Tue, 04 May 2027 10:00:00 Asia/Tokyo", "01:00"), ("2027-05-04 10:00 europe/berlin", "08:00"),
        ("2027-01-04T10:00:00+01:00[Europe/Berlin]", "09:00"), ("2027-05-04 10:00 Etc/GMT+2", "12:00"),
        ("2027-05-04 10:00 UTC+05:30", "04:30"), ("2027-05-04 10:00 GMT-3", "13:00"),
        ("2027-05-04 10:00 (GMT +1)", "09:00"),
        ("2027-05-04 10:00 UTC−05:00", "15:00"), ("Tue, 04 May 2027 10:00:00 +0530 IST", "04:30"),
        ("2027-05-04 10:00 NPT", "04:15"), ("Tue, 04 May 2027 10:00:00 -0000", "10:00"),
        ("Tue, 04 May 2027 10:00:00", "10:00"), ("Tue May 04 10:00:00 CEST 2027", "08:00"),
        ("Tue May 04 10:00:00 +0200 2027", "08:00"), ("10:15 BST 4 May 2027", "09:15"),
        ("Tue May 04 2027 10:00:00 GMT+0200 (Central European Summer Time)", "08:00"),
    ],
)  # fmt: skip
def test_a_zone_counts_as_it_is_named(text: str, expected: str) -> None:
    found = read(text)
    assert found is not None
    assert found[11:] == expected


@pytest.mark.parametrize(
    ("zone", "country", "expected"),
    [
        ("IST", None, "04:30"), ("IST", "IN", "04:30"), ("IST", "IE", "09:00"), ("IST", "IL", "08:00"),
        ("CST", "US", "16:00"), ("CST", "CN", "02:00"), ("PST", "PH", "02:00"), ("EST", "AU", "00:00"),
        ("BST", "GB", "09:00"),
    ],
)  # fmt: skip
def test_a_name_that_several_zones_have_is_that_of_the_country(zone: str, country: str | None, expected: str) -> None:
    found = read(f"Tue, 04 May 2027 10:00:00 {zone}", country=country)
    assert found is not None
    assert found[11:] == expected


@pytest.mark.parametrize(
    ("time", "language", "expected"),
    [
        ("9:05 PM", None, "21:05"), ("9:05 p.m.", None, "21:05"), ("9:05 p. m.", "es", "21:05"),
        ("9:05pm", None, "21:05"),
        ("9 pm", None, "21:00"), ("12:05 AM", None, "00:05"), ("12:05 PM", None, "12:05"),
        ("21:05 PM", None, "21:05"),
        ("下午9:05", "zh", "21:05"), ("上午9点05分", "zh", "09:05"), ("午後9時05分", "ja", "21:05"),
        ("오후 9:05", "ko", "21:05"),
        ("오전 9시 5분", "ko", "09:05"), ("9:05 μ.μ.", "el", "21:05"), ("9:05 π.μ.", None, "09:05"),
        ("٩:٠٥ م", "ar", "21:05"),
        ("9:05 अपराह्न", "hi", "21:05"), ("du. 9:05", "hu", "21:05"), ("9:05 CH", "vi", "21:05"),
        ("9h05", "fr", "09:05"),
        ("9.05 Uhr", "de", "09:05"), ("kl. 21.05", "da", "21:05"), ("à 9 h 05 min 30 s", "fr", "09:05"),
        ("21:05 น.", "th", "21:05"),
    ],
)  # fmt: skip
def test_the_time_of_day_is_read_in_its_local_form(time: str, language: str | None, expected: str) -> None:
    assert read(f"2027-05-04 {time}", language) == f"2027-05-04T{expected}"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("٤ مايو ٢٠٢٧", "ar", "2027-05-04"), ("۴ مئی ۲۰۲۷", "ur", "2027-05-04"), ("४ मई २०२७", "hi", "2027-05-04"),
        ("৪ মে ২০২৭", "bn", "2027-05-04"), ("二〇二七年五月四日", "zh", "2027-05-04"),
        ("二零二七年十二月二十三日", None, "2027-12-23"),
        ("２０２７／５／４", "ja", "2027-05-04"), ("৪/৫/২০২৭", "bn", "2027-05-04"),
        ("4 พ.ค. 2570", "th", "2027-05-04"), ("๔ พฤษภาคม พ.ศ. ๒๕๗๐", None, "2027-05-04"),
        ("4 พ.ค. 70", "th", "2027-05-04"),
        ("04/05/2570", "th", "2027-05-04"), ("2570-05-04T10:00:00+07:00", None, "2027-05-04T03:00"),
        ("۱۴ اردیبهشت ۱۴۰۶", "fa", "2027-05-04"), ("14 ارديبهشت 1406", None, "2027-05-04"),
        ("1406/02/14", "fa", "2027-05-04"),
        ("۱۴ ثور ۱۴۰۶", "fa-AF", "2027-05-04"), ("1406-02-14", "en", None), ("١٤٤٨/١١/٢٧", "ar", None),
        ("令和9年5月4日", "ja", "2027-05-04"), ("令和元年5月4日", None, "2019-05-04"),
        ("平成31年4月30日", "ja", "2019-04-30"),
        ("民國116年5月4日", None, "2027-05-04"), ("中華民國一一六年五月四日", "zh", "2027-05-04"),
        ("116/05/04", "zh-TW", "2027-05-04"),
        ("116/05/04", "de", None),
    ],
)  # fmt: skip
def test_digits_and_calendars_are_those_of_the_text(text: str, language: str | None, expected: str | None) -> None:
    assert read(text, language) == expected


@pytest.mark.parametrize(
    ("day", "month"), [((1403, 12, 30), "2025-03-20"), ((1404, 1, 1), "2025-03-21"), ((1399, 12, 30), "2021-03-20")]
)
def test_years_of_the_solar_hijri_calendar_begin_in_spring(day: tuple[int, int, int], month: str) -> None:
    assert solar_hijri_day(*day) == date.fromisoformat(month)
    with pytest.raises(ValueError, match="1404-12-30"):
        solar_hijri_day(1404, 12, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1809424800", "2027-05-04T10:00"), ("1809424800000", "2027-05-04T10:00"),
        ("1809424800.25", "2027-05-04T10:00"),
        ("/Date(1809424800000)/", "2027-05-04T10:00"), ("18094248001", None), ("180942480", None),
        ("1809424800000000", None),
    ],
)  # fmt: skip
def test_seconds_and_milliseconds_since_1970_are_told_by_their_length(text: str, expected: str | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "country", "url", "expected"),
    [
        ("05.04.2027", "en-US", None, "", "2027-04-05"), ("05/04/2027", "de", None, "", "2027-04-05"),
        ("05/04/2027", "en-US", None, "", "2027-05-04"), ("05/04/2027", "en", None, "", "2027-05-04"),
        ("05/04/2027", "en-GB", None, "", "2027-04-05"), ("05/04/2027", "en", "IN", "", "2027-04-05"),
        ("05/04/2027", "en-US", None, "https://paper.co.uk/", "2027-04-05"),
        ("05-04-2027", None, "AU", "", "2027-04-05"),
        ("05/04/2027", "en", None, "https://paper.example.io/", "2027-05-04"),
        ("05/04/2027", "en", "US", "", "2027-05-04"),
        ("25/04/2027", "en-US", None, "", "2027-04-25"), ("04/25/2027", "de", None, "", "2027-04-25"),
        ("05/04/2027", "ja", None, "", None), ("05/04/2027", "en", "JP", "", None),
        ("05/05/2027", "ja", None, "", "2027-05-05"),
        ("05/04/2027", "zh-HK", None, "", "2027-04-05"),
    ],
)  # fmt: skip
def test_language_and_country_say_which_figure_is_the_month(
    text: str, language: str | None, country: str | None, url: str, expected: str | None
) -> None:
    assert read(text, language, country, url) == expected


@pytest.mark.parametrize(
    ("text", "language", "country", "expected"),
    [
        ("04 May 27 10:15 GMT", None, None, "2027-05-04T10:15"), ("Tue, 4 May 27", None, None, "2027-05-04"),
        ("Tuesday, 04-May-27 10:15:00 GMT", None, None, "2027-05-04T10:15"), ("04-May-27", None, None, "2027-05-04"),
        ("04-May-27 10.15.30", None, None, "2027-05-04T10:15"),
        ("4. Mai 27, 10:15 Uhr", "de", None, "2027-05-04T10:15"),
        ("4 mai 27 à 10h15", "fr", None, "2027-05-04T10:15"), ("4 May 27T10:15:00Z", None, None, "2027-05-04T10:15"),
        ("May 4, 27 10:15 PM", "en", None, "2027-05-04T22:15"), ("May 4 '27", "en", None, "2027-05-04"),
        ("04 May 49 10:15 GMT", None, None, "2049-05-04T10:15"),
        ("04 May 50 10:15 GMT", None, None, "1950-05-04T10:15"),
        ("04 May 127 10:15 GMT", None, None, "2027-05-04T10:15"), ("10:15 4/5/27", "en", "GB", "2027-05-04T10:15"),
        ("05/04/27 10:15", "en", "US", "2027-05-04T10:15"), ("05/04/27 10:15", "en", "GB", "2027-04-05T10:15"),
        ("05/04/27 10:15", "de", None, "2027-04-05T10:15"), ("5.4.27 10:15", "en", "US", "2027-04-05T10:15"),
        ("05/05/27 10:15", None, None, "2027-05-05T10:15"), ("25/04/27", "en", "US", "2027-04-25"),
        ("04/25/27", "de", None, "2027-04-25"), ("٠٤/٠٥/٢٧ ١٠:١٥", "ar", None, "2027-05-04T10:15"),
        ("5/5/27 10:15 +1300", None, None, "2027-05-04T21:15"),
        ("27/05/04", "ja", None, "2027-05-04"), ("27. 5. 4. 10:15", "ko", None, "2027-05-04T10:15"),
        ("27年5月4日 10:15", "zh", None, "2027-05-04T10:15"), ("27-05-04T10:15:00Z", None, None, "2027-05-04T10:15"),
        ("04/05/27", "ja", None, "2004-05-27"), ("05/05/70", "th", None, "2027-05-05"), ("04/12/12", "fa", None, None),
        ("31/02/27", None, None, None), ("04 Foo 27 10:15", None, None, None), ("10.15.30", None, None, None),
        ("3 March 10 PM", None, None, None),
        ("3 March 10:15", None, None, None), ("Mar 26 10:15 GMT", None, None, None),
        ("05/27", None, None, None), ("1.2.3", None, None, None), ("Fri Apr 3 08.10.12 2026", None, None, None),
        ("4 May 2027 10.11.12", None, None, "2027-05-04T10:11"),
    ],
)  # fmt: skip
def test_a_year_of_two_figures_is_one_of_1950_to_2049(
    text: str, language: str | None, country: str | None, expected: str | None
) -> None:
    assert read(text, language, country) == expected


def test_one_sign_of_a_country_that_writes_the_day_first_is_enough() -> None:
    assert month_first(habits_of(("en-US", "en-GB"))) is False
    assert month_first(habits_of(("en_US", "de-DE"))) is True  # another language's country says nothing of this one
    assert habits_of(("zh-Hant-TW",)).countries == ("TW",)


@pytest.mark.parametrize(
    "text",
    [
        "", "2027", "May 2027", "2027/05", "2027-W18", "2027-05", "May 4", "4.5.", "10:30", "yesterday", "NaN",
        "2027-05-04 / 2027-05-06", "4 May 2027 and 17 more", "31 February 2027", "2027-13-45", "0001-01-01 ago 7",
        "99999999999999", "1" * 500, "٢٠٢٧", "2027年5月", "5月4日", "4 Maybe 2027",
    ],
)  # fmt: skip
def test_nothing_is_filled_in_and_nothing_left_over(text: str) -> None:
    assert read(text) is None


@given(st.text("0123456789 :/.-,年月日T+ZAMPmay下午مايو", max_size=40))
def test_any_text_is_an_instant_or_none(text: str) -> None:
    found = read_instant(text)
    assert found is None or found.precision in ("second", "day")


@pytest.mark.parametrize("unit", ["1 ", "1/", "a ", "พ.", "1:", "+1", "(", "2027 ", "٤", "年", "p. "])
def test_a_hostile_text_costs_no_more_than_a_date(unit: str) -> None:
    started = time.process_time()
    for text in (unit * 60, f"{(unit * 60)[: MAX_CHARS - 12]} 4 May 2027", unit * 100_000):
        read_instant(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Eastern Daylight Time", "2027-05-04T13:30"), ("Central European Summer Time", "2027-05-04T07:30"),
        ("India Standard Time", "2027-05-04T04:00"), ("Mitteleuropäische Sommerzeit", "2027-05-04T07:30"),
        ("Coordinated Universal Time", "2027-05-04T09:30"), ("Nowhere Standard Time", "2027-05-04T09:30"),
        ("GMT+0200 (Eastern European Summer Time)", "2027-05-04T07:30"),
    ],
)  # fmt: skip
def test_a_zone_may_be_a_phrase(zone: str, expected: str) -> None:
    assert read(f"Tue, 04 May 2027 09:30:00 {zone}", None) == expected
