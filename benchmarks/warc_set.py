"""Makes WARC files of a folder of pages: as many as asked for, the same bytes each time.

    python -m benchmarks.warc_set FOLDER… --to OUT [--pages N] [--files N] [--form gz|zst|warc]

FOLDER is as for `benchmarks.extraction`. Where more pages are asked for than there are, they are repeated with small
edits: another address, and other figures in the text.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa

from benchmarks.pages import PageSet, address

_FIRST: Final = datetime(2026, 3, 2, tzinfo=UTC)
_FIGURES: Final = re.compile(rb"(?<=[ >])\d{2,3}(?=[ .,<])")


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--form", choices=("gz", "zst", "warc"), default="gz")
    given = parser.parse_args()
    for path in write_warcs(given.folders, given.to, given.pages, given.files, given.form):
        print(path, path.stat().st_size)


def write_warcs(
    folders: Sequence[Path], to: Path, pages: int | None = None, files: int = 4, form: str = "gz"
) -> list[Path]:
    """The WARC files, each with its share of the pages: a request and a response a page, as crawlers write."""
    given = [(address(one, name), body) for one in map(PageSet, folders) for name, body in sorted(one.bodies.items())]
    wanted = len(given) if pages is None else pages
    to.mkdir(parents=True, exist_ok=True)
    paths = [to / f"set-{number:05d}.warc{'' if form == 'warc' else f'.{form}'}" for number in range(files)]
    opened = [path.open("wb") for path in paths]
    for file in opened:
        file.write(_member(b"warcinfo", "", _FIRST, "application/warc-fields", b"software: benchmarks\r\n", form))
    for number in range(wanted):
        url, body = given[number % len(given)]
        round_ = number // len(given)
        file = opened[number * files // wanted]
        for member in _page(url, body, number, round_, form):
            file.write(member)
    for file in opened:
        file.close()
    return paths


def _page(url: str, body: bytes, number: int, round_: int, form: str) -> Iterator[bytes]:
    if round_:
        former, url = url, f"{url}{'&' if '?' in url else '?'}copy={round_}"
        body = body.replace(former.encode(), url.encode())  # its canonical address among them
        body = _FIGURES.sub(lambda figure: str(int(figure[0]) + round_).encode(), body)
    moment = _FIRST + timedelta(seconds=number)
    request = f"GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: benchmark\r\nX-Number: {number}\r\n\r\n".encode()
    yield _member(b"request", url, moment, "application/http; msgtype=request", request, form)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nServer: benchmark\r\n\r\n"
    yield _member(b"response", url, moment, "application/http; msgtype=response", head.encode() + body, form)


def _member(kind: bytes, url: str, moment: datetime, content_type: str, block: bytes, form: str) -> bytes:
    name = f"{kind.decode()} {url} {moment:%Y%m%d%H%M%S}"
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    payload = "WARC-Identified-Payload-Type: text/html\r\n" if kind == b"response" else ""
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind.decode()}\r\nWARC-Record-ID: <urn:example:{name.replace(' ', ':')}>\r\n"
        f"WARC-Date: {moment:%Y-%m-%dT%H:%M:%SZ}\r\n{target}{payload}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    record = header.encode() + block + b"\r\n\r\n"
    if form == "gz":
        return gzip.compress(record, mtime=0)
    return bytes(pa.compress(record, codec="zstd", asbytes=True)) if form == "zst" else record


if __name__ == "__main__":
    main()
