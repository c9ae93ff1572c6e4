"""The country of a publisher, by its domain, its name and what its pages declare."""

from __future__ import annotations

import pytest

from transforms.enrich.places.home_country import home_country, publisher_country


@pytest.mark.parametrize(
    ("domain", "country"),
    [
        ("example.at", "AT"),
        ("example.co.uk", "GB"),
        ("example.wien", "AT"),
        ("example.gov", "US"),
        ("example.tv", None),
        ("example.com", None),
        ("", None),
    ],
)
def test_a_domain_tells_its_country(domain: str, country: str | None) -> None:
    assert home_country(domain) == country


@pytest.mark.parametrize(
    ("domain", "name", "declared", "language", "country"),
    [
        ("ghanaherald.com", None, None, "en", "GH"),
        ("the-nairobi-post.com", None, None, "en", "KE"),
        ("example.com", "The Oslo Times", None, "en", "NO"),
        ("example.com", None, "en-GB", "en", "GB"),
        ("example.com", None, "de_AT", "de", "AT"),
        ("example.com", None, "zh-Hant-TW", "zh", "TW"),
        ("example.com", None, "en-US", "en", None),  # what templates declare everywhere
        ("example.com", None, None, "en", None),
        ("example.com", None, None, "ja", "JP"),
        ("example.com", None, None, "es", None),
        ("ghanaherald.ke", None, None, "en", "KE"),
        ("oslo.com", None, None, "en", None),  # nothing says that this is a paper
        ("parisbread.com", None, None, "en", None),
    ],
)
def test_a_publishers_country_is_told_by_its_domain_its_name_its_pages_or_its_language(
    domain: str, name: str | None, declared: str | None, language: str, country: str | None
) -> None:
    assert publisher_country(domain, name, declared, language) == country
