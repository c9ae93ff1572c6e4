"""Where a report comes from and which countries it is about."""

from __future__ import annotations

import pytest

from tests.transforms.enrich.samples_to_enrich import SENTENCES, enriched

EN, DE, FR, ES, IT, PT = (SENTENCES[code] for code in ("en", "de", "fr", "es", "it", "pt"))


@pytest.mark.parametrize(
    ("body", "dateline"),
    [
        (f"MADRID — {EN}", "MADRID"),
        (f"BERLIN -- {EN}", "BERLIN"),
        (f"BUFFALO, N.Y. — {EN}", "BUFFALO, N.Y."),
        (f"DUBAI, United Arab Emirates — {EN}", "DUBAI, United Arab Emirates"),
        (f"ISLAMABAD, March 4 (Reuters) - {EN}", "ISLAMABAD"),
        (f"SMALLTOWN, Ill. (AP) — {EN}", "SMALLTOWN, Ill."),
        (f"Indianapolis – {EN}", "Indianapolis"),
        (f"A standfirst says what is new.\nNAIROBI (AFP) - {EN}", "NAIROBI"),
        (f"Kiel (dpa) - {DE}", "Kiel"),
        (f"Kiel\u00a0 ［dpa］ - {DE}", "Kiel"),
        (f"Kiel―{DE}", "Kiel"),
        (f"Frankfurt am Main (dpa) – {DE}", "Frankfurt am Main"),
        (f"Berlin. {DE}", "Berlin"),
        (f"Berlin/Brüssel (AFP) - {DE}", "Berlin/Brüssel"),
        (f"PARIS, 4 mars (Reuters) - {FR}", "PARIS"),
        (f"Paris (AFP) – {FR}", "Paris"),
        (f"Madrid, 3 may (EFE).- {ES}", "Madrid"),
        (f"Madrid.- {ES}", "Madrid"),
        (f"ROMA, 12 MAG - {IT}", "ROMA"),
        (f"(ANSA) - ROMA, 12 MAG - {IT}", "ROMA"),
        (f"Roma, 12 mag. (askanews) - {IT}", "Roma"),
        (f"SÃO PAULO (Reuters) - {PT}", "SÃO PAULO"),
        (f"МОСКВА, 3 мая. /ТАСС/. {SENTENCES['ru']}", "МОСКВА"),
        (f"(RFE/RL) — {EN}", None),
        (f"March 4 (Reuters) - {EN}", None),
    ],
)
def test_the_place_before_the_first_sentence_is_the_dateline_as_printed(body: str, dateline: str | None) -> None:
    assert enriched(body).dateline == dateline


@pytest.mark.parametrize(
    "body",
    [
        f"London is bracing for floods. {EN}",
        f"Paris, Lyon and Marseille closed their parks. {EN}",
        f"UPDATE: {EN}",
        f"BREAKING — {EN}",
        f"Angela Beispiel (CDU) - {DE}",
        f"Endlich. {DE}",
        f"The mayor — no friend of bridges — agreed. {EN}",
        EN,
    ],
)
def test_a_sentence_that_merely_begins_so_is_no_dateline(body: str) -> None:
    assert enriched(body).dateline is None


@pytest.mark.parametrize(
    ("headline", "body", "countries"),
    [
        ("Kenya and Tanzania open a railway", "Kenyan and Tanzanian ministers met in Nairobi. " + EN, ("KE", "TZ")),
        (
            "Vote in Ghana",
            "Ghana’s parliament voted in Accra on Monday. A delegate from Peru was there. " + EN,
            ("GH",),
        ),
        ("Wahl in Frankreich", "Die französische Regierung in Paris verliert die Mehrheit. " + DE, ("FR",)),
        ("Élections", "Les électeurs allemands votent à Berlin ; l’Allemagne attend. " + FR, ("DE",)),
        ("Elecciones", "Los votantes mexicanos eligen presidente en México. " + ES, ("MX",)),
        ("Выборы", "В России началось голосование, сообщили в Москве российские власти. " + SENTENCES["ru"], ("RU",)),
        ("Wybory", "W Niemczech trwa głosowanie, niemiecki rząd czeka. " + SENTENCES["pl"], ("DE",)),
        ("選挙", "フランスで選挙が行われ、フランス政府が発表した。" * 3 + SENTENCES["ja"], ("FR",)),
        ("A recipe", "Stir the onions until they are golden, and add the beans.", ()),
    ],
)
def test_the_countries_a_story_is_about_come_most_important_first(
    headline: str, body: str, countries: tuple[str, ...]
) -> None:
    found = enriched(body, headline=headline).countries
    assert found[: len(countries)] == countries
    assert set(found) - set(countries) <= {"JP", "PL"}  # a language's own country is a weak prior


def test_names_of_people_are_no_countries() -> None:
    body = "The coach Michael Jordan met Paris Hilton and Chad Exemplary for dinner, and they spoke of their dogs."
    assert enriched(body).countries == ()


def test_georgia_is_the_state_where_the_story_is_american() -> None:
    american = "Georgia’s governor spoke in Atlanta. Lawmakers in Alabama and Florida had asked him to. " + EN
    caucasian = "Georgia’s president spoke in Tbilisi on Monday. The Georgian opposition stayed away. " + EN
    assert enriched(american).countries == ("US",)
    assert enriched(caucasian).countries == ("GE",)


def test_the_longest_name_counts() -> None:
    body = (
        "Papua New Guinea, South Sudan and North Korea signed. Papua New Guinea, South Sudan and North Korea agreed. "
        + EN
    )
    assert sorted(enriched(body).countries) == ["KP", "PG", "SS"]


def test_never_more_than_four_countries() -> None:
    body = "France, Germany, Italy, Spain, Poland and Greece agreed. " * 5 + EN
    assert len(enriched(body).countries) == 4


def test_a_papers_own_country_is_enough_where_it_names_none() -> None:
    assert enriched(DE, publisher_domain="example.at").countries == ("AT",)
    assert enriched(EN, publisher_domain="example.co.uk").countries == ("GB",)
