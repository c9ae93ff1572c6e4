"""What `newsbeam forget` is asked for: one address, or a domain with all hosts below it."""

from __future__ import annotations

from typing import NamedTuple

from schemas.forgotten import ForgottenKind
from transforms.web.urls import BadUrl, host_of, is_public_suffix, name_of, normalize_url, parse_url, url_key


class ToForget(NamedTuple):
    """One thing to forget. `text` is its normal spelling, `key` as in the record."""

    kind: ForgottenKind
    text: str
    key: str


def asked_for(text: str) -> ToForget:
    """An address (with ``http://`` or ``https://``) or a domain. Raises ValueError with the remedy for anything else.

    A suffix under which anybody registers names is refused: it would take the lakes of all publishers below it.
    """
    text = text.strip()
    if "://" in text:
        try:
            return ToForget(ForgottenKind.URL, normalize_url(text), url_key(text))
        except BadUrl as error:
            raise ValueError(f"{text!r} is no address: {error}") from None
    try:
        parsed = parse_url(f"http://{text.removesuffix('.')}")
        host = name_of(host_of(f"http://{text.removesuffix('.')}"))
    except BadUrl:
        raise ValueError(_NEITHER.format(text)) from None
    if (parsed.pathname, parsed.search, parsed.hash, parsed.port) != ("/", "", "", "") or text.endswith("/"):
        raise ValueError(_NEITHER.format(text))
    if is_public_suffix(host):
        raise ValueError(f"{host} is a suffix under which many publishers have their names: name one of theirs")
    return ToForget(ForgottenKind.DOMAIN, host, host)


_NEITHER = "{!r} is neither an address, written with https:// or http://, nor a domain such as example.org"
