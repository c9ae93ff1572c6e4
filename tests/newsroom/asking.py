"""How these tests talk to the sample newsroom: plain HTTP, no redirects followed, nothing decoded."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlsplit

from lxml import html

from newsroom import Newsroom, Truth

Reply = tuple[int, dict[str, str], bytes]


def ask(url: str, headers: dict[str, str] | None = None) -> Reply:
    """Status, headers by lower-case name, and body."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def articles(room: Newsroom) -> list[Truth]:
    """The truth about the entries that lead to an article."""
    return [row for row in room.truth() if row.outcome == "article"]


def squeezed(text: str) -> str:
    """Every run of white space as one space."""
    return re.sub(r"\s+", " ", text)


def page_text(truth: Truth) -> str:
    """What a browser without style sheets would show of an article's page."""
    _, headers, body = ask(truth.canonical_url)
    charset = re.search(r"charset=([\w-]+)", headers["content-type"]) or re.search(
        r"charset=[\"']?([\w-]+)", body[:600].decode("ascii", "ignore"), re.IGNORECASE
    )
    assert charset, truth.url
    tree = html.fromstring(body.decode(charset.group(1)))
    return squeezed(tree.text_content())
