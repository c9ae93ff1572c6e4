"""What tests on object stores need: a server, buckets, and the command against them; nothing else can be reached."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom import Newsroom
from tests.conftest import Desk
from tests.s3.versitygw import S3Server, program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the server."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.s3)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """The running server."""
    if program() is None:
        pytest.skip("Go is missing, so there is no S3 server (versitygw) to test with")
    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def reached(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """The server, which this process and those that it starts reach."""
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    assert os.environ["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    return s3


@pytest.fixture
def bucket(reached: S3Server, request: pytest.FixtureRequest) -> Path:
    """The folder of an empty bucket that is named after its number."""
    return reached.bucket(f"bucket{len(list(reached.folder.iterdir()))}")


class StoreDesk(Desk):
    """A newsroom, and lakes in a bucket: ``bucket/…`` names one. Rows are read from the folder below the server."""

    def __init__(self, room: Newsroom, folder: Path, bucket: Path) -> None:
        super().__init__(room, folder)
        self.uri = f"s3://{bucket.name}/lake"
        (folder / "bucket").symlink_to(bucket)

    def arguments(self, lake: str = "lake", *more: str, command: str = "ingest") -> list[str]:
        """The command line of a run against the newsroom."""
        words = super().arguments(lake, *more, command=command)
        place = words.index("--output") + 1
        if lake.startswith("bucket/"):
            words[place] = self.uri.replace("/lake", lake.removeprefix("bucket"))
        return words


@pytest.fixture
def store_desk(tmp_path: Path, bucket: Path) -> Iterator[StoreDesk]:
    """A fresh newsroom and an empty bucket."""
    with Newsroom(slow_s=0.01) as room:
        yield StoreDesk(room, tmp_path, bucket)
