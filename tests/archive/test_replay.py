"""What `newsbeam export pages` writes is replayed by pywb with the bytes that were stored, and is valid for others."""

from __future__ import annotations

import gzip
import http.client
import json
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from schemas.page import Header, Page
from schemas.run import from_us
from tests.command import newsbeam
from tests.own_environment import own_environment
from tests.stored_pages import lake_of, stored_page
from transforms.archive.page_records import target_uri

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools/archive"
NEEDED = Path(__file__).parent / "replay.txt"
RIVER = "<html><p>The river r\u00f6se.</p></html>".encode()
PACKED = (
    Header("Content-Type", "text/html"),
    Header("Content-Encoding", "br"),
    Header("transfer-encoding", "chunked"),
    Header("Content-Length", "7"),
)
ODD = (
    Header("Content-Type", "text/html"),
    Header("X-Odd", "caf\xe9 \x01\xff"),
    Header("X-Folded", "a\r\n b"),
    Header("Set-Cookie", "id=1; Path=/"),
    Header("Content-Security-Policy", "default-src 'none'"),
)

PAGES = [
    stored_page("https://www.example.org/2026/river?b=2&a=1", RIVER),
    stored_page("https://www.example.org/packed", b"<p>packed", 1, response_headers=PACKED),
    stored_page("https://www.example.org/b\u00fccher/\u6771", b"<p>far", 2, final_url="https://www.example.org/b\u00fc/\u6771"),
    stored_page("https://www.example.org/empty", b"", 3),
    stored_page("https://www.example.org/odd", b"\xff\xfe\x00<p>odd\r\n\r\n", 4, response_headers=ODD),
    stored_page("https://www.example.org/2026/river?b=2&a=1", RIVER, 5.25),
    stored_page("https://other.example.com/Copy/", RIVER, 6),
    stored_page("https://www.example.org/old", b"<p>old", 7, status_line=None, response_headers=(), ip_address=None),
    stored_page("https://www.example.org/2026/river?b=2&a=1", RIVER + b"<p>New.", 86_400),
    stored_page("http://127.0.0.1:8080/x//y/?q=%2f%7e", b"<p>local", 86_401, status_line="HTTP/1.0 200 s\xfbr"),
]  # fmt: skip
"""Pages of which each is unusual in a way of its own; the sixth and the seventh become revisits."""

pytestmark = [pytest.mark.archive, pytest.mark.timeout(300)]


class Exported(NamedTuple):
    """A folder with exports of a lake in both forms, and the lake's pages."""

    warc: Path
    wacz: Path
    pages: list[Page]


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the programs of pywb and wacz, in an environment of their own, which is made once."""
    try:
        return own_environment(NEEDED, TOOLS)
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"pywb and wacz cannot be installed here: {error}")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("exported")
    lake_of(folder / "lake", PAGES)
    found = Exported(folder / "pages.warc.gz", folder / "pages.wacz", PAGES)
    for form, path in (("--warc", found.warc), ("--wacz", found.wacz)):
        done = newsbeam("export", "pages", "--output", str(folder / "lake"), form, str(path))
        assert done.returncode == 0, done.stderr
        assert "8 response(s), 2 revisit(s)" in done.stdout
    return found


@pytest.fixture(scope="module")
def replay(programs: Path, exported: Exported, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a pywb on loopback that replays the WARC file as `warc` and the WACZ file as `wacz`."""
    folder = tmp_path_factory.mktemp("pywb")
    manager = [str(programs / "wb-manager")]
    for words in (
        ["init", "warc"],
        ["init", "wacz"],
        ["add", "warc", str(exported.warc)],
        ["add", "--unpack-wacz", "wacz", str(exported.wacz)],
    ):
        subprocess.run([*manager, *words], cwd=folder, check=True, capture_output=True, timeout=60)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(programs / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            end_s = time.monotonic() + 60
            while server.poll() is None and time.monotonic() < end_s:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            server.kill()


def asked(port: int, collection: str, page: Page) -> tuple[http.client.HTTPResponse, bytes]:
    """pywb's answer for a page at the instant of its fetch, as it was (``id_``), without rewriting."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", f"/{collection}/{from_us(page.fetched_at_us):%Y%m%d%H%M%S}id_/{target_uri(page)}")
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer, body


@pytest.mark.parametrize("collection", ["warc", "wacz"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{urlsplit(page.url).path}-{page.fetched_at_us % 10**11}")
def test_a_replayed_page_has_the_bytes_that_were_stored(replay: int, collection: str, page: Page) -> None:
    answer, body = asked(replay, collection, page)
    assert (answer.status, body) == (200, page.body)
    assert answer.headers["Memento-Datetime"] == f"{from_us(page.fetched_at_us):%a, %d %b %Y %H:%M:%S GMT}"
    if page.response_headers == PACKED:
        assert answer.headers["X-Archive-Orig-Content-Encoding"] == "br"
        assert answer.headers["Content-Encoding"] is None


def test_what_was_not_exported_is_not_replayed(replay: int) -> None:
    answer, _ = asked(replay, "warc", stored_page("https://www.example.org/none", b""))
    assert answer.status == 404


def test_warcio_finds_every_digest_right(programs: Path, exported: Exported) -> None:
    done = subprocess.run(
        [programs / "warcio", "check", "-v", exported.warc], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("digest pass") == 1 + 2 * len(PAGES) - 2
    assert done.stdout.count("not checked (revisit)") == 2


def test_wacz_finds_the_file_valid_and_one_with_another_byte_not(
    programs: Path, exported: Exported, tmp_path: Path
) -> None:
    def validate(path: Path) -> subprocess.CompletedProcess[str]:
        command = [programs / "wacz", "validate", "-f", path]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    done = validate(exported.wacz)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Version detected as 1.1.1" in done.stdout
    assert "the passed WACZ is valid" in done.stdout
    wrong = tmp_path / "wrong.wacz"
    with zipfile.ZipFile(exported.wacz) as whole, zipfile.ZipFile(wrong, "w") as other:
        for info in whole.infolist():
            data = whole.read(info)
            other.writestr(info, data + b"\n" if info.filename == "pages/pages.jsonl" else data)
    assert "invalid" in validate(wrong).stdout


def test_our_index_is_the_one_that_others_make(programs: Path, exported: Exported, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported.wacz) as held:
        [warc] = [name for name in held.namelist() if name.startswith("archive/")]
        ours = gzip.decompress(held.read("indexes/index.cdx.gz")).decode().splitlines()
        with held.open(warc) as inside, (tmp_path / Path(warc).name).open("wb") as file:
            shutil.copyfileobj(inside, file)
    command = [programs / "cdxj-indexer", "--sort", "--post-append", "--digest-records", tmp_path / Path(warc).name]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    theirs = [line for line in done.stdout.splitlines() if not line.startswith("urn:newsbeam:")]
    assert [parsed(line) for line in ours] == [parsed(line) for line in theirs]


def parsed(line: str) -> tuple[str, str, dict[str, str]]:
    key, instant, facts = line.split(" ", 2)
    return key, instant, json.loads(facts)


def test_a_lake_of_an_earlier_release_is_replayed(programs: Path, tmp_path: Path) -> None:
    """Its pages know no status line, so that their records have one without a reason."""
    out = tmp_path / "old.wacz"
    assert newsbeam("export", "pages", "--output", str(ROOT / "tests/lakes/0.1.0"), "--wacz", str(out)).returncode == 0
    done = subprocess.run([programs / "wacz", "validate", "-f", out], capture_output=True, text=True, check=False)
    assert "the passed WACZ is valid" in done.stdout
    with zipfile.ZipFile(out) as held:
        assert len(gzip.decompress(held.read("indexes/index.cdx.gz")).splitlines()) == 149
