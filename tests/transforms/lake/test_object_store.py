"""What stores say is told in one line that holds no part of the request; an object is read in ranges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError, UnauthenticatedError
from obstore.store import MemoryStore

from transforms.lake.files.object_store import (
    AT_ONCE_BYTES,
    ObjectFile,
    beginning,
    in_own_words,
    is_missing_object,
    refuses_conditions,
)
from transforms.lake.files.storage import Storage, StorageError

SENT = "Error performing GET https://store.example.org/bucket/lake?sv=1&sig=HIDDEN in 4ms"
ANSWER = (
    '<?xml version="1.0"?>\n<Error><Code>{code}</Code><Message>{message}</Message>'
    "<AWSAccessKeyId>HIDDEN</AWSAccessKeyId><StringToSign>HIDDEN</StringToSign></Error>\n\nDebug source:\nHIDDEN"
)

DENIED = "access is denied ({}); credentials are those of the environment"


def answered(status: str, code: str, message: str = "") -> str:
    """The text of obstore's error for an answer."""
    said = ANSWER.format(code=code, message=message)
    return f"Generic S3 error: {SENT} - Server returned non-2xx status code: {status}: {said}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GenericError(answered("404 Not Found", "NoSuchBucket")), "the bucket does not exist, and newsbeam makes none"),
        (
            FileNotFoundError(answered("404 Not Found", "ContainerNotFound")),
            "the bucket does not exist, and newsbeam makes none",
        ),
        (
            GenericError(answered("403 Forbidden", "SignatureDoesNotMatch", "Check your key.")),
            DENIED.format("SignatureDoesNotMatch"),
        ),
        (
            PermissionDeniedError(f"{SENT} - Server returned non-2xx status code: 403 Forbidden: \n\nHIDDEN"),
            DENIED.format("403"),
        ),
        (UnauthenticatedError(answered("401 Unauthorized", "Token")), DENIED.format("Token")),
        (
            GenericError(answered("503 Slow", "SlowDown", "Please reduce your request rate.")),
            "the store answers 503 SlowDown: Please reduce your request rate.",
        ),
        (
            GenericError(f"{SENT} - Server returned non-2xx status code: 502 Bad Gateway: <html>HIDDEN"),
            "the store answers 502 Bad Gateway",
        ),
        (
            GenericError(f"{SENT}, after 8 retries - HTTP error\n\nDebug source:\nkind: Connect, HIDDEN"),
            "cannot connect to https://store.example.org",
        ),
        (
            GenericError(f"{SENT} - HTTP error\n\nDebug source:\nkind: Timeout, HIDDEN"),
            "https://store.example.org does not answer in time",
        ),
        (
            GenericError(
                "Generic S3 error: Error performing PUT http://169.254.169.254/latest/api/token in 1s\nHIDDEN"
            ),
            "there are no credentials in the environment, nor from the machine's cloud",
        ),
        (
            GenericError("Generic MicrosoftAzure error: Account must be specified\n\nHIDDEN"),
            "there is no AZURE_STORAGE_ACCOUNT_NAME in the environment",
        ),
        (
            GenericError(f"Generic error: {SENT} - it broke\nHIDDEN"),
            "Generic error: Error performing GET https://store.example.org/bucket/lake",
        ),
        (GenericError(""), "GenericError"),
    ],
)
def test_an_error_is_one_line_without_the_request(error: Exception, words: str) -> None:
    assert in_own_words(error) == words


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (FileNotFoundError(answered("404 Not Found", "NoSuchKey")), True),
        (FileNotFoundError(f"{SENT} - status code: 404 Not Found: "), True),
        (FileNotFoundError(answered("404 Not Found", "NoSuchBucket")), False),
        (FileNotFoundError(answered("404 Not Found", "XAdminUserNotFound")), False),
        (GenericError(answered("404 Not Found", "NoSuchKey")), False),
    ],
)
def test_only_an_object_that_is_not_there_is_missing(error: Exception, is_it: bool) -> None:
    assert is_missing_object(error) is is_it


@pytest.mark.parametrize(
    ("error", "does"),
    [
        (GenericError(answered("501 Not Implemented", "NotImplemented")), True),
        (GenericError(answered("400 Bad Request", "NotImplemented")), True),
        (GenericError(f"{SENT} - status code: 501 Not Implemented: "), True),
        (NotImplementedError("Operation put_opts not implemented"), True),
        (GenericError(answered("503 Slow", "SlowDown")), False),
        (PermissionDeniedError(answered("403 Forbidden", "AccessDenied")), False),
    ],
)
def test_a_store_that_knows_no_conditions_is_told_from_one_in_trouble(error: Exception, does: bool) -> None:
    assert refuses_conditions(error) is does


def raising(error: Exception) -> Callable[..., object]:
    def call(*_: object, **__: object) -> object:
        raise error

    return call


def test_the_error_of_a_store_is_not_carried_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback in a log would show it."""
    storage = Storage("memory://lake")
    storage._store = MemoryStore()
    monkeypatch.setattr("obstore.put", raising(FileNotFoundError(answered("404 Not Found", "NoSuchKey"))))
    with pytest.raises(
        StorageError, match=r"^cannot write x in the lake at memory://lake: the store answers 404 NoSuchKey$"
    ) as told:
        storage.put("x", b"")
    assert (told.value.__cause__, told.value.__suppress_context__) == (None, True)
    monkeypatch.setattr("obstore.get", raising(FileNotFoundError(answered("404 Not Found", "NoSuchKey"))))
    with pytest.raises(FileNotFoundError, match=r"^\[Errno 2\] No such file or directory: 'x'$") as missing:
        storage.get("x")
    assert (missing.value.__cause__, missing.value.__suppress_context__) == (None, True)


def test_an_object_is_read_where_it_is_asked_for_and_not_twice() -> None:
    data = bytes(range(256)) * (3 * AT_ONCE_BYTES // 256) + b"end"
    ranges: list[tuple[int, int]] = []

    def read_range(start: int, end: int) -> bytes:
        ranges.append((start, end))
        return data[start:end]

    file = ObjectFile(len(data), data[:AT_ONCE_BYTES], read_range)
    assert file.read(10) + file.read(6) == data[:16]
    assert file.seek(AT_ONCE_BYTES - 2) == AT_ONCE_BYTES - 2
    assert file.read(2) == data[AT_ONCE_BYTES - 2 : AT_ONCE_BYTES]
    assert ranges == []
    assert file.seek(-3, 2) == file.tell() == len(data) - 3
    assert file.read(9) == b"end"
    assert (file.read(1), file.read()) == (b"", b"")
    assert file.seek(-4, 1) == len(data) - 4
    assert file.read() == data[-4:]
    file.seek(5)
    assert file.read(AT_ONCE_BYTES) == data[5 : 5 + AT_ONCE_BYTES]
    assert file.read(1) == data[5 + AT_ONCE_BYTES : 6 + AT_ONCE_BYTES]
    assert ranges == [
        (len(data) - 3, len(data)),
        (len(data) - 4, len(data)),
        (5, 5 + AT_ONCE_BYTES),
        (5 + AT_ONCE_BYTES, 5 + 2 * AT_ONCE_BYTES),
    ]
    file.seek(0)
    assert file.read() == data
    file.close()
    assert file.closed


def test_the_beginning_of_an_object_says_how_large_it_is() -> None:
    store = MemoryStore()
    for name, data in (("empty", b""), ("small", b"abc"), ("large", b"x" * (AT_ONCE_BYTES + 5))):
        store.put(name, data)
        assert beginning(store, name) == (len(data), data[:AT_ONCE_BYTES])
    with pytest.raises(FileNotFoundError):
        beginning(store, "none")
