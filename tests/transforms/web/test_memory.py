"""What of a host outlives the run that met it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.host import HostMemory
from transforms.web.politeness.memory import for_next_run

READ = HostMemory("a.example", 5, 200, "User-agent: *", 4, rest_until_us=9, slow_s=2.0, answer_s=0.5)


def test_rules_that_were_read_and_a_rest_that_was_asked_for_still_hold() -> None:
    assert for_next_run(READ) == READ
    assert for_next_run(replace(READ, robots_status=404, robots_body="")).robots_status == 404


def test_a_host_that_took_no_connections_is_asked_anew() -> None:
    again = for_next_run(replace(READ, is_dead=True))
    assert (again.is_dead, again.rest_until_us, again.slow_s) == (False, None, 2.0)


@pytest.mark.parametrize("status", [None, 500, 503])
def test_a_robots_txt_that_could_not_be_had_is_asked_for_again(status: int | None) -> None:
    again = for_next_run(replace(READ, robots_status=status))
    assert (again.robots_status, again.robots_body, again.robots_fetched_at_us) == (None, None, None)
