"""Typed entities of `about` and `mentions` in a page's JSON-LD."""

from __future__ import annotations

from schemas.article import Entity
from transforms.extract.json_ld.named import named_entities


def test_typed_entities_are_taken_once_with_a_count_of_zero() -> None:
    structured = {
        "about": [{"@type": "Person", "name": "Petra Quillfeather"}, {"@type": "Thing", "name": "bridges"}],
        "mentions": [
            {"@type": ["SportsTeam", "Organization"], "name": "Harbour &amp; Quay FC"},
            {"@type": "City", "name": "Rotterdam"},
            {"@type": "Person", "name": "PETRA Quillfeather"},
            {"@type": "Country", "name": "Germany"},
        ],
    }
    assert named_entities(structured) == (
        Entity("Petra Quillfeather", "person", 0),
        Entity("Harbour & Quay FC", "organization", 0),
        Entity("Rotterdam", "place", 0),
    )


def test_what_has_no_name_or_is_no_object_is_left_out() -> None:
    for value in (None, "Petra", 3, [None, ["x"]], {"@type": "Person"}, {"@type": "Person", "name": "P" * 200}):
        assert named_entities({"about": value}) == ()
