"""Long work ends soon after it must."""

from __future__ import annotations

import asyncio

import pytest

from transforms.common.watch import Watch


def looks(watch: Watch, times: int) -> None:
    async def look() -> None:
        for _ in range(times):
            await watch.look()

    asyncio.run(look())


def test_the_first_look_checks_at_once_and_later_ones_at_most_every_so_often() -> None:
    seen: list[int] = []
    looks(Watch(lambda: seen.append(1), every_s=3600), 5)
    assert len(seen) == 1
    looks(Watch(lambda: seen.append(1), every_s=0), 5)
    assert len(seen) == 6


def test_what_the_check_raises_ends_the_work() -> None:
    def over() -> None:
        raise PermissionError("over")

    with pytest.raises(PermissionError, match="over"):
        looks(Watch(over), 1)
