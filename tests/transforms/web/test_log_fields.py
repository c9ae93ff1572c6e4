"""Records say which feed and address they are about, each task for itself, and never a password."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.web.log_fields import about, fields_at_hand, log_fields, without_user


def test_fields_are_those_of_the_task_at_hand() -> None:
    async def told(url: str) -> dict[str, str]:
        with about(url=url, feed="https://example.org/rss.xml"):
            await asyncio.sleep(0)
            return dict(fields_at_hand())

    async def both() -> list[dict[str, str]]:
        return await asyncio.gather(told("https://a.example/1"), told("https://b.example:81/2"))

    feed = {"feed": "https://example.org/rss.xml"}
    assert asyncio.run(both()) == [
        {"url": "https://a.example/1", "host": "a.example", **feed},
        {"url": "https://b.example:81/2", "host": "b.example:81", **feed},
    ]
    assert fields_at_hand() == {}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ann:secret@a.example/x", "https://a.example/x"),
        ("https://ann:s@cret@a.example?q=a@b", "https://a.example?q=a@b"),
        ("https://a.example/@ann", "https://a.example/@ann"),
        ("//ann@a.example", "//a.example"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_a_user_and_a_password_are_left_out(url: str, shown: str) -> None:
    assert without_user(url) == shown
    assert log_fields(url)["url"] == shown
    assert log_fields("https://a.example", url).get("feed", "") == shown


@given(st.text("ab@:/?#", max_size=12))
def test_nothing_of_a_user_is_left_and_nothing_else_is_lost(rest: str) -> None:
    shown = without_user(f"http://{rest}")
    assert shown.startswith("http://")
    host = shown.removeprefix("http://").split("/")[0].split("?")[0].split("#")[0]
    assert "@" not in host
    assert f"http://{rest}".endswith(shown.removeprefix("http://"))


def test_what_has_no_host_has_no_host() -> None:
    assert log_fields("the entry of 2 March") == {"url": "the entry of 2 March"}
