"""The country of a publisher, by its domain, its name and its language."""

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
    ("domain", "name", "language", "country"),
    [
        ("ghanaherald.com", None, "en", "GH"),
        ("the-nairobi-post.com", None, "en", "KE"),
        ("example.com", "The Oslo Times", "en", "NO"),
        ("example.com", None, "en", None),
        ("example.com", None, "ja", "JP"),
        ("example.com", None, "es", None),
        ("ghanaherald.ke", None, "en", "KE"),
        ("oslo.com", None, "en", None),  # nothing says that this is a paper
        ("parisbread.com", None, "en", None),
    ],
)
def test_a_publishers_country_is_told_by_its_domain_its_name_or_its_language(
    domain: str, name: str | None, language: str, country: str | None
) -> None:
    assert publisher_country(domain, name, language) == country


@pytest.mark.parametrize(
    ("domain", "name", "country"),
    [("news.example.at", None, "AT"), ("ghanaherald.com", None, "GH"), ("example.com", "The Paper", "CH")],
)
def test_the_country_given_to_a_feed_counts_where_the_publisher_tells_none(
    domain: str, name: str | None, country: str
) -> None:
    assert publisher_country(domain, name, "de", "CH") == country
