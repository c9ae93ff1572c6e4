"""A forgotten domain stands for all hosts below it, a forgotten address for all its spellings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.web.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.web.urls import url_key

FORGOTTEN = Forgotten(frozenset({url_key("https://kept.example/a?id=1")}), frozenset({"gone.example", "a.b.example"}))


@pytest.mark.parametrize(
    ("url", "is_held"),
    [
        ("https://gone.example/x", True),
        ("http://WWW.Gone.example:8080/x", True),
        ("https://gone.example./x", True),
        ("https://notgone.example/x", False),
        ("https://gone.example.org/x", False),
        ("https://a.b.example/", True),
        ("https://deep.a.b.example/", True),
        ("https://b.example/", False),
        ("https://kept.example/a?id=1&utm_source=feed#top", True),
        ("https://kept.example/a?id=2", False),
        ("http://user.example@gone.example/", False),  # which is refused as an address
        ("http://kept.example\t/a?id=1", False),
        ("HTTPS://KEPT.example:443/a?id=1", True),
        ("not an address", False),
        ("", False),
    ],
)
def test_an_address_is_held_by_itself_or_by_its_domain(url: str, is_held: bool) -> None:
    assert FORGOTTEN.holds(url) is is_held
    assert replace(FORGOTTEN, hosts=frozenset({"kept.example"})).holds(url) is is_held
    assert not NOTHING_FORGOTTEN.holds(url)


def test_a_message_names_a_forgotten_address_or_host() -> None:
    assert FORGOTTEN.names_it("redirect from https to http://gone.example/x.")
    assert FORGOTTEN.names_it("robots.txt of www.gone.example: this address is not for us")
    assert not FORGOTTEN.names_it("redirect loop at https://kept.example/b, gone for good")
