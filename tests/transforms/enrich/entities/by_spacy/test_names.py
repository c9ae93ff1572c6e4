"""Names at given spans, as a model would tell them, joined and counted as our own."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Entity
from transforms.enrich.entities.by_spacy.models import Span
from transforms.enrich.entities.by_spacy.names import bounds_of, told_names
from transforms.enrich.entities.entity_model import load_entity_model
from transforms.enrich.entities.entity_words import load_entity_words
from transforms.enrich.entities.mentions import text_words
from transforms.enrich.places.gazetteer import load_gazetteer

TEXT = (
    "Mayor Petra Quillfeather said on Monday that the old bridge would close. The Harbour Safety Board (HSB) had found "
    "cracks, Quillfeather told reporters in Rotterdam. The HSB disagreed. Later Ms Quillfeather went to Rotterdam."
)


def told(text: str, *named: tuple[str, str], language: str = "en", nth: int = 0) -> dict[str, tuple[str, int]]:
    """Kind and count of each name found, where these stand as spans of these kinds."""
    spans = [Span(at, at + len(name), kind) for name, kind in named for at in [_places(name, text)[nth]]]
    found = told_names("", text, frozenset(), load_gazetteer(language), load_entity_model(), sorted(spans))
    return {one.name: (one.kind, one.count) for one, _ in found}


def _places(name: str, text: str) -> list[int]:
    return [one.start() for one in re.finditer(re.escape(name), text)]


def test_titles_and_articles_are_cut_off_and_names_joined_and_counted_as_ours() -> None:
    found = told(
        TEXT,
        ("Mayor Petra Quillfeather", "person"),
        ("The Harbour Safety Board", "organization"),
        ("HSB", "organization"),
        ("Rotterdam", "place"),
    )
    assert found == {
        "Petra Quillfeather": ("person", 3),
        "Harbour Safety Board": ("organization", 3),
        "Rotterdam": ("place", 2),
    }


def test_only_what_is_told_is_a_name_and_its_kind_is_believed() -> None:
    assert told(TEXT, ("Petra Quillfeather", "organization")) == {"Petra Quillfeather": ("organization", 1)}
    assert told(TEXT) == {}


def test_names_of_two_kinds_do_not_join() -> None:
    text = "L'Agence du port de Rouen a trouvé des fissures. Petra Quillefort est retournée à Rouen lundi. Rouen dort."
    spans = ("Agence du port de Rouen", "organization"), ("Petra Quillefort", "person")
    at = text.index("à Rouen") + 2
    given_spans = [*(Span(text.index(name), text.index(name) + len(name), kind) for name, kind in spans)]
    given_spans.append(Span(at, at + len("Rouen"), "place"))
    found = told_names("", text, frozenset(), load_gazetteer("fr"), load_entity_model(), given_spans)
    assert {one for one, _ in found} >= {Entity("Rouen", "place", 2), Entity("Petra Quillefort", "person", 1)}
    assert Entity("Agence du port de Rouen", "organization", 1) in {one for one, _ in found}


def test_of_two_kinds_that_a_name_is_told_as_the_more_frequent_counts() -> None:
    spans = [
        Span(at, at + len("Rotterdam"), kind)
        for at, kind in zip(_places("Rotterdam", TEXT + " Rotterdam"), ("person", "place", "place"), strict=True)
    ]
    found = told_names("", TEXT + " Rotterdam", frozenset(), load_gazetteer("en"), load_entity_model(), spans)
    assert [one for one, _ in found] == [Entity("Rotterdam", "place", 3)]


def test_countries_and_what_has_no_capital_are_none() -> None:
    text = "Officials in Germany and the finance ministry met in Rotterdam, which is not in Germany."
    spans = ("Germany", "place"), ("the finance ministry", "organization"), ("Rotterdam", "place")
    assert set(told(text, *spans)) == {"Rotterdam"}


def test_a_span_that_ends_within_a_word_is_none() -> None:
    assert told(TEXT, ("Petra Quillfea", "person")) == {}


@given(st.text(st.sampled_from("aAlLsS'’ .-\n(&é語1_"), max_size=60))
def test_words_are_found_where_they_stand(text: str) -> None:
    words = text_words(text, load_entity_words())
    begins, ends = bounds_of(text, words)
    assert [text[begin:end] for begin, end in zip(begins, ends, strict=True)] == words.plain
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
