"""Finds the archives that a user means: by name, by glob, or by a list of them."""

from __future__ import annotations

import glob
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from pipelines.checks import SCHEMES, UsageError, carries_more, nearest

_SCHEMES: Final = (*SCHEMES, "http", "https")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_ARCHIVE: Final = re.compile(r"\.warc(?:\.gz|\.zst)?\Z", re.I)
_WILD: Final = re.compile(r"[*?\[]")
_MOST_LIST_BYTES: Final = 64 << 20
_MOST_PATH_CHARS: Final = 4096


def find_archives(words: Sequence[str], prefix: str = "") -> list[str]:
    """Absolute paths and URIs of archives, each once, in the order of their names. Raises UsageError.

    A word is an archive, a glob, or a list: a text file, also compressed by gzip, with a path or URI a line. What
    stands in a list need not exist. A line without ``://`` or ``/`` at its beginning goes on from `prefix`, or without
    one from the list's folder.
    """
    found: set[str] = set()
    for word in words:
        some = list(_meant(word, prefix))
        if not some:
            raise UsageError(f"--warc {word}: the list is empty")
        found.update(some)
    return sorted(found)


def _meant(word: str, prefix: str) -> Iterator[str]:
    if not word.strip():
        raise UsageError("--warc: it is no file's name")
    scheme = _SCHEME.match(word)
    if scheme is not None:
        _check_uri(word, scheme[1].lower(), f"--warc {scheme[0]}…")
        if word.startswith("file://"):
            word, scheme = word.removeprefix("file://"), None
    if _WILD.search(word) and not (scheme is None and os.path.exists(word)):
        yield from _matching(word) if scheme is None else _matching_objects(word)
        return
    if scheme is None and os.path.isdir(word):
        raise UsageError(f"--warc {word} is a folder: give its archives, like '{word.rstrip('/')}/*.warc.gz'")
    if scheme is None and not os.path.exists(word):
        raise UsageError(f"--warc {word}: there is no such file")
    if _ARCHIVE.search(word) or not _is_list(word):
        yield _absolute(word)
    else:
        yield from _listed(word, prefix)


def _check_uri(uri: str, scheme: str, shown: str) -> None:
    if scheme not in _SCHEMES:
        near = nearest(scheme, _SCHEMES)
        raise UsageError(f"{shown}: there is no storage {scheme}://{f'; did you mean {near}://?' if near else ''}")
    plain = uri.replace("?", "") if _WILD.search(uri) and scheme not in ("http", "https") else uri
    if _carries_secrets(plain) if scheme in ("http", "https") else carries_more(plain):
        raise UsageError(f"{shown}: the URI carries a user, a password, options or a fragment, which are not taken")
    if not uri.partition("://")[2].strip("/"):
        raise UsageError(f"{shown}: it names nothing behind ://")


def _carries_secrets(uri: str) -> bool:
    """Whether an address of the web holds a user, a query or a fragment."""
    return "@" in uri.partition("://")[2].partition("/")[0] or "?" in uri or "#" in uri


def _matching(pattern: str) -> Iterator[str]:
    names = [name for name in glob.glob(pattern, recursive=True) if os.path.isfile(name)]
    if not names:
        raise UsageError(f"--warc {pattern}: no file matches")
    yield from map(_absolute, names)


def _matching_objects(uri: str) -> Iterator[str]:
    from transforms.lake.files.storage import Storage, StorageError  # noqa: PLC0415  (not for `--help`)

    folder = uri[: _first_wild(uri)].rpartition("/")[0]
    pattern = uri[len(folder) + 1 :]
    try:
        names = [f"{folder}/{path}" for path in Storage(folder, must_exist=True).list() if fnmatchcase(path, pattern)]
    except (StorageError, ValueError) as error:
        raise UsageError(f"--warc {uri}: {error}") from None
    if not names:
        raise UsageError(f"--warc {uri}: no object matches")
    yield from names


def _first_wild(text: str) -> int:
    found = _WILD.search(text)
    return found.start() if found else len(text)


def _absolute(name: str) -> str:
    return name if "://" in name else os.path.abspath(name)


_ZIP: Final = b"PK\x03\x04"


def _is_list(word: str) -> bool:
    """Whether a file is no archive by its first bytes."""
    head = _inflated(_bytes_of(word, 1 << 16), 8)
    return not (head.startswith((b"WARC/", b"\x28\xb5\x2f\xfd")) or head[1:4] == b"\x2a\x4d\x18")


def _listed(word: str, prefix: str) -> Iterator[str]:
    if _bytes_of(word, 4) == _ZIP:
        raise UsageError(
            f"--warc {word} is a zip file, such as a WACZ: unpack it, and name the WARC files in its archive/"
        )
    try:
        text = _inflated(_bytes_of(word, _MOST_LIST_BYTES), _MOST_LIST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"--warc {word} is neither an archive nor a list of them: it is no text") from None
    folder = prefix or f"{_absolute(word).rpartition('/')[0]}/"
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if len(entry) > _MOST_PATH_CHARS or not entry.isprintable() or entry.startswith("<"):
            raise UsageError(f"--warc {word}: line {number} is no path")
        whole = entry if "://" in entry or entry.startswith("/") else f"{folder}{entry}"
        if scheme := _SCHEME.match(whole):
            _check_uri(whole, scheme[1].lower(), f"--warc {word}: line {number}")
        yield whole.removeprefix("file://") if scheme else os.path.normpath(_absolute(whole))


def _bytes_of(word: str, most: int) -> bytes:
    """The first bytes of a file or object."""
    from pipelines.archives.open_archive import open_archive  # noqa: PLC0415  (not for `--help`)
    from transforms.pages.warc.archive_file import ArchiveError  # noqa: PLC0415

    try:
        file = open_archive(word)
        try:
            if most == _MOST_LIST_BYTES < file.size_bytes:
                raise UsageError(f"--warc {word}: a list of {file.size_bytes} bytes is too long")
            return file.read(0, min(most, file.size_bytes))
        finally:
            file.close()
    except ArchiveError as error:
        raise UsageError(f"--warc: {error.message}") from None


def _inflated(data: bytes, most: int) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, most)
    except zlib.error as error:
        raise UsageError(f"--warc: a list that is no whole gzip file: {error}") from None
