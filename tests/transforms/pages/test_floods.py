"""Hosts that send very much: the process that reads does not grow with them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from schemas.failure import Reason
from schemas.page import Page
from tests.transforms.pages.entries import entry
from tests.transforms.pages.hostile import MIB, Peak, running_flood
from transforms.common.clock import Clock
from transforms.pages.entry_end import EntryFailure
from transforms.pages.fetch_entries import fetch_entries
from transforms.web.http.guard import AddressGuard
from transforms.web.politeness.polite import open_polite_client
from transforms.web.settings import HttpSettings

pytestmark = pytest.mark.slow


async def read(urls: Sequence[str]) -> tuple[int, list[Reason]]:
    """Bytes of the pages that came, and the reasons of the others; each page is let go at once."""
    total, reasons = 0, []
    settings = HttpSettings(contact="desk@newsbeam.example", host_delay_s=0.0)
    async with (
        open_polite_client(settings, AddressGuard(("127.0.0.0/8",)), Clock()) as client,
        aclosing(fetch_entries([entry(url) for url in urls], client, Clock(), "run-1")) as results,
    ):
        async for result in results:
            if isinstance(result, EntryFailure):
                reasons.append(result.error.reason)
            else:
                assert isinstance(result, Page)
                total += len(result.body)
    return total, reasons


def urls_of(port: int, size_bytes: int, hosts: int) -> list[str]:
    return [f"http://127.0.0.{n}:{port}/{size_bytes}" for n in range(1, hosts + 1)]


def test_sixty_four_hosts_that_send_20_mib_each_at_once_stay_far_below_a_gibibyte() -> None:
    with running_flood() as port:
        peak = Peak()
        assert asyncio.run(read(urls_of(port, 20 * MIB, 64))) == (64 * 20 * MIB, [])
        assert peak.growth_bytes < 512 * MIB


def test_bodies_without_end_are_too_large_and_hold_nobody_else_up() -> None:
    with running_flood() as port:
        peak = Peak()
        urls = [*urls_of(port, 1 << 40, 20), f"http://127.0.1.1:{port}/{MIB}"]
        assert asyncio.run(read(urls)) == (MIB, [Reason.TOO_LARGE] * 20)
        assert peak.growth_bytes < 512 * MIB
