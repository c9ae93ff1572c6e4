from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.charset import CHARSETS, decode_body

RUSSIAN = "<html><body><p>Министры обсудили вопросы поставок газа в зимний период.</p></body></html>" * 10
FRENCH = "<html><body><p>L’été dernier, la maire a déclaré « très bien » à la presse…</p></body></html>" * 10
JAPANESE = "<html><body><p>中央銀行は本日、金融政策決定会合を開きました。テスト</p></body></html>" * 10
CHINESE = "<html><body><p>央行今日宣布下调存款准备金率，市场反应积极。</p></body></html>" * 10
KOREAN = "<html><body><p>한국은행은 오늘 기준금리를 동결했다고 밝혔다.</p></body></html>" * 10

TEXTS = {
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "cp866": RUSSIAN,
    "iso8859-5": RUSSIAN,
    "cp1252": FRENCH,
    "cp932": JAPANESE,
    "euc_jp": JAPANESE,
    "gb18030": CHINESE,
    "cp949": KOREAN,
}


@pytest.mark.parametrize("charset", TEXTS)
def test_a_legacy_charset_is_read_by_its_header_its_declaration_or_a_detector(charset: str) -> None:
    text = TEXTS[charset]
    assert decode_body(text.encode(charset), charset) == (text, charset)
    assert decode_body(text.encode(charset), None) == (text, charset)
    declared = f'<meta charset="{charset}">' + text
    assert decode_body(declared.encode(charset), None) == (declared, charset)


@pytest.mark.parametrize(
    ("label", "charset"),
    [("ISO-8859-1", "cp1252"), ("latin1", "cp1252"), ("us-ascii", "cp1252"), ("windows-1252", "cp1252")],
)
def test_labels_mean_what_browsers_take_them_for(label: str, charset: str) -> None:
    assert decode_body(FRENCH.encode("cp1252"), label) == (FRENCH, charset)
    assert decode_body(CHINESE.encode("gbk"), "GB2312") == (CHINESE, "gb18030")


@pytest.mark.parametrize("label", [None, "iso-8859-1", "windows-1251", "utf-16", "nonsense", "rot13", ""])
def test_utf8_is_read_as_utf8_whatever_its_label(label: str | None) -> None:
    for text in (RUSSIAN, FRENCH, JAPANESE):
        assert decode_body(text.encode(), label) == (text, "utf-8")


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1"])
def test_one_bad_byte_does_not_turn_a_utf8_page_into_mojibake(label: str | None) -> None:
    body = FRENCH.encode() + b"<p>caf\xe9</p>"
    assert decode_body(body, label) == (FRENCH + "<p>caf\ufffd</p>", "utf-8")


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "windows-1251"])
def test_one_bad_byte_among_two_good_letters_does_not_either(label: str | None) -> None:
    body = "<rss><title>Le café fermé</title>".encode() + b"<p>caf\xe9</p></rss>"
    assert decode_body(body, label) == ("<rss><title>Le café fermé</title><p>caf\ufffd</p></rss>", "utf-8")


@pytest.mark.parametrize("label", ["IBM855", "cp855"])
def test_ibm855_is_read_where_it_is_declared_or_found(label: str) -> None:
    assert decode_body(RUSSIAN.encode("cp855"), label) == (RUSSIAN, "cp855")
    declared = f'<?xml version="1.0" encoding="{label}"?>' + RUSSIAN
    assert decode_body(declared.encode("cp855"), None) == (declared, "cp855")
    assert decode_body(RUSSIAN.encode("cp855"), None) == (RUSSIAN, "cp855")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("opening", ["<?xml version='1.0' encoding='utf-8'?><rss>", "\r\n <p>", "<!doctype html>"])
def test_wide_text_with_hardly_any_ascii_is_known_by_its_opening(charset: str, opening: str) -> None:
    text = opening + "中央銀行は本日金融政策決定会合を開きました" * 100
    assert decode_body(text.encode(charset), None) == (text, charset)
    assert decode_body(text.encode(charset), "utf-8") == (text, charset)


def test_a_utf8_label_on_a_legacy_page_is_not_believed() -> None:
    body = b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">' + RUSSIAN.encode("cp1251")
    text, charset = decode_body(body, "utf-8")
    assert charset == "cp1251"
    assert "Министры" in text


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_charsets_are_read_with_and_without_a_mark(charset: str, mark: str) -> None:
    for text in (RUSSIAN, FRENCH, JAPANESE):
        assert decode_body((mark + text).encode(charset), None) == (text, charset)


def test_a_mark_is_dropped_from_the_text_and_beats_every_label() -> None:
    assert decode_body(b"\xef\xbb\xbf" + FRENCH.encode(), "windows-1251") == (FRENCH, "utf-8")


def test_japanese_that_hides_in_ascii_is_read() -> None:
    assert decode_body(JAPANESE.encode("iso2022_jp"), None) == (JAPANESE, "iso2022_jp")


@pytest.mark.parametrize("label", ["utf-7", "rot13", "idna", "punycode", "unicode_escape", "base64", "zlib", "hz"])
def test_a_codec_that_is_no_charset_of_the_web_is_never_used(label: str) -> None:
    body = b"+ADw-script+AD4- \\u003cscript\\u003e " + b"<p>ol\xe9</p>"
    text, charset = decode_body(b'<meta charset="' + label.encode() + b'">' + body, label)
    assert charset in CHARSETS
    assert "+ADw-script+AD4- \\u003cscript\\u003e" in text


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=12)))
def test_no_bytes_and_no_label_ever_fail(body: bytes, label: str | None) -> None:
    text, charset = decode_body(body, label)
    assert charset in CHARSETS
    assert isinstance(text, str)
