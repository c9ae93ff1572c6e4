from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.desk_with_settings import Press
from tests.web_server import running_server


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with running_server(hosts=2) as web:
        yield Press(web, tmp_path)
