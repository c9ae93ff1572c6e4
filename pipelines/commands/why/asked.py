"""What `newsbeam why` and `newsbeam diff` are asked about: an address or an article's id."""

from __future__ import annotations

import re

from pipelines.checks import UsageError
from pipelines.printable import masked
from transforms.lake.lookup.entry_facts import AskedOf
from transforms.web.urls import BadUrl, parse_url

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def asked_of(text: str) -> AskedOf:
    """The article with an id of 32 hexadecimal digits, or an address; ``https://`` may be left out.

    Raises UsageError for what is neither.
    """
    text = text.strip()
    if _ID.fullmatch(text.lower()):
        return AskedOf(text, article_id=text.lower())
    url = text if "://" in text else f"https://{text}"
    try:
        parse_url(url)
    except BadUrl as error:
        raise UsageError(f"{masked(text)} is neither an address nor an article's id: {masked(str(error))}") from None
    return AskedOf(text, url)
