"""Reads and decodes the body of one answer within its limits; a large body takes a lease of memory."""

from __future__ import annotations

import asyncio

import aiohttp

from schemas.failure import Reason
from transforms.web.errors import FetchError, Phase
from transforms.web.http.budget import SMALL_BYTES, BodyBudget, Lease
from transforms.web.http.decoding import decode_content
from transforms.web.settings import Limits

_ERROR_BODY_BYTES = 64 * 1024
_ERROR_BODY_S = 5.0


async def read_body(
    answer: aiohttp.ClientResponse, limits: Limits, budget: BodyBudget, clock: asyncio.Timeout, ends_s: float
) -> tuple[bytes, Lease | None]:
    """The decoded body, and the lease of a large body. Raises FetchError and aiohttp's exceptions.

    `clock` is the request's timer; before each piece it is set to `idle_s` from now, at most to `ends_s` (of the loop's
    clock). Time spent waiting for memory is not the server's fault and is added to `ends_s`. Of an answer that is no
    success only a short piece or nothing is read, since its status matters and not its body.
    """
    if answer.content.at_eof():
        return b"", None
    clock.reschedule(ends_s)
    encoding = ",".join(answer.headers.getall("content-encoding", ()))
    if not 200 <= answer.status < 300:
        return await _short_piece(answer, encoding), None
    return await _Body(answer, limits, budget, clock, ends_s).read(encoding)


async def _short_piece(answer: aiohttp.ClientResponse, encoding: str) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_ERROR_BODY_S):
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > _ERROR_BODY_BYTES:
                    answer.close()
                    break
        return decode_content(bytes(body[:_ERROR_BODY_BYTES]), encoding, _ERROR_BODY_BYTES, cut=True)
    except (FetchError, aiohttp.ClientError, TimeoutError, OSError):
        return b""


class _Body:
    def __init__(
        self, answer: aiohttp.ClientResponse, limits: Limits, budget: BodyBudget, clock: asyncio.Timeout, ends_s: float
    ) -> None:
        self._answer = answer
        self._limits = limits
        self._budget = budget
        self._clock = clock
        self._ends_s = ends_s
        self._now = asyncio.get_running_loop().time
        self._lease: Lease | None = None

    async def read(self, encoding: str) -> tuple[bytes, Lease | None]:
        try:
            wire = await self._wire(bool(encoding))
            body = await self._decoded(wire, encoding) if encoding else wire
        except BaseException:
            if self._lease is not None:
                self._lease.close()
            raise
        if self._lease is not None:
            self._lease.shrink(len(body))
        return body, self._lease

    async def _wire(self, coded: bool) -> bytes:
        limit, cut, declared = self._limits.wire_bytes, self._limits.cut, self._answer.content_length
        if not cut and (declared or 0) > limit:
            raise _too_large(f"body of {declared} bytes, more than {limit}")
        body = bytearray()
        self._await_piece()
        async for piece in self._answer.content.iter_any():
            body += piece
            if len(body) > limit:
                if not cut:
                    raise _too_large(f"body of more than {limit} bytes")
                self._answer.close()
                del body[limit:]
                break
            if len(body) > SMALL_BYTES and self._lease is None:
                # Twice, because the gathered bytes are copied once; decoding holds them and two decoded copies.
                most = min(declared or limit, limit)
                await self._take_room(most + 2 * self._limits.decoded_bytes if coded else 2 * most)
            self._await_piece()
        return bytes(body)

    async def _decoded(self, wire: bytes, encoding: str) -> bytes:
        limit, cut = self._limits.decoded_bytes, self._limits.cut
        if self._lease is None and limit > SMALL_BYTES:
            try:
                return decode_content(wire, encoding, SMALL_BYTES)
            except FetchError as error:
                if error.reason is not Reason.TOO_LARGE and not cut:
                    raise
            await self._take_room(2 * limit)
        return decode_content(wire, encoding, limit, cut)

    def _await_piece(self) -> None:
        self._clock.reschedule(min(self._now() + self._limits.idle_s, self._ends_s))

    async def _take_room(self, size_bytes: int) -> None:
        since_s = self._now()
        self._clock.reschedule(None)
        self._lease = await self._budget.lease(size_bytes)
        self._ends_s += self._now() - since_s


def _too_large(message: str) -> FetchError:
    return FetchError(Reason.TOO_LARGE, message, phase=Phase.BODY)
