"""Many hosts asked at a time, each of them one request after another. Plain asyncio."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from transforms.web.politeness.outage import LOST, Sighting, of_our_network

Item = TypeVar("Item")
Result = TypeVar("Result")


class Told(NamedTuple, Generic[Result]):
    """What came of one item, and what its request tells of our network. `lease` is held until the result is taken, so
    that no other body takes the room of a large one before.
    """

    result: Result
    sighting: Sighting
    lease: object = None


def _no_bytes(_: object) -> int:
    return 0


async def take_turns(
    lanes: Iterable[Sequence[Item]],
    ask: Callable[[Item], Awaitable[Told[Result]]],
    offline: Callable[[Result], Result],
    size_bytes: Callable[[Result], int] = _no_bytes,
    waiting_bytes: float = math.inf,
) -> AsyncGenerator[Result, None]:
    """One result for each item, in the order in which they come; the items of one lane are asked in their order.

    Results without an answer come last, when it can be told whether our own network was down: `offline` makes of each
    what it is then. While results of more than `waiting_bytes` wait to be taken, nothing more is asked. What `ask`
    raises ends the iteration; closing it cancels what is under way.
    """
    lanes = list(lanes)
    waiting = _Waiting(size_bytes, waiting_bytes)
    tasks = [asyncio.create_task(waiting.fill(lane, ask)) for lane in lanes]
    sightings: list[Sighting] = []
    unanswered: dict[int, Result] = {}
    try:
        for _ in range(sum(map(len, lanes))):
            result, sighting = await waiting.take()
            if sighting.end in LOST:
                unanswered[len(sightings)] = result
            else:
                yield result
            sightings.append(sighting)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    is_ours = of_our_network(sightings)
    for number, result in unanswered.items():
        yield offline(result) if is_ours[number] else result


class _Waiting(Generic[Result]):
    """The results that wait to be taken."""

    def __init__(self, size_bytes: Callable[[Result], int], limit_bytes: float) -> None:
        self._size_bytes = size_bytes
        self._limit_bytes = limit_bytes
        self._waiting_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._results: asyncio.Queue[Told[Result] | BaseException] = asyncio.Queue()

    async def fill(self, lane: Sequence[Item], ask: Callable[[Item], Awaitable[Told[Result]]]) -> None:
        try:
            for item in lane:
                await self._room.wait()
                self._put(await ask(item))
        except BaseException as error:  # for the taker, who raises it: it must not wait for ever
            self._results.put_nowait(error)
            raise

    async def take(self) -> tuple[Result, Sighting]:
        told = await self._results.get()
        if isinstance(told, BaseException):
            raise told
        self._waiting_bytes -= self._size_bytes(told.result)
        if self._waiting_bytes <= self._limit_bytes:
            self._room.set()
        return told.result, told.sighting

    def _put(self, told: Told[Result]) -> None:
        self._waiting_bytes += self._size_bytes(told.result)
        if self._waiting_bytes > self._limit_bytes:
            self._room.clear()
        self._results.put_nowait(told)
