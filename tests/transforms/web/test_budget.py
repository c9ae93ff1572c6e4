from __future__ import annotations

import asyncio
import gc

from transforms.web.http.budget import BodyBudget, Lease


def test_room_is_given_in_the_order_of_asking_and_never_more_than_there_is() -> None:
    async def main() -> None:
        budget = BodyBudget(100)
        order: list[str] = []

        async def body(name: str, size_bytes: int) -> None:
            lease = await budget.lease(size_bytes)
            order.append(name)
            assert budget.free_bytes >= 0
            await asyncio.sleep(0)
            lease.close()

        await asyncio.gather(body("a", 60), body("b", 60), body("c", 10), body("d", 900))
        assert order == ["a", "b", "c", "d"]  # c would fit beside a, and waits all the same: nobody starves
        assert budget.free_bytes == 100

    asyncio.run(main())


def test_room_that_turns_out_not_to_be_needed_lets_the_next_body_go_on() -> None:
    async def main() -> None:
        budget = BodyBudget(100)
        first = await budget.lease(80)
        second = asyncio.create_task(budget.lease(70))
        await asyncio.sleep(0)
        assert not second.done()
        first.shrink(20)
        await second
        assert budget.free_bytes == 10

    asyncio.run(main())


def test_a_lease_that_nobody_holds_any_more_gives_its_room_back() -> None:
    async def main() -> None:
        budget = BodyBudget(100)
        lease: Lease | None = await budget.lease(80)
        assert lease is not None
        lease = None
        gc.collect()
        await asyncio.wait_for(budget.lease(100), 1)

    asyncio.run(main())


def test_a_request_that_is_given_up_while_it_waits_takes_no_room() -> None:
    async def main() -> None:
        budget = BodyBudget(100)
        held = await budget.lease(100)
        waiting = [asyncio.create_task(budget.lease(50)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        held.close()
        waiting[1].cancel()  # its room was given a moment ago
        await asyncio.gather(*waiting, return_exceptions=True)
        assert budget.free_bytes == 100

    asyncio.run(main())
