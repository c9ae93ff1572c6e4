from __future__ import annotations

import json

import pytest

from tests.stored_pages import stored_page
from transforms.archive.cdxj import index_line, surt_of

KEYS = [
    ("http://www.example.org/", "org,example)/"),
    ("https://www2.Example.org:8443/A/B/?b=2&a=1", "org,example:8443)/a/b?a=1&b=2"),
    ("https://www.www.example.org/q", "org,example,www)/q"),
    ("https://wwwa.example.org/", "org,example,wwwa)/"),
    ("https://example.org/a/?", "org,example)/a"),
    ("https://example.org/a//b/../c", "org,example)/a/c"),
    ("https://example.org/%7Ea/%C3%A9?x=%2f", "org,example)/~a/%c3%a9?x=/"),
    ("https://example.org/a%20b?q=%20+c", "org,example)/a%20b?q=%20+c"),
    ("https://example.org/100%", "org,example)/100%25"),
    ("https://example.org/x%2525y", "org,example)/x%25y"),
    ("https://example.org/?a=1&b&a-b=3&a=0", "org,example)/?a=0&a=1&a-b=3&b"),
    ("https://b\u00fccher.example/\u00fc", "example,xn--bcher-kva)/%c3%bc"),
    ("http://127.0.0.1:8080/a", "1,0,0,127:8080)/a"),
    ("http://[2001:db8::1]/x", "2001:db8::1)/x"),
    ("urn:x", "urn:x"),
]
"""Each as the package `surt` has it, by which pywb and cdxj-indexer go; `make test-archive` compares whole indexes."""


@pytest.mark.parametrize(("uri", "key"), KEYS)
def test_addresses_sort_by_site_and_path(uri: str, key: str) -> None:
    assert surt_of(uri) == key


def test_a_line_says_what_a_record_is_and_where_it_stands() -> None:
    page = stored_page("https://www.example.org/A?b=\u00fc", b"x", 61.5)
    line = index_line(page, "sha1:D", False, "a.warc.gz", 12, 34, "sha256:e")
    key, instant, facts = line.split(" ", 2)
    assert (key, instant) == ("org,example)/a?b=%c3%bc", "20260302120101")
    assert json.loads(facts) == {
        "url": "https://www.example.org/A?b=%C3%BC",
        "mime": "text/html",
        "status": "200",
        "digest": "sha1:D",
        "length": "34",
        "offset": "12",
        "filename": "a.warc.gz",
        "recordDigest": "sha256:e",
    }
    revisit = json.loads(index_line(page, "sha1:D", True, "a.warc.gz", 12, 34, "sha256:e").split(" ", 2)[2])
    assert revisit["mime"] == "warc/revisit"
