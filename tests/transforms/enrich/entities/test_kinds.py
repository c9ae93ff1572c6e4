"""Kinds that are certain: agencies are organisations, former countries and parts of the world places."""

from __future__ import annotations

import pytest

from tests.transforms.enrich.samples_to_enrich import enriched
from transforms.enrich.entities import find_entities
from transforms.enrich.entities.by_spacy import names as names_by_spacy
from transforms.enrich.entities.by_spacy.models import SPACY, Span
from transforms.enrich.entities.kinds import certain_kind, is_passing
from transforms.enrich.places.gazetteer import load_gazetteer

AGENCIES_AND_BLOCS = (
    "The report was carried by RIA Novosti on Monday, two days after RIA Novosti said that the bridge had been closed. "
    "The Soviet Union built the bridge in 1961, and the Soviet Union paid for it. The West has refused to sell the "
    "parts, said Mayor Jane Roe, and the West will not change its mind. Dow Jones reported a gain; Dow Jones fell."
)


@pytest.mark.parametrize(
    ("name", "told", "kind"),
    [
        ("RIA Novosti", "person", "organization"),
        ("Prensa Latina", "person", "organization"),
        ("Agence France-Presse", "place", "organization"),
        ("新华社", "person", "organization"),
        ("Soviet Union", "organization", "place"),
        ("Unión Soviética", "organization", "place"),
        ("СССР", "organization", "place"),
        ("West", "organization", "place"),
        ("West", "person", "place"),
        ("Petra", "person", "person"),
        ("Mehr", "person", "person"),
        ("Jane Roe", "person", "person"),
        ("Harbour Board", "organization", "organization"),
        ("Musterhausen", "place", "place"),
    ],
)
def test_an_agency_is_an_organisation_and_a_part_of_the_world_a_place(name: str, told: str, kind: str) -> None:
    assert certain_kind(name, told) == kind


def test_a_person_with_a_title_may_be_called_like_a_part_of_the_world() -> None:
    assert certain_kind("West", "person", is_titled=True) == "person"


def test_the_entities_of_a_text_have_these_kinds() -> None:
    kinds = {entity.name: entity.kind for entity in enriched(AGENCIES_AND_BLOCS).entities}
    assert kinds["RIA Novosti"] == "organization"
    assert kinds["Soviet Union"] == "place"
    assert kinds["Jane Roe"] == "person"
    assert "person" not in {kind for name, kind in kinds.items() if name != "Jane Roe"}
    assert kinds.get("West", "place") == "place"


def test_a_country_of_two_words_is_no_entity() -> None:
    text = "The council of Musterhausen in South Korea voted. South Korea and North Korea paid, said Mayor Jane Roe."
    assert not {"South Korea", "North Korea"} & {entity.name for entity in enriched(text).entities}


def test_a_part_of_the_world_is_in_passing_where_it_is_named_once_below_the_headline() -> None:
    assert is_passing("Middle East", 1, "Bridge closed")
    assert not is_passing("Middle East", 2, "Bridge closed")
    assert not is_passing("Middle East", 1, "Middle East bridge closed")
    assert not is_passing("Musterhausen", 1, "Bridge closed")


@pytest.mark.parametrize(("headline", "names"), [("", []), ("Middle East bridge closed", ["Middle East"])])
def test_what_spacy_tells_in_passing_is_left_out_too(
    headline: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The council closed the bridge on Monday. Engineers in the Middle East found cracks in two of its pillars."
    at = text.index("Middle East")
    monkeypatch.setattr(find_entities, "languages", lambda: {"en": "en_invented_news"})
    monkeypatch.setattr(find_entities, "spans_of", lambda *_: [Span(at, at + len("Middle East"), "place")])
    monkeypatch.setattr(names_by_spacy, "LEAST", 0)  # every name matters
    found = find_entities.find_entities(headline, text, (), (), load_gazetteer("en"), teller=SPACY)
    assert [one.name for one in found.entities] == names
