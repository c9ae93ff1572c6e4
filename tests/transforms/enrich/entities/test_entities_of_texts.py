"""Entities of invented stories in several languages."""

from __future__ import annotations

import pytest

from schemas.article import Entity
from tests.transforms.enrich.samples_to_enrich import enriched

ENGLISH = (
    "Mayor Petra Quillfeather said on Monday that the old harbour bridge would close. The Harbour "
    "Safety Board (HSB) had "
    "found cracks in two pillars, Quillfeather told reporters in Rotterdam.\n"
    "Engineer Tomas van der Brannock of Brannock Bridges Ltd said repairs would take a year. The HSB disagreed. "
    '"We cannot wait," Quillfeather said. Her deputy, Anna Lindqvarn, 47, said the city would pay.\n'
    "Lindqvarn added that ferries from Rotterdam would run until May."
)
GERMAN = (
    "Die Bürgermeisterin Petra Wiesenkötter hat am Montag in Hamburg die alte Brücke gesperrt. Der "
    "Hafenbund Musterhausen "
    "hatte Risse in zwei Pfeilern gefunden, sagte Wiesenkötter. Der Ingenieur Tomas Brannhuber von "
    "der Brannhuber GmbH "
    "rechnet mit einem Jahr. „Wir können nicht warten“, sagte Wiesenkötter in Hamburg. Die "
    "Reparatur kostet Geld, und die "
    "Brücke ist alt."
)
SPANISH = (
    "La alcaldesa Petra Quijamonte anunció el lunes en Zaragoza el cierre del puente. La Fundación "
    "Puerto Limpio halló "
    "grietas, dijo Quijamonte. El ingeniero Tomás de la Branada explicó que las obras durarán un "
    "año. Quijamonte volvió a "
    "Zaragoza el martes."
)
RUSSIAN = (
    "Мэр Петра Кулебякина заявила в понедельник, что старый мост закроют. Компания Мостопром нашла трещины, сказала "
    "Кулебякина журналистам. Инженер Тимур Браннов сообщил, что ремонт займет год. Кулебякина "
    "добавила, что город заплатит."
)


def names(body: str, kind: str, **values: object) -> list[str]:
    return [one.name for one in enriched(body, **values).entities if one.kind == kind]


@pytest.mark.parametrize(
    ("body", "people"),
    [
        (ENGLISH, ["Petra Quillfeather", "Anna Lindqvarn", "Tomas van der Brannock"]),
        (GERMAN, ["Petra Wiesenkötter", "Tomas Brannhuber"]),
        (SPANISH, ["Petra Quijamonte", "Tomás de la Branada"]),
        (RUSSIAN, ["Петра Кулебякина", "Тимур Браннов"]),
    ],
    ids=["English", "German", "Spanish", "Russian"],
)
def test_people_are_named_without_their_titles(body: str, people: list[str]) -> None:
    assert set(people) <= set(names(body, "person"))


def test_who_is_named_most_and_earliest_comes_first() -> None:
    assert enriched(ENGLISH).entities[0].name == "Petra Quillfeather"


def test_a_family_name_alone_counts_for_the_whole_name() -> None:
    counts = {one.name: one.count for one in enriched(ENGLISH).entities}
    assert counts["Petra Quillfeather"] == 3
    assert counts["Anna Lindqvarn"] == 2
    assert "Quillfeather" not in counts


def test_an_acronym_in_brackets_counts_for_the_organisation() -> None:
    assert Entity("Harbour Safety Board", "organization", 3) in enriched(ENGLISH).entities


@pytest.mark.parametrize(("body", "place"), [(ENGLISH, "Rotterdam"), (GERMAN, "Hamburg"), (SPANISH, "Zaragoza")])
def test_places_are_known_by_lists_and_prepositions(body: str, place: str) -> None:
    assert Entity(place, "place", 2) in enriched(body).entities


def test_german_nouns_months_and_openers_of_sentences_are_no_entities() -> None:
    found = {word for body in (ENGLISH, GERMAN) for one in enriched(body).entities for word in one.name.split()}
    assert not found & {"Brücke", "Pfeilern", "Reparatur", "Geld", "Montag", "Monday", "May", "Engineer", "We", "Her"}


def test_countries_and_peoples_are_left_to_the_column_of_countries() -> None:
    body = f"{ENGLISH} Germany and France will pay, the French minister said. Germany agreed."
    assert not {"Germany", "France", "French"} & {one.name for one in enriched(body).entities}


def test_headings_in_capitals_give_no_runs() -> None:
    body = f"Old Harbour Bridge Closes After Cracks Found\n{ENGLISH}"
    assert all(len(one.name.split()) < 5 for one in enriched(body).entities)


def test_a_heading_in_capitals_counts_for_the_name_below() -> None:
    shouted = ENGLISH.replace("in Rotterdam.", "in ROTTERDAM.")
    assert Entity("Rotterdam", "place", 2) in enriched(shouted).entities


def test_an_empty_text_has_no_entities() -> None:
    article = enriched("", headline="Petra Quillfeather opens a bridge")
    assert article.entities == ()
    assert dict(article.facts_sources or ()).get("entities") is None


def test_what_only_the_headline_names_is_no_entity() -> None:
    assert "Zacharias Wimpelbach" not in names(ENGLISH, "person", headline="Zacharias Wimpelbach opens a bridge")


def test_more_than_ten_of_a_kind_are_never_given_and_the_order_is_the_same_every_time() -> None:
    crowd = " ".join(
        f"Mayor {first} {last}mann said no, {last}mann told us."
        for first in ("Petra", "Tomas", "Anna", "Martin")
        for last in ("Quill", "Brann", "Lind", "Wies", "Kule")
    )
    found = enriched(crowd).entities
    assert len([one for one in found if one.kind == "person"]) == 10
    assert found == enriched(crowd).entities
