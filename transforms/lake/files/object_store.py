"""A lake in an object store: the connection, the store's errors in one line, and an object as a file for pyarrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import obstore
import pyarrow as pa
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import HTTPStore, from_url

from transforms.common.ending import called_by_arrow

_RETRIES: Final = {
    "max_retries": 8,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5), "base": 2},
}
"""obstore's own are 10 tries in 3 minutes. A request that is tried for 30 s, the last time for obstore's limit of 30 s,
is over before a lease that was fresh at its start (`LEASE_S`) has run out."""

AT_ONCE_BYTES: Final = 1 << 20
"""So much of an object is read by one request, more only where more is asked for: an object of 1 MiB costs one request,
as most parts of the state do."""

_WORDS_CHARS: Final = 300
_CODE: Final = re.compile(r"<Code>(\w+)</Code>")
_MESSAGE: Final = re.compile(r"<Message>([^<]*)</Message>")
_STATUS: Final = re.compile(r"status code: (\d{3}) ?([A-Za-z ]*)")
_ORIGIN: Final = re.compile(r"performing \w+ (https?://[^/\s?]+)")
_NO_KEY: Final = ("NoSuchKey", "BlobNotFound", None)
"""What stores call an object that is not there: S3 and GCS, Azure, and answers to HEAD, which say nothing."""
_NO_BUCKET: Final = ("NoSuchBucket", "ContainerNotFound")
_NO_ACCESS: Final = (
    "AccessDenied",
    "AuthenticationFailed",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "XAdminUserNotFound",
)
"""What stores call credentials that are wrong or not enough; the last one is versitygw's."""
_METADATA: Final = ("/latest/api/token", "/latest/meta-data/", "/computeMetadata/", "/metadata/identity/")
"""The addresses at which the machines of a cloud give credentials; they are asked where the environment has none."""


def connected(uri: str) -> Any:
    """The store under a URI; options and credentials are those of the environment. No request is made yet.

    What is behind ``http(s)://`` can be read only, and no lake lies there.
    """
    if uri.startswith(("http://", "https://")):
        return HTTPStore.from_url(uri, client_options={"allow_http": True}, retry_config=_RETRIES)
    return from_url(uri, retry_config=_RETRIES)


def is_missing_object(error: Exception) -> bool:
    """Whether a store says that an object is not there, and not its bucket or its user."""
    return isinstance(error, FileNotFoundError) and _found(_CODE, str(error)) in _NO_KEY


def refuses_conditions(error: Exception) -> bool:
    """Whether a store (or obstore for it) says that it knows no put of a new object only."""
    text = str(error)
    named = type(error).__name__ in ("NotImplementedError", "NotSupportedError")
    return named or _found(_CODE, text) == "NotImplemented" or _found(_STATUS, text) == "501"


def in_own_words(error: Exception) -> str:
    """An error of a store in one line, without the request: that carries key ids, signatures, tokens."""
    text = str(error)
    code, status, origin = _found(_CODE, text), _STATUS.search(text), _found(_ORIGIN, text)
    if any(place in text for place in _METADATA):
        return "there are no credentials in the environment, nor from the machine's cloud"
    if "Account must be specified" in text:
        return "there is no AZURE_STORAGE_ACCOUNT_NAME in the environment"
    if code in _NO_BUCKET:
        return "the bucket does not exist, and newsbeam makes none"
    is_refused = isinstance(error, PermissionDeniedError | UnauthenticatedError) and (code or status) is not None
    if is_refused or code in _NO_ACCESS:
        return f"access is denied ({code or (status and status[1])}); credentials are those of the environment"
    if "source: BadScheme" in text:
        return f"{origin or 'the endpoint'} is no https address; AWS_ALLOW_HTTP=true in the environment allows it"
    if "kind: Connect" in text:
        return f"cannot connect to {origin or 'the store'}"
    if "kind: Timeout" in text:
        return f"{origin or 'the store'} does not answer in time"
    if status is not None:
        said = (_found(_MESSAGE, text) or "").strip()
        named = " ".join(filter(None, (status[1], code or status[2].strip())))
        return f"the store answers {named}{f': {said}' if said else ''}"[:_WORDS_CHARS]
    first = re.split(r"[\n<{?]", text, maxsplit=1)[0]  # the answer's body and an address's query come later
    return first.strip(" :")[:_WORDS_CHARS] or type(error).__name__


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def beginning(store: Any, path: str) -> tuple[int, bytes]:
    """An object's size, and its first `AT_ONCE_BYTES`; raises FileNotFoundError if there is none."""
    try:
        found = obstore.get(store, path, options={"range": (0, AT_ONCE_BYTES)})
        return found.meta["size"], bytes(found.bytes())
    except BaseError:
        if obstore.head(store, path)["size"]:
            raise
        return 0, b""  # of which no range can be read


def in_memory(data: bytes) -> pa.NativeFile:
    """A file of these bytes, which Arrow's threads read without Python."""
    sink = pa.BufferOutputStream()
    sink.write(data)
    return pa.BufferReader(sink.getvalue())


class ObjectFile:
    """An object as a file that `pyarrow.PythonFile` reads. The latest range that was read stays in memory.

    `read_range` gives the bytes from a start to an end (not included), both within the object. It turns errors of the
    store into StorageError: otherwise pyarrow and our own readers would take them for damage to the file.
    """

    def __init__(self, size: int, first: bytes, read_range: Callable[[int, int], bytes]) -> None:
        self._size, self._start, self._held = size, 0, first
        self._read_range = read_range
        self._at = 0
        self.closed = False

    @called_by_arrow
    def read(self, size: int | None = None) -> bytes:
        """The next bytes, fewer at the end of the object."""
        start = self._at
        end = self._size if size is None or size < 0 else min(start + size, self._size)
        if start >= end:
            return b""
        if start < self._start or end > self._start + len(self._held):
            until = min(max(end, start + AT_ONCE_BYTES), self._size)
            self._start, self._held = start, self._read_range(start, until)
        self._at = end
        return self._held[start - self._start : end - self._start]

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to an offset from the beginning (0), from here (1) or from the end (2); the new position."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        """The position in bytes."""
        return self._at

    def close(self) -> None:
        """Let go of what is in memory."""
        self.closed, self._held = True, b""
