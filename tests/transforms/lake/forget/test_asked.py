"""What can be forgotten is an address or a domain; anything else is refused with the remedy."""

from __future__ import annotations

import pytest

from transforms.lake.forget.asked import ToForget, asked_for
from transforms.web.urls import url_key


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("example.org", ToForget("domain", "example.org", "example.org")),
        (" News.Example.ORG. ", ToForget("domain", "news.example.org", "news.example.org")),
        ("bücher.example", ToForget("domain", "xn--bcher-kva.example", "xn--bcher-kva.example")),
        ("127.0.0.9", ToForget("domain", "127.0.0.9", "127.0.0.9")),
        (
            "HTTPS://Example.org/a?utm_source=x#y",
            ToForget("url", "https://example.org/a", url_key("https://example.org/a")),
        ),
    ],
)
def test_an_address_or_a_domain_in_its_normal_spelling(text: str, asked: ToForget) -> None:
    assert asked_for(text) == asked


@pytest.mark.parametrize(
    "text", ["example.org/a", "example.org/", "example.org:8080", "", "a b", "ftp://example.org/a"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither an address|is no address"):
        asked_for(text)


@pytest.mark.parametrize("text", ["org", "co.uk", "github.io"])
def test_a_suffix_of_many_publishers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="many publishers"):
        asked_for(text)
