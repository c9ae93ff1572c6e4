"""A newsroom for reading, shared by the tests of a module, and one that a test may change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsroom import Newsroom


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(slow_s=0.0) as running:
        yield running


@pytest.fixture
def fresh_room() -> Iterator[Newsroom]:
    with Newsroom(slow_s=0.0) as running:
        yield running
