from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pyarrow as pa
import pytest

from schemas.failure import Reason
from transforms.web.errors import FetchError
from transforms.web.http.decoding import MAX_MEMBERS, decode_content

PAGE = b"<html><p>" + b"The river rose two metres in a night. " * 5000 + b"</p></html>"


def _raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


def _zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": _zstd,
}


@pytest.mark.parametrize("coding", ENCODERS)
def test_each_coding_is_undone(coding: str) -> None:
    assert decode_content(ENCODERS[coding](PAGE), coding, 1 << 20) == PAGE


def test_deflate_without_its_zlib_frame_is_undone_too() -> None:
    assert decode_content(_raw_deflate(PAGE), "deflate", 1 << 20) == PAGE


def test_stacked_codings_are_undone_from_last_to_first() -> None:
    assert decode_content(brotli.compress(gzip.compress(PAGE)), "gzip, br", 1 << 20) == PAGE


def test_a_body_of_very_many_gzip_members_is_refused_before_it_holds_everyone_up() -> None:
    many = gzip.compress(b"") * (MAX_MEMBERS + 1)
    with pytest.raises(FetchError, match="more than 10000 gzip members") as caught:
        decode_content(many, "gzip", 1 << 20)
    assert caught.value.reason is Reason.BAD_ENCODING
    assert decode_content(gzip.compress(b"a") * MAX_MEMBERS, "gzip", 1 << 20) == b"a" * MAX_MEMBERS


def test_members_follow_one_another_and_garbage_behind_them_is_dropped() -> None:
    body = gzip.compress(PAGE) + gzip.compress(b"<p>more") + b"\x00\x00garbage"
    assert decode_content(body, "gzip", 1 << 20) == PAGE + b"<p>more"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity", ""])
def test_a_plain_page_with_a_wrong_label_is_taken_as_it_is(coding: str) -> None:
    assert decode_content(PAGE, coding, 1 << 20) == PAGE


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_bomb_is_too_large_and_costs_only_its_limit(coding: str) -> None:
    bomb = ENCODERS[coding](bytes(50 << 20))
    with pytest.raises(FetchError) as failed:
        decode_content(bomb, coding, 1 << 20)
    assert failed.value.reason is Reason.TOO_LARGE
    assert decode_content(bomb, coding, 1000, cut=True) == bytes(1000)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_stream_that_stops_early_is_truncated(coding: str) -> None:
    body = ENCODERS[coding](PAGE)
    with pytest.raises(FetchError) as failed:
        decode_content(body[: len(body) // 2], coding, 1 << 20)
    assert failed.value.reason is Reason.TRUNCATED


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(PAGE)[:-8] + b"\x00" * 8, "gzip"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "gzip"),
        (b"\xff" * 40, "br"),
        (PAGE, "x-snappy"),
        (PAGE, "gzip, gzip, gzip, gzip"),
    ],
)
def test_a_broken_or_unknown_coding_is_a_bad_encoding(body: bytes, coding: str) -> None:
    with pytest.raises(FetchError) as failed:
        decode_content(body, coding, 1 << 20)
    assert failed.value.reason is Reason.BAD_ENCODING
