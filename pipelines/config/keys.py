"""The keys of the tables ``[feed."…"]`` and ``[host."…"]``: what each means, takes, and becomes.

Reading, the JSON schema and the tables of docs/settings.md are all made from these.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.config.mistakes import BadValue, no_such_key
from pipelines.config.option_values import SPAN_PATTERN
from pipelines.given.times import Span
from schemas.credentials import Credentials
from transforms.text.well_formed import well_formed
from transforms.web.chosen.feed_settings import TextFrom
from transforms.web.urls import BadUrl, parse_url

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}", re.ASCII)
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_OURS: Final = frozenset(
    "accept accept-encoding connection content-length cookie cookie2 expect host if-match if-modified-since "
    "if-none-match if-range if-unmodified-since keep-alive proxy-authorization range referer te trailer "
    "transfer-encoding upgrade user-agent via".split()
)
"""Headers that are not for credentials: those that we send ourselves, that frame requests, and cookies, which are never
sent."""
NO_PROXY: Final = "none"
_MOST_TEXTS: Final = 1_000
_MOST_CHARS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name in the file, the attribute that it fills, its meaning, example and JSON schema, and what reads
    its value, which raises BadValue."""

    name: str
    attribute: str
    meaning: str
    example: str
    schema: Mapping[str, Any]
    read: Callable[[Any], Any]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadValue("give true or false")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_CHARS:
        raise BadValue(f"give a text of at most {_MOST_CHARS} characters that is not empty")
    return well_formed(value.strip())


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value),)
    if not isinstance(value, list) or len(value) > _MOST_TEXTS:
        raise BadValue(f"give a list of at most {_MOST_TEXTS} texts")
    return tuple(map(_text, value))


def _words(value: Any) -> tuple[str, ...]:
    words = _texts(value)
    if any(not word.strip("*").strip() for word in words):
        raise BadValue("a word or phrase has letters; a * only at its end stands for more of them")
    return words


def _language(value: Any) -> str:
    text = _text(value)
    if _LANGUAGE.fullmatch(text) is None:
        raise BadValue(f"{text!r} is no language: write it like en or pt-BR")
    return text


def _languages(value: Any) -> tuple[str, ...]:
    return tuple(map(_language, _texts(value)))


def _country(value: Any) -> str:
    text = _text(value)
    if _COUNTRY.fullmatch(text) is None:
        raise BadValue(f"{text!r} is no country: write it like GB (ISO 3166-1 alpha-2)")
    return text.upper()


def _span(least: str, most: str) -> Callable[[Any], float]:
    span = Span(least, most)

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise BadValue('give a length of time: seconds, or a text like "15m"')
        try:
            return span(str(value))
        except argparse.ArgumentTypeError as error:
            raise BadValue(str(error)) from None

    return read


def _whole_span(least: str, most: str) -> Callable[[Any], int]:
    read = _span(least, most)
    return lambda value: round(read(value))


def _text_from(value: Any) -> TextFrom:
    if value not in set(TextFrom):
        raise BadValue('give "feed" or "page"')
    return TextFrom(value)


def _variable(value: Any) -> str:
    if not isinstance(value, str) or _VARIABLE.fullmatch(value) is None:
        raise BadValue("give the name of an environment variable, like EXAMPLE_PASSWORD, and never the secret itself")
    return value


def _proxy(value: Any) -> str:
    if value == NO_PROXY:
        return ""
    text = _text(value)
    if "@" in text:  # the message does not repeat the text: there may be a password in it
        raise BadValue("an address of a proxy carries no user or password: they belong into proxy_credentials")
    try:
        parsed = parse_url(text)
    except BadUrl:
        raise BadValue(f'{text!r} is no proxy: write it like http://proxy.example.org:3128, or "{NO_PROXY}"') from None
    if parsed.pathname not in ("", "/") or parsed.search:
        raise BadValue(f"{text!r} is no proxy: there is something behind its host and port")
    return str(parsed.origin)


_ENV = {"type": "string", "pattern": f"^{_VARIABLE.pattern}$"}
_CREDENTIAL_KEYS: Final[dict[str, dict[str, Any]]] = {
    "user": {"type": "string", "description": "user of basic authentication"},
    "user_env": _ENV | {"description": "the environment variable that holds it, in place of user"},
    "password_env": _ENV | {"description": "the environment variable of the password"},
    "header": {"type": "string", "description": "the header to send; Authorization unless given"},
    "value_env": _ENV | {"description": "the environment variable of the header's whole value"},
}
_CREDENTIALS: Final[dict[str, Any]] = {
    "type": "object",
    "properties": _CREDENTIAL_KEYS,
    "additionalProperties": False,
    "oneOf": [{"required": ["password_env"]}, {"required": ["value_env"]}],
}


def _credentials(value: Any) -> Credentials:
    """Credentials of a table. No message repeats a value: it may be the secret itself, by mistake."""
    if not isinstance(value, dict):
        raise BadValue("give a table: { user = …, password_env = … } or { header = …, value_env = … }")
    for name in value:
        if name not in _CREDENTIAL_KEYS:
            hint = "; a secret never stands in the file, only the name of the environment variable that holds it"
            raise BadValue(f"{name}: {no_such_key(name, _CREDENTIAL_KEYS, hint)}")
    is_basic, is_header = ("password_env" in value, "value_env" in value)
    if is_basic == is_header:
        raise BadValue("give password_env (with user or user_env), or value_env (with header): one of both")
    if is_header:
        if "user" in value or "user_env" in value:
            raise BadValue("a user belongs to password_env; with value_env the variable holds the whole header")
        header = value.get("header", "Authorization")
        if not isinstance(header, str) or _HEADER.fullmatch(header) is None or header.lower() in _OURS:
            raise BadValue("header: that is no header for credentials; give one such as Authorization or X-Api-Key")
        return Credentials(_variable(value["value_env"]), header)
    if ("user" in value) == ("user_env" in value):
        raise BadValue("with password_env give user, or user_env: one of both")
    if "header" in value:
        raise BadValue("header belongs to value_env; a password goes by Authorization")
    if "user_env" in value:
        return Credentials(_variable(value["password_env"]), user_env=_variable(value["user_env"]))
    user = _text(value["user"])
    if ":" in user:
        raise BadValue("user: a name in basic credentials has no colon (RFC 7617)")
    return Credentials(_variable(value["password_env"]), user=user)


_TEXT = {"type": "string", "minLength": 1, "maxLength": _MOST_CHARS}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "maxItems": _MOST_TEXTS}]}
_SPAN = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": SPAN_PATTERN}]}
_TAG = _TEXT | {"pattern": f"^{_LANGUAGE.pattern}$"}
_TAGS = {"anyOf": [_TAG, {"type": "array", "items": _TAG}]}

OF_FEEDS_AND_HOSTS: Final = (
    Key("interval", "interval_s", "ask the feed at most this often, in place of `--poll_interval`; `0`: in every run",
        '"1h"', _SPAN, _whole_span("0", "1d")),
    Key("poll_gently", "polls_gently", "as `--poll_gently`, for the feed alone; `false`: not for it", "true",
        {"type": "boolean"}, _flag),
    Key("pause", "pause", "do not ask the feed; its entries that wait are still fetched", "true",
        {"type": "boolean"}, _flag),
    Key("tags", "tags", "kept with its pages and articles, in `feed_tags`", '["regional", "daily"]', _TEXTS, _texts),
    Key("language", "language", "its language, where neither entry nor feed nor page says one", '"de"', _TAG,
        _language),
    Key("country", "country", "its country: `feed_country`, the order of its dates, and the home of its publisher "
        "where nothing on the page tells", '"AT"', {"type": "string", "pattern": f"^{_COUNTRY.pattern}$"}, _country),
    Key("text", "text", "`feed`: take texts from the feed's full content where it carries one; `page`: never; else "
        "from the page, and the feed stands in for a wall or an empty page", '"feed"',
        {"enum": [str(one) for one in TextFrom]}, _text_from),
    Key("drop_urls", "drop_urls", "drop entries in whose address one of these is found", '["/sport/", "/video/*live"]',
        _TEXTS, _texts),
    Key("keep_urls", "keep_urls", "drop entries in whose address none of these is found", '["example.org/news/"]',
        _TEXTS, _texts),
    Key("drop_words", "drop_words", "drop entries with one of these in title, summary or keywords",
        '["horoscope", "advert*"]', _TEXTS, _words),
    Key("keep_words", "keep_words", "drop entries with none of these there", '["election", "parliament*"]', _TEXTS,
        _words),
    Key("drop_languages", "drop_languages", "drop drafts in these languages", '["ru"]', _TAGS, _languages),
    Key("keep_languages", "keep_languages", "drop drafts in other languages than these, and those in none",
        '["en", "pt-BR"]', _TAGS, _languages),
    Key("drop_sections", "drop_sections", "drop drafts of these sections", '["Sport*"]', _TEXTS, _texts),
    Key("keep_sections", "keep_sections", "drop drafts of other sections, and those of none", '["Politics"]', _TEXTS,
        _texts),
)  # fmt: skip
"""Keys of both tables: of a host's they speak of the feeds that lie on it."""

FEED_KEYS: Final = (
    Key("title", "title", "its title, in place of the feed list's and its own", '"Example News"', _TEXT, _text),
    *OF_FEEDS_AND_HOSTS[:-8],
    Key("credentials", "credentials", "what the feed's own origin (scheme, host, port) is shown, and nobody else",
        '{ user = "desk", password_env = "EXAMPLE_PASSWORD" }', _CREDENTIALS, _credentials),
    *OF_FEEDS_AND_HOSTS[-8:],
)  # fmt: skip

HOST_KEYS: Final = (
    Key("delay", "delay_s", "pause between two requests to the host, in place of `--host_delay`; a longer Crawl-delay "
        "counts", "2.5", _SPAN, _span("0", "1h")),
    Key("credentials", "credentials", "what the host is shown, with every request but that for robots.txt",
        '{ header = "X-Api-Key", value_env = "EXAMPLE_KEY" }', _CREDENTIALS, _credentials),
    Key("plain_http", "plain_http", "send credentials also by http, where others can read them", "true",
        {"type": "boolean"}, _flag),
    Key("proxy", "proxy", 'ask the host through this HTTP proxy; `"none"`: directly, against a more general table',
        '"http://proxy.example.org:3128"', {"type": "string"}, _proxy),
    Key("proxy_credentials", "proxy_credentials", "what the proxy is shown",
        '{ user = "desk", password_env = "PROXY_PASSWORD" }', _CREDENTIALS, _credentials),
)  # fmt: skip
"""Keys of hosts alone."""
