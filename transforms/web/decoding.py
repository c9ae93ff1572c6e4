"""Content encodings undone by us, in bounded steps, so that a bomb costs its limit and no more."""

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
"""Members of a gzip body: each costs 35 µs, also one that holds nothing, and blocked gzip puts 64 KB into one."""
MAX_STACKED = 3
"""Nobody encodes three times in good faith; each layer costs time."""


def decode_content(body: bytes, content_encoding: str, limit_bytes: int, cut: bool = False) -> bytes:
    """`body` without its content codings (a Content-Encoding header; several are undone from last to first).

    At most `limit_bytes` come out: beyond that TOO_LARGE, or with `cut` the first `limit_bytes`. Data that is plainly
    not in the coding it claims is taken as it is, garbage behind a complete gzip member is dropped, a stream that
    stops early is TRUNCATED (with `cut`: what there is), a broken one or an unknown coding BAD_ENCODING.
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
    """Servers that label plain files: no gzip magic, or markup where the coding's bytes should be."""
    if coding in ("gzip", "x-gzip"):
        return not body.startswith(b"\x1f\x8b")
    if coding == "zstd":
        return not body.startswith(b"\x28\xb5\x2f\xfd")
    return coding in ("deflate", "br") and body.lstrip()[:1] == b"<"


def _pieces(body: bytes, coding: str) -> Iterator[bytes]:
    if coding in ("gzip", "x-gzip"):
        return _gunzip(body)
    if coding == "deflate":
        # RFC 9110 means the zlib format; many servers send the bare stream.
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
    """Every member of a gzip body; what follows the last one and is no member is dropped."""
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
    """Arrow's decoder refuses windows above 128 MiB (the library's default), which bounds its memory."""
    with pa.CompressedInputStream(pa.BufferReader(body), "zstd") as stream:
        while piece := _next_piece(stream):
            yield piece


def _next_piece(stream: pa.CompressedInputStream) -> bytes:
    try:
        piece: bytes = stream.read(STEP_BYTES)
    except OSError as error:
        if "truncated" in str(error).lower():  # Arrow has no class of its own for it
            raise EOFError from error
        raise
    return piece


def _error(reason: Reason, message: str) -> FetchError:
    return FetchError(reason, message, phase=Phase.BODY)
