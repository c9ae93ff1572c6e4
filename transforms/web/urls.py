"""Parses URLs; the only place in the repository that does, for fetching, keys and comparison alike.

The parser is Ada (the WHATWG URL standard, as browsers read addresses), so a literal IP address is recognised in any
spelling: decimal, octal, hexadecimal, short, full-width, with an ideographic full stop. Forms that browsers repair and
only tricksters write (user-info, backslashes, control characters) are refused.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b
from ipaddress import ip_address

from ada_url import URL
from tldextract import TLDExtract

MAX_URL_CHARS = 8192
"""The longest address that is accepted: common servers stop at 8 KiB for the whole request line."""

_RECENT = 4096
"""The size of caches of parsed URLs: one request asks several times for parts of one URL, and parsing takes 8 µs."""

_OF_A_PAGE = 256
"""The size of caches of what follows from a URL: one page asks eight times for each of its three or four addresses."""

_SCHEMES = ("http:", "https:")
_BLANK = " \t\r\n\f"
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
_AUTHORITY = re.compile(r"[^/?#]*")
_DOTS = ".。．｡"  # each of the four parts the labels of a host (UTS #46, 2.3)
_DOT = re.compile(f"[{_DOTS}]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_TRACKING_PREFIX = "utm_"
_TRACKING_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id srsltid _ga _gl "
    "mc_cid mc_eid mkt_tok oly_anon_id oly_enc_id vero_id vero_conv _hsenc _hsmi wickedid rb_clickid "
    "hsa_acc hsa_cam hsa_grp hsa_ad hsa_src hsa_tgt hsa_kw hsa_mt hsa_net hsa_ver "
    "mtm_campaign mtm_keyword mtm_kwd mtm_source mtm_medium mtm_content mtm_cid mtm_group mtm_placement "
    "pk_campaign pk_kwd pk_keyword pk_source pk_medium piwik_campaign piwik_kwd piwik_keyword "
    "at_medium at_campaign at_campaign_type at_format at_link_id at_link_origin at_link_type at_bbc_team at_ptr_name "
    "at_custom1 at_custom2 at_custom3 at_custom4 xtor "
    "ns_campaign ns_mchannel ns_source ns_linkname ns_fee wt_mc wt_zmc "
    "soc_src soc_trk __twitter_impression traffic_source"
)
"""Query names that say where a reader came from and never which article it is: the click identifiers of ad and mail
platforms, and the campaign names of the analytics suites (Google, Matomo, AT Internet, HubSpot, Webtrekk, Comscore),
each by its whole name. Only Google's prefix `utm_` is used by nobody else: a name that begins like Matomo's or
HubSpot's may be a site's own key (`pk_news`, the primary key of its news). For the same reason a name is kept if some
site uses it for content, even if a suite uses it for campaigns: `ref`, `source`, `id`, `cid`, `s_cid`, `ncid`, `smid`,
`cmpid`, `pk_cid`, `pk_content`. A name kept in error costs one fetch more; one dropped in error costs an article."""
_TRACKING = frozenset(_TRACKING_NAMES.split())


class BadUrl(ValueError):  # noqa: N818
    """An address that cannot be fetched: not http(s), with user-info or a control character, or not a URL."""


def parse_url(url: str, base: str | None = None) -> URL:
    """The parsed absolute http(s) URL; a relative `url` is resolved against `base`. Raises BadUrl."""
    text = url.strip(_BLANK)
    if not text and base is None:
        raise BadUrl("empty URL")
    if len(text) > MAX_URL_CHARS:
        raise BadUrl(f"URL of {len(text)} characters, more than {MAX_URL_CHARS}: {text[:80]!r}…")
    if _FORBIDDEN.search(text):
        raise BadUrl(f"control character or backslash in URL: {text[:200]!r}")
    try:
        parsed = URL(text) if base is None else URL(text, base=base)
    except (ValueError, UnicodeEncodeError) as error:
        raise BadUrl(f"not a URL: {text[:200]!r}") from error
    if parsed.protocol not in _SCHEMES:
        raise BadUrl(f"not http or https: {text[:200]!r}")
    # Reading a part costs 2 µs; without an @ there is no user-info (WHATWG URL, authority state).
    if ("@" in text or (base is not None and "@" in base)) and (parsed.username or parsed.password):
        raise BadUrl(f"user-info in URL of host {parsed.host}")
    host = parsed.hostname.removesuffix(".")
    if not host or ".." in host or host[0] == "." or host[-1] == "." or _is_too_long(host):
        raise BadUrl(f"no proper host in URL: {text[:200]!r}")
    return parsed


def typed_url(text: str) -> str:
    """An address that somebody typed, who may leave out ``https://``. It may be bad in other ways: see `parse_url`.

    Raises BadUrl for a bare word such as ``frontpage``, which is a slip of the hand: a host in one's own network, whose
    name has no dot, is written with its scheme.
    """
    if "://" in text:
        return text
    if is_word(text):
        shown = repr(text[:200])
        raise BadUrl(
            f"{shown} is no address: write it like https://example.org/; a host without a dot like http://news/"
        )
    return f"https://{text}"


def is_word(text: str) -> bool:
    """Whether an address or host without a scheme begins with a word that is no host by its looks: it has no dot, and
    is neither ``localhost``, nor a literal address in brackets, nor has it a port.
    """
    host = _AUTHORITY.match(text.strip(_BLANK))
    name = host[0].rstrip(_DOTS) if host is not None else ""
    return not name.startswith("[") and ":" not in name and name.lower() != "localhost" and not _DOT.search(name)


def _is_too_long(host: str) -> bool:
    """Whether a host can be no name: it or a part of it is longer than names are (RFC 1035, 2.3.4)."""
    return len(host) > 63 and (len(host) > 253 or max(map(len, host.split("."))) > 63)


@lru_cache(maxsize=_OF_A_PAGE)
def normalize_url(url: str) -> str:
    """The normal spelling of a URL, equal for equivalent URLs. Idempotent. Raises BadUrl.

    Scheme and host are in lower case and IDNA; default port, dot segments, fragment and tracking parameters are
    removed; escapes are in upper case and only where needed (RFC 3986, 6.2.2). The order of the query is kept, because
    it can matter to the server.
    """
    parsed = parse_url(url)
    path, query = parsed.pathname, parsed.search[1:]
    if "%" in path:
        path = _ESCAPE.sub(_normal_escape, path)
    if query:
        if "%" in query:
            query = _ESCAPE.sub(_normal_escape, query)
        query = "&".join(part for part in query.split("&") if part and not _is_tracking(part))
    return f"{parsed.protocol}//{_host(parsed)}{path}{'?' if query else ''}{query}"


@lru_cache(maxsize=_RECENT)
def request_url(url: str) -> str:
    """The URL as it is sent: absolute, ASCII, without fragment, otherwise unchanged. Raises BadUrl."""
    parsed = parse_url(url)
    return f"{parsed.protocol}//{parsed.host}{parsed.pathname}{parsed.search}"


def url_key(url: str) -> str:
    """The identity of a URL: hex blake2b-128 of its normal spelling. Raises BadUrl."""
    return blake2b(normalize_url(url).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=_RECENT)
def host_of(url: str) -> str:
    """The host of a URL: ``host``, or ``host:port`` if the port is not the scheme's default."""
    return _host(parse_url(url))


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL: ``https://example.org``. Raises BadUrl."""
    return str(parse_url(url).origin)


def lane_of(url: str) -> str:
    """The host whose turn a request waits for; an address without one is a lane of its own, and fails when asked."""
    try:
        return host_of(url)
    except BadUrl:
        return url


def scheme_of(url: str) -> str:
    """``http`` or ``https``, of a URL as `request_url` gives it."""
    return url.partition(":")[0]


@lru_cache(maxsize=_OF_A_PAGE)
def registrable_domain(url: str) -> str:
    """The domain that a publisher registered, by the public suffix list, private section included: each customer of a
    blog host is a publisher. A literal address, or a host that is itself a suffix, is returned unchanged.
    """
    return _registrable(parse_url(url).hostname.removesuffix("."))


def name_of(host: str) -> str:
    """The host without its port; `host` as `host_of` returns it."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def is_loopback(host: str) -> bool:
    """Whether a host, without its port, is this machine by its name or literal address."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def domain_of_host(host: str) -> str:
    """As `registrable_domain`, for a host as `host_of` returns it."""
    return _registrable(name_of(host))


def is_public_suffix(host: str) -> bool:
    """Whether a host is a suffix under which anybody can register a name, such as ``com`` or ``co.uk``."""
    return _suffix_list()(host).suffix == host


@lru_cache(maxsize=_OF_A_PAGE)
def resolve(base: str, link: str) -> str:
    """`link` as an absolute URL, resolved against the page or feed at `base`. Raises BadUrl."""
    return str(parse_url(link, base=_base(base)).href)


@lru_cache(maxsize=64)
def _base(url: str) -> str:
    """The normal form of a base, cached because a feed has one base for all its entries."""
    return str(parse_url(url).href)


def _host(parsed: URL) -> str:
    host: str = parsed.hostname.removesuffix(".")
    return f"{host}:{parsed.port}" if parsed.port else host


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIX)


def _normal_escape(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(code) if code in _UNRESERVED else escape[0].upper()


@cache
def _suffix_list() -> TLDExtract:
    """The public suffix list that tldextract bundles, without network or cache directory."""
    return TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True, include_psl_private_domains=True)


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str:
    return _suffix_list()(host).top_domain_under_public_suffix or host
