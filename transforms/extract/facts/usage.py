"""Preferences and licensing terms that a page and the server's answer state, in the forms of `usage_directives`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from schemas.page import Page
from transforms.extract.facts.canonical import HEADER_LINK, absolute, base_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.web.usage.preferences import preferences
from transforms.web.usage.rsl import RSL_TYPE, document_terms
from transforms.web.usage.statements import license_link

_CONTENT_USAGE = "content-usage"
_MAX_LINKS = 50
_MAX_LICENSES = 5
_MAX_HEADER_CHARS = 20_000


def preferences_of(page: Page) -> Iterator[str]:
    """What the Content-Usage header states, such as ``content-usage:train-ai=n``; of several, all are one field."""
    values = [header.value for header in page.headers if header.name == _CONTENT_USAGE]
    stated = preferences(_CONTENT_USAGE, ", ".join(values))
    return (f"{_CONTENT_USAGE}:{label}={answer}" for label, answer in stated.items())


def license_terms(facts: PageFacts, page: Page) -> Iterator[str]:
    """Licences by RSL: those that the Link header and the page link, and the terms that the page holds."""
    linked = [url for header in page.headers if header.name == "link" for url in _linked(header.value)]
    base = base_of(facts, page)
    addresses = [absolute(url, page.final_url) for url in linked[:_MAX_LICENSES]]
    addresses += [absolute(url, base) for url in facts.rsl_links]
    yield from filter(None, map(license_link, addresses))
    for document in facts.rsl_documents:
        yield from document_terms(document, page.final_url)


def _linked(value: str) -> Iterator[str]:
    """The licences of RSL in a Link header (RSL 1.0, 4.5)."""
    for link in islice(HEADER_LINK.finditer(value[:_MAX_HEADER_CHARS]), _MAX_LINKS):
        parameters = {
            name.strip().lower(): text for name, _, text in (one.partition("=") for one in link[2].split(";"))
        }
        rel, kind = (parameters.get(name, "").strip(" \"',").lower() for name in ("rel", "type"))
        if "license" in rel.split() and kind == RSL_TYPE:
            yield link[1]
