"""The address that identifies an article: the one that the page states, if credible; else the one that answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import islice

from schemas.page import Page
from transforms.extract.facts.addresses import Address, address_of, has_number, is_of_kind, lacks_query
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.page.page_words import has_phrase
from transforms.web.urls import BadUrl, normalize_url, parse_url, registrable_domain, resolve

_MAX_STATED = 3
_UNSEEN = "\ufeff\u200b\u200e\u200f\u00ad"
_BREAK = re.compile(r"[\t\r\n]")
HEADER_LINK = re.compile(r"<([^<>]*)>([^<]*)")
"""An address in a Link header, and its parameters."""

_PLACEHOLDER = re.compile(
    r"[{}]|<%|%>|\[object|(?<![^/=.:])(?:undefined|null|none|nan)(?![^/.:])|(?<![^/])(?:false|true)(?![^/])",
    re.IGNORECASE,
)
"""What a template leaves where a value was missing or the template was not run."""

_PART = re.compile(r"\d{1,3}")
"""A segment that numbers the parts of a page, such as its second half or the tenth picture."""

_AMP_CACHE = ".cdn.ampproject.org"


class Refusal(StrEnum):
    """Why a stated address is not accepted as the article's."""

    NO_ADDRESS = "no_address"
    PLACEHOLDER = "placeholder"
    OTHER_PUBLISHER = "other_publisher"
    FRONT_PAGE = "front_page"
    OTHER_PAGE = "other_page"
    SECTION = "section"
    LESS_QUERY = "less_query"


def canonical_url(facts: PageFacts, page: Page) -> str:
    """The first accepted address of rel=canonical, the Link header and og:url; else the one that answered. Normalised.

    The cost of a wrong decision: an address wrongly refused gives an article fetched under two addresses a second row,
    marked as a copy. An address wrongly accepted loses an article.
    """
    answered = normalize_url(page.final_url)
    titles = (facts.title, facts.first_meta("og:title"), text_of(facts.structured.get("headline")), page.entry_title)
    words = frozenset(word for title in titles if title for word in words_of(title[:MAX_TITLE_CHARS]))
    for stated, base in _statements(facts, page):
        url = absolute(stated, base)
        if refusal(url, answered, words) is None:
            return normalize_url(url)
    return answered


def base_of(facts: PageFacts, page: Page) -> str:
    """The address that the page's links are relative to: its base element if that is an address, else its own."""
    if facts.base:
        try:
            return resolve(page.final_url, facts.base)
        except BadUrl:
            pass
    return page.final_url


def absolute(stated: str, base: str) -> str:
    """A stated address made absolute as a browser would; "" if there is none.

    Line breaks inside the address are removed, and so is a second escape ("&amp;") by templates that escape twice.
    """
    text = "".join(part.strip(" ") for part in _BREAK.split(stated)).strip().strip(_UNSEEN).replace("&amp;", "&")
    if not text:
        return ""
    try:
        return resolve(base, text)
    except BadUrl:
        return ""


def refusal(stated: str, answered: str, titles: Collection[str] = ()) -> Refusal | None:
    """Why the absolute address `stated` is refused for a page that `answered` (normalised); None if it is accepted.

    Only the two addresses and `titles` (the words of the page's titles) are used: `stated` must name an article's page,
    and this article's. Refused are front pages, lists of articles, pages of other kinds (login, consent, error),
    template leftovers, other publishers, and addresses that lack the part of the query that tells articles apart.
    """
    if not stated:
        return Refusal.NO_ADDRESS
    try:
        if normalize_url(stated) == answered:
            return None
        asked, named = address_of(answered), address_of(normalize_url(stated))
    except BadUrl:
        return Refusal.NO_ADDRESS
    if not _placeholders(named) <= _placeholders(asked):
        return Refusal.PLACEHOLDER
    if registrable_domain(stated) != registrable_domain(answered) and not _is_cached(asked, stated):
        return Refusal.OTHER_PUBLISHER
    if leads_elsewhere(named) and not leads_elsewhere(asked):
        return Refusal.OTHER_PAGE
    return _why_less(asked, named, titles)


def leads_elsewhere(address: Address) -> bool:
    """Whether the words of an address name a page for login, consent, a challenge or an error."""
    if address.host.partition(".")[0] in ("consent", "login", "signin", "auth", "sso", "accounts", "captcha"):
        return True
    last = address.segments[-1:]
    if is_of_kind(last, "elsewhere") or any(has_phrase(one.replace("-", " "), "not_found") for one in last):
        return True
    return is_of_kind(address.segments, "elsewhere") and not address.names_article()


def _why_less(asked: Address, named: Address, titles: Collection[str]) -> Refusal | None:
    """Why `named` says less than `asked` about which article it is; None if it does not."""
    if named.is_front and not any(part.telling > 1 for part in named.query):
        return Refusal.FRONT_PAGE if not asked.is_front or lacks_query(asked, named) or _moved(asked, named) else None
    if named.segments[-1:] == asked.segments[-1:]:
        tells = named.names_article(titles)
        return Refusal.LESS_QUERY if not tells and lacks_query(asked, named) else None
    if any(part.telling > 1 for part in named.query):
        return None
    size = len(named.segments)
    if named.segments == asked.segments[:size]:
        below = (Address("", (one,), False, ()) for one in asked.segments[size:] if not _PART.fullmatch(one))
        is_above = not has_number(named.segments[-1]) and any(one.names_article(titles) for one in below)
        return Refusal.SECTION if is_above or not named.names_article(titles) else None
    if is_of_kind(named.segments[:-1], "lists") and not is_of_kind(asked.segments, "lists"):
        return Refusal.SECTION
    return None if named.names_article(titles) else Refusal.SECTION


def _moved(asked: Address, named: Address) -> bool:
    """Whether two front pages have different hosts."""
    return asked.host.removeprefix("www.") != named.host.removeprefix("www.")


def _placeholders(address: Address) -> set[str]:
    texts = (address.host, "/".join(address.segments), *(f"{part.name}={part.value}" for part in address.query))
    return {mark[0].lower() for text in texts for mark in islice(_PLACEHOLDER.finditer(text), 20)}


def _is_cached(asked: Address, stated: str) -> bool:
    """Whether the page was answered by a cache of mobile pages whose address contains the stated host."""
    host = parse_url(stated).hostname
    return asked.host.endswith(_AMP_CACHE) and host in asked.segments


def _statements(facts: PageFacts, page: Page) -> Iterator[tuple[str, str]]:
    """The stated addresses in order of trust, each with the address that it is relative to."""
    base = base_of(facts, page)
    for stated in facts.links.get("canonical", ())[:_MAX_STATED]:
        yield stated, base
    for header in page.headers:
        if header.name == "link":
            for link in islice(HEADER_LINK.finditer(header.value), _MAX_STATED * 5):
                if any(_is_canonical(parameter) for parameter in link[2].split(";")):
                    yield link[1], page.final_url
    for stated in facts.meta.get("og:url", ())[:_MAX_STATED]:
        yield stated, base


def _is_canonical(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "rel" and "canonical" in value.strip(" \"',").lower().split()
