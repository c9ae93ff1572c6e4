"""How a command makes requests: made from the options and the settings file that it was given."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from typing import Any

from pipelines.checks import UsageError
from pipelines.given.config_choices import choices_of

_LOG = logging.getLogger("newsbeam.run")


def network_settings(given: argparse.Namespace, urls: Sequence[str], *, here: bool = True) -> tuple[Any, Any]:
    """HttpSettings and AddressGuard. Raises UsageError without a contact, unless all `urls` are on loopback; and, if
    requests are made `here` and not by workers elsewhere, without a secret that the settings file names for them."""
    from transforms.web.chosen.secrets import MissingSecretError, check_secrets
    from transforms.web.http.guard import AddressGuard
    from transforms.web.settings import HttpSettings

    if not given.contact and not all(map(_is_loopback, urls)):
        raise UsageError(
            "--contact is missing: publishers see it in the User-Agent and can reach you before they block you; "
            "give a web page or mail address, for example --contact https://example.org/newsbeam"
        )
    feeds, hosts = choices_of(given)
    try:
        if here:
            check_secrets((*hosts.credentials, *(feeds.of(url).credentials for url in urls)))
    except MissingSecretError as error:
        raise UsageError(str(error)) from None
    if proxied := [name for name, one in hosts.hosts if one.proxy]:
        _LOG.info(
            "the proxies of some hosts look up names where the address guard does not see it", extra={"hosts": proxied}
        )
    networks = tuple(filter(None, (text.strip() for text in given.allow_networks.split(","))))
    try:
        http = HttpSettings(contact=given.contact, host_delay_s=given.host_delay, hosts=hosts)
        return http, AddressGuard(networks)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _is_loopback(url: str) -> bool:
    from transforms.web.urls import BadUrl, is_loopback, parse_url

    try:
        return is_loopback(parse_url(url).hostname)
    except BadUrl:
        return False
