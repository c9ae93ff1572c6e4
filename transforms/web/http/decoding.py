"""Decodes content encodings in bounded steps, so that a decompression bomb costs no more than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import brotli
import pyarrow as pa

from schemas.failure import Reason
from transforms.web.errors import FetchError, Phase

ACCEPT_ENCODING = "gzip, deflate, br"
STEP_BYTES = 64 * 1024

MAX_MEMBERS = 10_000
"""The most members of a gzip body. Each costs 35 µs, even an empty one; blocked gzip puts 64 KB into a member."""
MAX_STACKED = 3
"""The most content codings of one body; real servers use fewer, and each costs time."""


def decode_content(body: bytes, content_encoding: str, limit_bytes: int, cut: bool = False) -> bytes:
    """`body` without the codings of its Content-Encoding header; several are undone from last to first.

    Raises FetchError: TOO_LARGE for more than `limit_bytes` of decoded bytes (with `cut` the first `limit_bytes` are
    returned), TRUNCATED for a stream that stops early (with `cut` what was decoded is returned), BAD_ENCODING for a
    broken stream or an unknown coding. Data that is plainly not in the coding it claims is returned as it is; garbage
    after a complete gzip member is dropped.
    """
    codings = [
        coding for part in content_encoding.split(",") if (coding := part.strip().lower()) not in ("", "identity")
    ]
    if len(codings) > MAX_STACKED:
        raise _error(Reason.BAD_ENCODING, f"{len(codings)} stacked content encodings")
    for coding in reversed(codings):
        if body and not _mislabelled(body, coding):
            body = _collect(_pieces(body, coding), limit_bytes, cut)
    return body


def _mislabelled(body: bytes, coding: str) -> bool:
    """Whether the body is plainly not in this coding: no gzip or zstd magic bytes, or markup instead of the coding."""
    if coding in ("gzip", "x-gzip"):
        return not body.startswith(b"\x1f\x8b")
    if coding == "zstd":
        return not body.startswith(b"\x28\xb5\x2f\xfd")
    return coding in ("deflate", "br") and body.lstrip()[:1] == b"<"


def _pieces(body: bytes, coding: str) -> Iterator[bytes]:
    if coding in ("gzip", "x-gzip"):
        return _gunzip(body)
    if coding == "deflate":
        # In RFC 9110 "deflate" is the zlib format; many servers send the bare deflate stream.
        zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflate(body, zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS)
    if coding == "br":
        return _unbrotli(body)
    if coding == "zstd":
        return _unzstd(body)
    raise _error(Reason.BAD_ENCODING, f"unknown content encoding {coding[:40]!r}")


def _collect(pieces: Iterator[bytes], limit_bytes: int, cut: bool) -> bytes:
    decoded = bytearray()
    try:
        for piece in pieces:
            decoded += piece
            if len(decoded) > limit_bytes:
                if not cut:
                    raise _error(Reason.TOO_LARGE, f"more than {limit_bytes} bytes after content decoding")
                del decoded[limit_bytes:]
                break
    except EOFError:
        if not cut:
            raise _error(Reason.TRUNCATED, f"encoded body stops early, after {len(decoded)} decoded bytes") from None
    except (zlib.error, brotli.error, OSError) as error:
        raise _error(Reason.BAD_ENCODING, f"broken content encoding: {error}") from error
    return bytes(decoded)


def _inflate(body: bytes, wbits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits)
    for start in range(0, len(body), STEP_BYTES):
        pending = body[start : start + STEP_BYTES]
        while pending and not inflater.eof:
            yield inflater.decompress(pending, STEP_BYTES)
            pending = inflater.unconsumed_tail
        if inflater.eof:
            return
    while rest := inflater.decompress(b"", STEP_BYTES):
        yield rest
    if not inflater.eof:
        raise EOFError


def _gunzip(body: bytes) -> Iterator[bytes]:
    """The contents of all members of a gzip body; data after the last member is dropped."""
    start = members = 0
    while body.startswith(b"\x1f\x8b", start):
        members += 1
        if members > MAX_MEMBERS:
            raise _error(Reason.BAD_ENCODING, f"more than {MAX_MEMBERS} gzip members")
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not inflater.eof:
            if start >= len(body) and not inflater.unconsumed_tail:
                raise EOFError
            pending = inflater.unconsumed_tail
            if not pending:
                pending = body[start : start + STEP_BYTES]
                start += len(pending)
            yield inflater.decompress(pending, STEP_BYTES)
        start -= len(inflater.unused_data)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    for start in range(0, len(body), STEP_BYTES):
        piece = decoder.process(body[start : start + STEP_BYTES], output_buffer_limit=STEP_BYTES)
        while piece or not decoder.can_accept_more_data():
            yield piece
            piece = decoder.process(b"", output_buffer_limit=STEP_BYTES)
        if decoder.is_finished():
            return
    raise EOFError


def _unzstd(body: bytes) -> Iterator[bytes]:
    """The decoded pieces. Arrow's decoder refuses windows above 128 MiB (zstd's default), which bounds its memory."""
    with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
        while piece := _next_piece(stream):
            yield piece


def _next_piece(stream: pa.CompressedInputStream) -> bytes:
    try:
        piece: bytes = stream.read(STEP_BYTES)
    except OSError as error:
        if "truncated" in str(error).lower():  # Arrow has no exception class for it
            raise EOFError from error
        raise
    return piece


def _error(reason: Reason, message: str) -> FetchError:
    return FetchError(reason, message, phase=Phase.BODY)
