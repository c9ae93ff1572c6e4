"""WARC files as crawlers write them, record by record."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.run import iso

DATE = "2026-03-02T08:00:00Z"
HTML = b"<html><body><p>A page.</p></body></html>"
FACTS = (
    "feed_url", "feed_title", "entry_id", "entry_title", "entry_summary", "entry_content_html", "entry_authors",
    "entry_keywords", "entry_language", "entry_image_url", "entry_published", "entry_updated", "url", "final_url",
    "entry_usage", "robots_usage",
)  # fmt: skip
"""The columns of `pages` that an export states beside an answer."""


def record(
    kind: str = "response",
    uri: str = "https://example.org/page",
    block: bytes | None = None,
    date: str = DATE,
    length: int | str | None = None,
    content_type: str | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A record, with any Content-Length."""
    block = answer() if block is None else block
    is_http = kind in ("response", "request", "revisit")
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:example:{kind}:{uri}:{date}>",
        "WARC-Date": date,
        "WARC-Target-URI": uri,
        "Content-Type": content_type or (f"application/http; msgtype={kind}" if is_http else "text/plain"),
        "Content-Length": str(len(block) if length is None else length),
        **(more or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def answer(body: bytes = HTML, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; ``_`` in a header's name stands for ``-``."""
    fields = {"Content-Type": "text/html; charset=utf-8"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def member(data: bytes, form: str) -> bytes:
    """A record as a file of this form (``plain``, ``gzip``, ``zstd``) has it."""
    if form == "gzip":
        return gzip.compress(data, mtime=0)
    return bytes(pa.compress(data, codec="zstd", asbytes=True)) if form == "zstd" else data


def records_of(rows: Sequence[Mapping[str, Any]], *, with_facts: bool) -> list[bytes]:
    """The records of stored pages, read as rows: a request and the answer, behind what their feed said if wanted."""
    found = []
    for row in rows:
        uri, date = row["final_url"], iso(round(row["fetched_at"].timestamp() * 1_000_000))
        headers = {header["name"]: header["value"] for header in row["headers"]}
        headers.pop("content-type", None)
        response = record(
            uri=uri, date=date, block=answer(row["body"], **{"Content-Type": row["content_type"]}, **headers)
        )
        if row["charset"]:
            response = record(
                uri=uri,
                date=date,
                block=answer(
                    row["body"], **{"Content-Type": f"{row['content_type']}; charset={row['charset']}"}, **headers
                ),
            )
        if with_facts:
            capture = f"<urn:example:response:{uri}:{date}>"
            facts = {name: row[name] for name in FACTS if row[name] not in (None, [])}
            block = json.dumps(facts, default=lambda moment: moment.isoformat()).encode()
            more = {"WARC-Concurrent-To": capture}
            found.append(record("metadata", "urn:example:facts", block, date, None, "application/json", more))
        else:
            found.append(record("request", uri, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", date))
        found.append(response)
    return found


def write(path: Path, records: Sequence[bytes], form: str = "gzip") -> Path:
    """A WARC file of these records."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(member(one, form) for one in records))
    return path
