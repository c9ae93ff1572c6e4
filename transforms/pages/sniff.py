"""Recognises bodies that are not HTML by their first bytes (after the WHATWG MIME Sniffing Standard)."""

from __future__ import annotations

import re

_HEAD_BYTES = 4096
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"%!PS-", "PostScript"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"{\\rtf", "an RTF document"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg media"),
    (b"fLaC", "FLAC audio"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM media"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x7fELF", "a program"),
)
_RIFF = {b"WEBP": "a WebP image", b"WAVE": "WAVE audio", b"AVI ": "AVI video"}
_TEXTUAL_SIGNATURES = {b"BM", b"MM\x00*", b"ID3", b"II*\x00"}

_MARKUP = re.compile(rb"<[a-zA-Z!/?]")
_ROOT = re.compile(
    rb"^(?:<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>\[]*+>|\s++)*+<([a-zA-Z][\w:.-]*)", re.S
)
_XML_ROOTS = {
    b"rss": "a feed",
    b"feed": "a feed",
    b"rdf:rdf": "a feed",
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"opml": "an OPML list",
    b"svg": "an SVG image",
}
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def sniff_other(body: bytes) -> str | None:
    """What a body is, like "a PDF"; None if it may be HTML, also in UTF-16 or UTF-32.

    A body without any markup is not a page, whatever its Content-Type.
    """
    for signature, name in _SIGNATURES:
        if body.startswith(signature) and not (signature in _TEXTUAL_SIGNATURES and b"\x00" not in body[:64]):
            return name
    if body.startswith(b"RIFF") and body[8:12] in _RIFF:
        return _RIFF[body[8:12]]
    if body[4:8] == b"ftyp":
        return "MP4 media"
    for mark in _MARKS:
        body = body.removeprefix(mark)
    head = body[: 4 * _HEAD_BYTES].replace(b"\x00", b"").lstrip()[:_HEAD_BYTES]
    if head[:1] in b"{[" and not _MARKUP.match(head) and _looks_like_json(head):
        return "JSON"
    if not _MARKUP.search(head) and not _MARKUP.search(body.replace(b"\x00", b"")):
        return "plain text or unknown data"
    root = _ROOT.match(head)
    return _XML_ROOTS.get(root[1].lower()) if root else None


def _looks_like_json(head: bytes) -> bool:
    return re.match(rb"[\[{]\s*(?:[\"{\[\]}]|-?\d|true|false|null)", head) is not None
