"""A WARC file to its records: in every form, and whatever is broken in it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.failure import Reason
from tests.warc_files import HTML, answer, member, record
from transforms.pages.warc.archive_file import ArchiveError
from transforms.pages.warc.members import Form
from transforms.pages.warc.records import Broken, Record, first_date, read_answer, read_records

FORMS = tuple(map(str, Form))
PAGES = [f"https://example.org/{number}" for number in range(4)]
RECORDS = [record(uri=uri) for uri in PAGES]
JUNK = b"junk\r\n" * 20


class Bytes:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size_bytes = len(data)

    def read(self, start: int, end: int) -> bytes:
        return self.data[start:end]

    def close(self) -> None:
        pass


def found_in(data: bytes) -> tuple[list[Record], list[Broken]]:
    """What is read; each record is also read alone, by its place, and must be the same."""
    found = list(read_records(Bytes(data), lambda _: True))
    records = [one for one in found if isinstance(one, Record)]
    for one in records:
        if one.answer is not None and one.length is not None:
            assert read_answer(data[one.offset : one.offset + one.length]) == (one.uri, one.answer)
    return records, [one for one in found if isinstance(one, Broken)]


def file_of(form: str, *parts: bytes) -> bytes:
    return b"".join(member(part, form) for part in parts)


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_file_gives_its_records_with_their_places(form: str) -> None:
    parts = [member(part, form) for part in RECORDS]
    records, broken = found_in(b"".join(parts))
    assert broken == []
    assert [one.uri for one in records] == PAGES
    assert [one.offset for one in records] == [sum(map(len, parts[:number])) for number in range(4)]
    assert [one.length for one in records] == [len(part) for part in parts]
    assert all(one.answer is not None and one.answer.body == HTML for one in records)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("junk in its place", lambda part, form: JUNK),
        ("no type", lambda part, form: member(RECORDS[1].replace(b"WARC-Type: response\r\n", b""), form)),
        ("no length", lambda part, form: member(record(uri=PAGES[1], length=""), form)),
        ("a negative length", lambda part, form: member(record(uri=PAGES[1], length=-3), form)),
        ("too small a length", lambda part, form: member(record(uri=PAGES[1], length=20), form)),
        ("too great a length", lambda part, form: member(record(uri=PAGES[1], length=400), form)),
        ("a length of 30 digits", lambda part, form: member(record(uri=PAGES[1], length=10**30), form)),
        ("another kind of file", lambda part, form: member(b"<html>no archive</html>", form)),
        ("a header of 100 KB", lambda part, form: member(record(uri=PAGES[1], more={"X": "x" * 100_000}), form)),
    ],
)
def test_a_broken_record_costs_itself_only(form: str, name: str, spoil: Callable[[bytes, str], bytes]) -> None:
    parts = [member(part, form) for part in RECORDS]
    records, broken = found_in(b"".join([parts[0], spoil(parts[1], form), *parts[2:]]))
    assert [one.uri for one in records] == [PAGES[0], PAGES[2], PAGES[3]]
    assert [one.offset for one in broken] == [len(parts[0])]
    assert broken[0].reason == Reason.BAD_RECORD
    assert broken[0].why


@pytest.mark.parametrize("form", ["gzip", "zstd"])
def test_a_member_with_overwritten_bytes_costs_itself_only(form: str) -> None:
    parts = [member(part, form) for part in RECORDS]
    spoilt = parts[1][:40] + bytes(20) + parts[1][60:]
    records, broken = found_in(b"".join([parts[0], spoilt, *parts[2:]]))
    assert [one.uri for one in records] == [PAGES[0], PAGES[2], PAGES[3]]
    assert [one.offset for one in broken] == [len(parts[0])]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [10, 40, 120, 250])
def test_a_file_that_stops_within_its_last_record_is_truncated_there(form: str, cut: int) -> None:
    whole = file_of(form, *RECORDS[:2])
    last = file_of(form, RECORDS[2])
    records, broken = found_in(whole + last[: max(5, len(last) - cut)])
    assert [one.uri for one in records] == PAGES[:2]
    assert [(one.offset, one.reason) for one in broken] == [(len(whole), Reason.TRUNCATED)]


@pytest.mark.parametrize("form", FORMS)
def test_junk_before_the_first_record_and_behind_the_last_is_told_and_blanks_are_not(form: str) -> None:
    whole = file_of(form, *RECORDS[:2])
    for data, offsets in ((JUNK + whole, [0]), (whole + JUNK, [len(whole)]), (whole + b"\r\n\r\n", [])):
        records, broken = found_in(data)
        assert [one.uri for one in records] == PAGES[:2]
        assert [one.offset for one in broken] == offsets


def test_records_that_share_a_member_are_read_but_have_no_place_of_their_own() -> None:
    for form in ("gzip", "zstd"):
        records, broken = found_in(member(b"".join(RECORDS), form))
        assert broken == []
        assert [one.uri for one in records] == PAGES
        assert [one.length is None for one in records] == [False, True, True, True]


def test_a_file_that_begins_with_a_zstd_dictionary_is_read_and_its_records_have_no_place_of_their_own() -> None:
    """Without the dictionary none of them can be read."""
    many = [record(uri=f"https://example.org/{number}", block=answer(HTML * number)) for number in range(200)]
    packed = BytesIO()
    writer = ZstdWriter(packed, dictionary=zstd_train_dictionary_from_samples(many, 4096))
    for one in many:
        writer.write(one)
        writer.finish()
        writer.flush()
    data = packed.getvalue()
    records, broken = found_in(data)
    assert data[1:4] == b"\x2a\x4d\x18", "it begins with the dictionary"
    assert broken == []
    assert [one.uri for one in records] == [f"https://example.org/{number}" for number in range(200)]
    assert all(one.length is None for one in records)


def test_a_file_that_is_none_or_empty_is_one_broken_record_or_nothing() -> None:
    assert found_in(b"") == ([], [])
    for data in (b"<html>no archive</html>" * 100, bytes(5_000), zlib.compress(b"x" * 5_000)):
        records, broken = found_in(data)
        assert (records, [one.offset for one in broken]) == ([], [0])


def test_what_is_no_response_is_given_without_its_content() -> None:
    facts = record("metadata", block=b'{"feed_url": "https://example.org/feed"}', content_type="application/json")
    others = [record("warcinfo", "", b"software: x\r\n"), record("request", block=b"GET / HTTP/1.1\r\n\r\n"), facts]
    records, broken = found_in(file_of("gzip", *others, record("resource", block=b"x"), record("x-own", block=b"y")))
    assert [one.kind for one in records] == ["warcinfo", "request", "metadata", "resource", "x-own"]
    assert broken == []
    assert [one.block for one in records] == [b"", b"", b'{"feed_url": "https://example.org/feed"}', b"", b""]
    assert all(one.answer is None for one in records)


def test_content_is_read_of_wanted_records_only_and_of_none_that_is_too_long() -> None:
    long = record(uri=PAGES[1], block=answer(b"x" * (34 << 20)))
    data = Bytes(file_of("gzip", RECORDS[0], long, RECORDS[2]))
    found = list(read_records(data, lambda one: one.uri != PAGES[2]))
    assert [one.uri for one in found if isinstance(one, Record)] == PAGES[:3]
    assert [(one.answer is not None, one.too_long) for one in found if isinstance(one, Record)] == [
        (True, False), (False, True), (False, False)
    ]  # fmt: skip


def test_a_file_of_nothing_but_broken_records_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.pages.warc.records.MOST_STUMBLES", 20)
    records, broken = found_in(record(length="") * 50 + RECORDS[0])
    assert (records, len(broken)) == ([], 21)
    assert broken[-1].why == "the 20th broken record; the rest of the file is not read"


def test_a_panic_of_the_parser_is_a_broken_record_and_any_other_exception_a_bug(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """fastwarc is written in Rust: a bug of its own raises what is no `Exception`."""

    class PanicException(BaseException):
        pass

    def raising(error: BaseException) -> Callable[..., Iterator[object]]:
        def iterate(stream: object, **_: object) -> Iterator[object]:
            raise error
            yield

        return iterate

    module = "transforms.pages.warc.records.ArchiveIterator"
    monkeypatch.setattr(module, raising(PanicException("called `unwrap()`")))
    records, broken = found_in(RECORDS[0])
    assert (records, [one.why for one in broken]) == ([], ["no record can be read here: called `unwrap()`"])
    assert (read_answer(RECORDS[0]), first_date(RECORDS[0])) == (None, None)
    for error in (ValueError(), KeyboardInterrupt()):
        monkeypatch.setattr(module, raising(error))
        with pytest.raises(type(error)):
            found_in(RECORDS[0])
        with pytest.raises(type(error)):
            read_answer(RECORDS[0])


def test_an_archive_that_cannot_be_read_further_raises_and_is_no_broken_record() -> None:
    whole = file_of("plain", *(record(uri=uri, block=answer(random.randbytes(400_000))) for uri in PAGES))

    class Failing(Bytes):
        def read(self, start: int, end: int) -> bytes:
            if end > 1 << 20:
                raise ArchiveError(Reason.UNREACHABLE, "the store has gone")
            return super().read(start, end)

    records = read_records(Failing(whole), lambda _: True)
    assert isinstance(next(records), Record)
    with pytest.raises(ArchiveError, match="the store has gone"):
        list(records)


def test_the_first_date_is_read_from_the_beginning_of_a_file() -> None:
    for form in FORMS:
        assert first_date(file_of(form, *RECORDS)[:200]) in ("2026-03-02T08:00:00Z", None)
        assert first_date(file_of(form, *RECORDS)) == "2026-03-02T08:00:00Z"
    assert first_date(b"nothing") is None


@given(st.sampled_from(FORMS), st.integers(0, 2_000), st.binary(min_size=1, max_size=40), st.booleans())
@settings(max_examples=150)
def test_any_damage_ends_and_costs_no_record_far_from_it(form: str, at: int, junk: bytes, is_inserted: bool) -> None:
    """Bytes are overwritten or inserted anywhere: records that begin and end before them are all read."""
    parts = [member(part, form) for part in RECORDS]
    data = b"".join(parts)
    at %= len(data)
    spoilt = data[:at] + junk + data[at if is_inserted else at + len(junk) :]
    records, _ = found_in(spoilt)
    ends = [sum(map(len, parts[: number + 1])) for number in range(4)]
    before = [uri for uri, end in zip(PAGES, ends, strict=True) if end <= at]
    assert [one.uri for one in records][: max(0, len(before) - 1)] == before[:-1]
    assert len(records) <= 5
