from __future__ import annotations

import base64
import pickle

import pytest

from schemas.credentials import Credentials
from transforms.web.chosen.secrets import MissingSecretError, check_secrets, header_of

ENVIRON = {"USER_OF": "desk", "PASSWORD": "hunter2: über", "TOKEN": " Bearer abc ", "EMPTY": "", "BROKEN": "a\r\nX: b"}


def test_a_password_goes_as_basic_authentication_in_utf_8() -> None:
    for credentials in (Credentials("PASSWORD", user="desk"), Credentials("PASSWORD", user_env="USER_OF")):
        name, value = header_of(credentials, ENVIRON)
        assert name == "Authorization"
        assert base64.b64decode(value.removeprefix("Basic ")).decode() == "desk:hunter2: über"


def test_a_header_has_the_value_of_its_variable() -> None:
    assert header_of(Credentials("TOKEN"), ENVIRON) == ("Authorization", "Bearer abc")
    assert header_of(Credentials("TOKEN", "X-Api-Key"), ENVIRON) == ("X-Api-Key", "Bearer abc")


@pytest.mark.parametrize(
    ("credentials", "why"),
    [
        (Credentials("MISSING"), "MISSING, which the settings file names for credentials, is not set"),
        (Credentials("EMPTY", user="desk"), "EMPTY, which"),
        (Credentials("PASSWORD", user_env="MISSING"), "MISSING, which"),
        (Credentials("BROKEN"), "BROKEN holds cannot stand in a header"),
        (Credentials("PASSWORD"), "PASSWORD holds cannot stand in a header"),
        (Credentials("PASSWORD", user_env="PASSWORD"), "colon"),
    ],
)
def test_what_cannot_be_sent_is_told_by_the_name_of_its_variable(credentials: Credentials, why: str) -> None:
    with pytest.raises(MissingSecretError, match=why) as failed:
        check_secrets([None, Credentials("TOKEN"), credentials], ENVIRON)
    assert not any(value and value in str(failed.value) for value in ("hunter2", "X: b"))


def test_credentials_that_travel_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "hunter2")
    credentials = Credentials("PASSWORD", user="desk")
    header_of(credentials)
    assert b"hunter2" not in pickle.dumps(credentials)
    assert "hunter2" not in repr(credentials)
