"""A flaw in a page's JSON-LD costs what it is about, and not what stands beside it."""

from __future__ import annotations

import json
import time
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.json_ld.loose_json import json_values

WHOLE = (
    '{"@type": "NewsArticle", "headline": "Quay closes", "author": [{"name": "Ada Lind"}], "url": "https://a.org//b"}'
)
VALUE = json.loads(WHOLE)


@pytest.mark.parametrize(
    "script",
    [
        WHOLE,
        f"\ufeff{WHOLE}",
        f"//<![CDATA[\n{WHOLE}\n//]]>",
        f"// <![CDATA[ {WHOLE} // ]]>",
        f"<![CDATA[{WHOLE}]]>",
        f"/*<![CDATA[*/{WHOLE}/*]]>*/",
        f"<!--//--><![CDATA[//><!--\n{WHOLE}\n//--><!]]>",
        f"<!-- {WHOLE} -->",
        f"<!--\n{WHOLE}\n//-->",
        f"{WHOLE};",
        f"{WHOLE},",
        f"{WHOLE}}}",
        f"// made by a plug-in\n{WHOLE}",
        f"/* made by a plug-in {{}} */ {WHOLE} /* end",
        WHOLE.replace('"Quay closes",', '"Quay closes", // "the": "title"\n'),
        WHOLE.replace('"headline"', '/* the "title" */ "headline"'),
        WHOLE.replace("]", ",]").replace('"}]', '",}]').replace("b}", "b,}"),
        WHOLE.replace('", "author', '",, "author'),
        WHOLE.replace('", "author', '"\n"author'),
        WHOLE.replace("Quay closes", "Quay \\closes"),
        WHOLE.replace('"headline"', '"image": , "wordCount": undefined, "headline"').replace("x", ""),
        WHOLE.replace('"', "&quot;"),
        WHOLE.replace('"', "&#34;"),
        WHOLE.replace('"', "&amp;quot;"),
        f"{WHOLE[:-1]}",
    ],
)
def test_a_flaw_in_form_leaves_the_values_as_they_are(script: str) -> None:
    [value] = json_values(script)
    assert {name: value[name] for name in VALUE} == VALUE
    assert value.keys() - VALUE.keys() <= {"wordCount", "image"}


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ('He said "no" to it', 'He said "no" to it'),
        ('"No", he said', '"No", he said'),
        ('It was "no"', 'It was "no"'),
        ("line one\nline\ttwo\x01", "line one\nline\ttwo"),
        ("the ca\\'fe", "the ca'fe"),
        ('say \\"no\\" or "yes"', 'say "no" or "yes"'),
        ("see https://a.org/*x*/ // or not", "see https://a.org/*x*/ // or not"),
        ("one, }, ], two", "one, }, ], two"),
        ("<!-- not --> <![CDATA[ a ]]>", "<!-- not --> <![CDATA[ a ]]>"),
        ("half \\ud83d of it", "half \ufffd of it"),
        ("\\u00fcber \\u12", "über u12"),
    ],
)
def test_signs_within_a_text_are_text(stated: str, text: str) -> None:
    for script in (
        f'{{"a": "{stated}", "b": ["{stated}", "x"], "c": 1}}',
        f'{{"a": "{stated}", "b": ["{stated}", "x"], "c": 1,}};',
    ):
        assert list(json_values(script)) == [{"a": text, "b": [text, "x"], "c": 1}]


def test_several_values_one_after_another_are_all_read() -> None:
    assert list(json_values('{"a": 1}\n{"b": [true, null, -2.5e3]} [1]')) == [
        {"a": 1},
        {"b": [True, None, -2500.0]},
        [1],
    ]


def test_a_member_whose_text_nobody_ended_does_not_swallow_the_next() -> None:
    assert list(json_values('{"a": "one, "b": "two", "c": "three"}')) == [{"b": "two", "c": "three"}]


def test_a_text_that_was_cut_off_is_not_taken_for_a_whole_one() -> None:
    assert list(json_values('{"a": {"b": "one", "c": "the quay clo')) == [{"a": {"b": "one"}}]


def test_numbers_beyond_reason_and_what_is_no_number_are_none() -> None:
    zeros = "0" * 5000
    absurd = f'{{"a": 1{zeros}, "b": 1.5{zeros}, "c": NaN, "d": -Infinity, "e": 1e999, "f": 12}}'
    for script in (absurd, absurd + ";"):
        [value] = json_values(script)
        assert {name: value.get(name) for name in "abcdf"} == {"a": None, "b": None, "c": None, "d": None, "f": 12}


@pytest.mark.parametrize("levels", [30, 400, 900, 50_000])
def test_what_is_nested_too_deep_is_left_out_and_the_rest_stays(levels: int) -> None:
    script = f'{{"a": {"[" * levels}{"]" * levels}, "b": {"{" * levels}{"}" * levels}, "c": "x"}}'
    [value] = json_values(script)
    assert value["c"] == "x"


@pytest.mark.parametrize("script", ["", "var a = 1;", "<p>no</p>", "{{ data }}", "]]]]", '"""', "{:", '{"a"', "\ud83d"])
def test_what_is_no_json_gives_nothing_and_raises_nothing(script: str) -> None:
    assert [value for value in json_values(script) if value not in ({}, [], "")] == []


_TEXTS = st.text("ab é{}[]:,/*<!->;\n\t漢", max_size=8)
_KEYS = st.text("ab@:é {}", min_size=1, max_size=8)
_LEAVES = st.none() | st.booleans() | st.integers(-999, 999) | _TEXTS
_VALUES = st.dictionaries(
    _KEYS,
    _LEAVES | st.lists(_LEAVES, max_size=4) | st.dictionaries(_KEYS, _LEAVES, max_size=4),
    min_size=1,
)


@given(_VALUES, st.sampled_from((None, 1)))
def test_json_with_a_stray_sign_is_read_as_json(value: dict[str, Any], indent: int | None) -> None:
    assert list(json_values(json.dumps(value, ensure_ascii=False, indent=indent) + " ;")) == [value]


@given(st.text('{}[]":,\\/*<!->&quot;1tn \n\ud83d', max_size=60))
def test_whatever_stands_there_nothing_is_raised_and_arrow_takes_the_texts(script: str) -> None:
    pa.array([json.dumps(value, ensure_ascii=False) for value in json_values(script)])


@pytest.mark.parametrize(
    "piece",
    [
        '"', '\\"', '{"a": "b" x, ', '["b" x ', '{"a":"', '"a" ', '"a":"b" "', "/*", "//", "<!--", "[", "{", '{"a":[',
        ",", '{"a": "b"; ', "{'a': 'b", "'", "{a:", "'\\", '": "', '"\\', '" \n ',
        "]]>", "&quot;", "[1,", '{"":', "-", "1", '"a",' + " " * 50,
    ],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["", "{", '{"a":', "[", '{"a": "'])
def test_the_time_grows_with_the_length_alone(opening: str, piece: str) -> None:
    times = []
    for chars in (25_000, 100_000):
        script = opening + piece * (chars // len(piece))
        started_s = time.process_time()
        list(json_values(script))
        times.append(time.process_time() - started_s)
    assert times[1] < 8 * times[0] + 0.1


@pytest.mark.parametrize(
    "script",
    [
        "{'@type': 'Person', 'name': \"Ada's pen\"}", "{'@type': 'Person', 'name': 'Ada\\'s pen', }",
        '{"@type": "Person", name: "Ada\'s pen"}', "{@type: 'Person', name: \"Ada's pen\"};",
        "{“@type”: “Person”, “name”: “Ada's pen”}", json.dumps('{"@type": "Person", "name": "Ada\'s pen"}'),
        '{"schema:name": "Ada\'s pen", "@type": "Person"}',
        '{"https://schema.org/name": "Ada\'s pen", "@type": "Person"}',
        '{"Name": "Ada\'s pen", "@TYPE": "Person"}',
    ],
)  # fmt: skip
def test_objects_as_programs_and_editors_write_them_are_read_too(script: str) -> None:
    assert list(json_values(script)) == [{"@type": "Person", "name": "Ada's pen"}]


def test_words_before_a_colon_in_a_text_are_no_members() -> None:
    flawed = '{"name": "He said, note: \'this\' is {odd: 1}",, "url": "https://example.org/a"}'
    (value,) = json_values(flawed)
    assert value == {"name": "He said, note: 'this' is {odd: 1}", "url": "https://example.org/a"}


def test_a_member_behind_the_end_of_its_object_costs_nothing_but_itself() -> None:
    ended_too_early = '{"name": "Ada"}, // one bracket too many\n "description": "A pen"} {"name": "Bo"}'
    assert list(json_values(ended_too_early)) == [{"name": "Ada"}, {"name": "Bo"}]
