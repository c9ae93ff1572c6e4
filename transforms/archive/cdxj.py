"""Index lines of captures in the form CDXJ: a key by which addresses sort by site, an instant, the record's place."""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from schemas.page import Page
from schemas.run import from_us
from transforms.archive.page_records import target_uri
from transforms.web.urls import BadUrl, parse_url

_WWW = re.compile(r"www\d*\.")
_SLASHES = re.compile("/{2,}")
_PLAIN: Final = frozenset(range(0x21, 0x7F)) - frozenset(b"#%")
"""The bytes that a key has unescaped."""


def surt_of(uri: str) -> str:
    """The key of an address: its host's names from the right, then path and query in lower case, like
    ``org,example)/a?b=1&c=2``.

    As the index of every web archive has it (Sort-friendly URI Reordering Transform, canonicalised as the Internet
    Archive does): without scheme, ``www.`` and the slash at the end, escapes only where needed, the query in order.
    Session ids stay. What is no URL is its own key.
    """
    try:
        parsed = parse_url(uri)
    except BadUrl:
        return uri
    host, port = parsed.hostname.removesuffix("."), parsed.port
    if found := _WWW.match(host):
        host = host[found.end() :]
    names = host.strip("[]") if host.startswith("[") else ",".join(reversed(host.split(".")))
    path = _SLASHES.sub("/", _unescaped(parsed.pathname))
    path = path.rstrip("/") or "/"
    query = _unescaped(parsed.search[1:])
    if query:
        path += "?" + "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")[::2]))
    return f"{names}{f':{port}' if port else ''}){path}"


def _unescaped(text: str) -> str:
    """The text in lower case, its escapes resolved as often as there are any, and set again where they must be."""
    data = text.encode()
    while (once := unquote_to_bytes(data)) != data:
        data = once
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in data).lower()


def index_line(page: Page, digest: str, is_revisit: bool, file: str, offset: int, length: int, record: str) -> str:
    """The line of a page's record, which stands in `file` from `offset`, `length` bytes long, with that digest.

    `digest` is of the payload, `record` of the record's own bytes.
    """
    uri = target_uri(page)
    mime = "warc/revisit" if is_revisit else page.content_type
    facts = {
        "url": uri,
        **({"mime": mime} if mime else {}),
        "status": str(page.status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": file,
        "recordDigest": record,
    }
    return f"{surt_of(uri)} {from_us(page.fetched_at_us):%Y%m%d%H%M%S} {json.dumps(facts)}"
