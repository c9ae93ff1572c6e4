"""Credits of agencies in the languages of the world, right ones and traps: ``agency_credits.tsv``."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from schemas.article import RemovalReason, Removed
from tests.transforms.enrich.samples_to_enrich import SENTENCES, STORIES, article_of, enriched
from transforms.enrich.agencies.wire import find_wire_sources
from transforms.text.agencies import agency_list
from transforms.text.agency_names import load_agencies

_HOMES = {
    "cs": "CZ", "da": "DK", "de": "DE", "fi": "FI", "hr": "HR", "hu": "HU", "it": "IT", "lt": "LT", "lv": "LV",
    "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ro": "RO", "sk": "SK", "sl": "SI", "sv": "SE", "tr": "TR",
}  # fmt: skip
"""The country of the papers, where a language tells it."""


def _rows() -> dict[str, list[tuple[str, str, str]]]:
    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for line in Path(__file__).with_name("agency_credits.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, where, credit, agencies = line.split("\t")
            rows[language].append((where, credit.replace("\\n", "\n"), agencies))
    return rows


ROWS = _rows()


def _found(language: str, where: str, credit: str) -> str:
    story = STORIES[language]
    if where == "byline":
        article = article_of(story, byline=credit)
    else:
        article = article_of(credit.replace("@", story) if "@" in credit else credit + story)
    blocks = [block for line in article.article_body.split("\n") if (block := line.strip())]
    return ",".join(find_wire_sources(article, blocks, load_agencies(), _HOMES.get(language)).names) or "-"


@pytest.mark.parametrize("language", sorted(ROWS))
def test_credits_are_found_and_traps_are_none(language: str) -> None:
    found = [(where, credit, _found(language, where, credit)) for where, credit, _ in ROWS[language]]
    assert found == ROWS[language]


def test_the_table_has_credits_and_traps_in_many_languages() -> None:
    assert len(ROWS) >= 40
    assert sum(agencies != "-" for rows in ROWS.values() for *_, agencies in rows) > 900
    assert sum(agencies == "-" for rows in ROWS.values() for *_, agencies in rows) > 150


@pytest.mark.parametrize(
    ("country", "opening", "source"),
    [
        ("DZ", "Alger, 3 mars (APS) – ", "APS"),
        ("SN", "Dakar, 3 mars (APS) – ", "APS (Senegal)"),
        ("NE", "Niamey, 3 mars (ANP) – ", "ANP (Niger)"),
        ("GA", "Libreville, 3 mars (AGP) – ", "AGP (Gabon)"),
        (None, "Conakry, 3 mars (AGP) – ", "AGP"),
    ],
)
def test_the_papers_country_tells_whose_initials_they_are(country: str | None, opening: str, source: str) -> None:
    article = article_of(opening + SENTENCES["fr"])
    assert find_wire_sources(article, [article.article_body], load_agencies(), country).names == (source,)


def test_initials_that_are_an_agency_elsewhere_mean_a_country_that_the_data_have() -> None:
    names = {agency["name"] for agency in agency_list()["agencies"]}
    at_home = [agency for agency in agency_list()["agencies"] if "at_home" in agency]
    assert at_home
    assert all(agency["at_home"] in names for agency in at_home)


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("Mehr", ()),
        ("Beta", ()),
        ("Petra", ()),
        ("TAK", ()),
        ("Mehr Informationen:", ()),
        ("Lusa", ("Lusa",)),
        ("(Beta)", ("Beta",)),
        ("Source: Petra", ("Petra",)),
        ("Source: Trend Analytics", ()),
        ("Source: Trend Analytics, Petra", ("Petra",)),
        ("Source: Petra Example, Petra", ("Petra",)),
        ("Source: Petra Example, Petra News Agency", ("Petra",)),
        ("Source: Reuters Institute", ()),
        ("Source: Bloomberg Philanthropies", ()),
    ],
)
def test_a_name_that_is_a_word_as_well_is_no_credit_alone(line: str, sources: tuple[str, ...]) -> None:
    assert enriched(f"{SENTENCES['en']}\n{line}").wire_sources == sources


@pytest.mark.parametrize(
    ("texts", "sources"),
    [
        (("Bridge closed", "Reuters | 2026-03-03 09:07"), ("Reuters",)),
        (("Bridge closed", "abc, Reuters, PAP"), ("Reuters", "PAP")),
        (("Bridge closed", "Save", "Print", "Share", "Reuters | 2026-03-03 09:07"), ()),
        (("Bridge closed", "AP"), ()),
        (("Bridge closed", "Jane Doe / AFP"), ()),
        (("Bridge closed", "Photo: AFP, 3.3.2026"), ()),
        (("Bridge closed", "Editor: AP0013"), ()),
    ],
)
def test_a_byline_that_was_removed_below_the_headline_is_read(texts: tuple[str, ...], sources: tuple[str, ...]) -> None:
    removed = (Removed(texts[0], RemovalReason.HEADLINE), *(Removed(text, "model") for text in texts[1:]))
    assert enriched(SENTENCES["en"], removed=removed).wire_sources == sources


def test_a_removed_credit_of_a_person_who_is_called_like_an_agency_names_none() -> None:
    removed = (Removed("Written by Petra Example", RemovalReason.CREDITS),)
    assert enriched(SENTENCES["en"], removed=removed).wire_sources == ()


def test_no_name_of_an_agency_is_a_single_letter_or_a_countrys() -> None:
    agencies = load_agencies()
    assert agencies.names_in("HANOI, Vietnam (AP)") == ["AP"]
    assert agencies.names_in("एपिसोड 24 kg") == []
    assert agencies.names_in("एपी और पीटीआई") == ["AP", "PTI"]
