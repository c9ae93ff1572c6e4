from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web_server import FakeTime, WebServer, running_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()
