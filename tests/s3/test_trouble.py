"""An object store that cannot be used is told in one line, without credentials; damage is found and mended."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import newsbeam as library
from tests.command import newsbeam
from tests.loopback_stores import KEY_ID, NOBODY, SECRET
from tests.s3.conftest import StoreDesk

LAKE = "bucket/lake"
READERS = (["report"], ["views"], ["feeds", "status"], ["repair"])
SOON_S = 60.0

TROUBLES = {
    "no bucket": ({}, "the bucket does not exist, and newsbeam makes none"),
    "wrong secret": (
        {"AWS_SECRET_ACCESS_KEY": "not/the+secret"},
        "access is denied (SignatureDoesNotMatch); credentials are those of the environment",
    ),
    "unknown key": (
        {"AWS_ACCESS_KEY_ID": "NOT-THE-KEY"},
        "access is denied (XAdminUserNotFound); credentials are those of the environment",
    ),
    "nobody there": ({"AWS_ENDPOINT_URL": NOBODY}, f"cannot connect to {NOBODY}"),
    "not encrypted": (
        {"AWS_ALLOW_HTTP": "false"},
        "is no https address; AWS_ALLOW_HTTP=true in the environment allows it",
    ),
    "no credentials": (
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "there are no credentials in the environment, nor from the machine's cloud",
    ),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_store_that_cannot_be_used_is_told_in_one_line_by_every_command(
    store_desk: StoreDesk, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    environment, said = TROUBLES[trouble]
    for name, value in environment.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    uri = "s3://nobody-made-it/lake" if trouble == "no bucket" else store_desk.uri
    commands = [[*command, "--output", uri] for command in READERS]
    commands.append(store_desk.arguments("lake")[3:])
    commands[-1][commands[-1].index("--output") + 1] = uri
    for command in commands[-2:] if trouble in ("nobody there", "no credentials") else commands:
        started = time.monotonic()
        done = newsbeam(*command)
        assert time.monotonic() - started < SOON_S
        assert (done.returncode, done.stdout) == (1, ""), done.stderr
        line = done.stderr.splitlines()[-1]
        assert f"in the lake at {uri}: " in line
        assert said in line
        assert not any(
            secret in done.stderr
            for secret in (KEY_ID, SECRET, *filter(None, environment.values()))
            if secret not in (NOBODY, "false")
        )
    with pytest.raises(library.LakeError, match=r"cannot list runs in the lake at "):
        library.read(uri)


@pytest.mark.parametrize("command", [["report"], ["feeds", "status"], ["repair"]], ids=" ".join)
def test_an_empty_bucket_holds_no_lake_yet(store_desk: StoreDesk, bucket: Path, command: list[str]) -> None:
    done = newsbeam(*command, "--output", store_desk.uri)
    said = f"newsbeam {command[0]}: no run has been committed to {store_desk.uri} yet\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert library.read(store_desk.uri).count_rows() == 0
    assert [*bucket.iterdir()] == []


@pytest.mark.timeout(240)
def test_damaged_objects_are_found_and_mended(store_desk: StoreDesk) -> None:
    desk, folder = store_desk, store_desk.folder / LAKE
    first = desk.run(LAKE)["run_id"]
    rows = desk.content("articles", LAKE)
    (seen,) = (folder / "_state/seen").glob("*.parquet")
    whole = seen.read_bytes()
    for damage in (whole[:-40], b"", whole[:200] + b"?" * 50 + whole[250:]):
        seen.write_bytes(damage)
        done = newsbeam("repair", "--output", desk.uri, "--json")
        (finding,) = json.loads(done.stdout)["findings"]
        assert (done.returncode, finding["path"]) == (0, seen.relative_to(folder).as_posix())
    seen.write_bytes(whole[:300])
    done = desk.ended(LAKE, "--force")
    assert done.returncode == 3, done.stderr
    assert "damaged state rebuilt" in done.stderr
    assert desk.content("articles", LAKE) == rows

    article = sorted((folder / "articles").glob("*/*.parquet"))[0]
    article.write_bytes(article.read_bytes()[:-10])
    done = newsbeam("report", "--output", desk.uri, "--run", first)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{article.relative_to(folder)} is damaged (" in done.stderr
    done = newsbeam("repair", "--output", desk.uri)
    assert done.returncode == 3
    assert f"{article.relative_to(folder)}: it has " in done.stdout
    assert (folder / "_state/damaged" / article.relative_to(folder)).exists()
    assert newsbeam("repair", "--output", desk.uri).stdout == "The lake is whole.\n"
