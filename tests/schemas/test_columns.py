"""A row class declares columns: annotations give Arrow types, nullability and storage, docstrings the meanings."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from schemas.columns import Bloom, InstantUs, Int32, Int64, Long, Mark, Pairs, columns_of
from schemas.table import Table


class Ship(NamedTuple):
    name: str
    crew: Int32


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    name: Bloom[str]
    depth_m: float | None = None
    is_open: bool
    berths: Int32
    cargo_bytes: Int64 | None = None
    chart: Long[bytes | None] = None
    built_us: InstantUs
    closed_us: InstantUs | None = None
    quays: tuple[str, ...] = ()
    ships: Long[tuple[Ship, ...]] = ()
    lamps: Pairs | None = None

    @property
    def label(self) -> str:
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class Coast:
    harbour: Harbour
    length_s: float


HARBOURS = Table(name="harbours", version=3, row=Harbour, sort_by=("name",))


def test_fields_become_columns_in_their_order() -> None:
    instant = pa.timestamp("us", tz="UTC")
    expected = pa.schema(
        [
            pa.field("name", pa.string(), nullable=False),
            pa.field("depth_m", pa.float64()),
            pa.field("is_open", pa.bool_(), nullable=False),
            pa.field("berths", pa.int32(), nullable=False),
            pa.field("cargo_bytes", pa.int64()),
            pa.field("chart", pa.binary()),
            pa.field("built", instant, nullable=False),
            pa.field("closed", instant),
            pa.field("quays", pa.list_(pa.string())),
            pa.field("ships", pa.list_(pa.struct([("name", pa.string()), ("crew", pa.int32())]))),
            pa.field("lamps", pa.map_(pa.string(), pa.string())),
        ]
    )
    assert HARBOURS.schema.serialize().equals(expected.serialize())
    assert [column.attribute for column in HARBOURS.columns if column.is_instant] == ["built_us", "closed_us"]
    assert {column.name: column.item for column in HARBOURS.columns if column.item} == {"ships": Ship}


def test_marks_say_how_a_column_is_stored() -> None:
    assert HARBOURS.long == ("chart", "ships")
    assert HARBOURS.bloom == "name"
    assert HARBOURS.columns[0].marks == {Mark.BLOOM}


def test_a_row_class_within_another_is_a_struct_of_its_columns() -> None:
    harbour, length = (column.field for column in columns_of(Coast))
    assert harbour.equals(pa.field("harbour", pa.struct(list(HARBOURS.schema)), nullable=False))
    assert length.equals(pa.field("length_s", pa.float64(), nullable=False))


def test_rows_survive_the_way_to_arrow_and_back_and_lacking_columns_are_none_or_empty() -> None:
    rows = [
        Harbour(name="Skerrow", is_open=True, berths=4, built_us=5, chart=b"\0", ships=(Ship("Marit", 9),)),
        Harbour(name="Lindau", is_open=False, berths=0, built_us=-1, closed_us=7, quays=("a", "b"), depth_m=0.5),
        Harbour(name="Mole", is_open=True, berths=1, built_us=2, lamps=(("pier", "red"), ("head", "green"))),
    ]
    table = HARBOURS.to_arrow(rows)
    assert table.schema.metadata == {b"newsbeam.table": b"harbours", b"newsbeam.schema_version": b"3"}
    assert HARBOURS.from_arrow(table) == [rows[1], rows[2], rows[0]]
    old = table.drop_columns(["closed", "quays", "ships", "lamps"])
    missing = {(row.closed_us, row.quays, row.ships, row.lamps) for row in HARBOURS.from_arrow(old)}
    assert missing == {(None, (), (), None)}


@pytest.mark.parametrize(
    ("name", "annotation", "problem"),
    [
        ("berths", int, "integers are Int32, Int64 or InstantUs"),
        ("berths", "int | None", "integers are Int32, Int64 or InstantUs"),
        ("quays", list[str], "no column's type"),
        ("quays", tuple[str, str], "no column's type"),
        ("quays", "str | bytes", "no column's type"),
        ("built", InstantUs, "built: the names of instants"),
        ("built_us", Int64, "built_us: the names of instants"),
    ],
)
def test_what_gives_no_column_is_refused_by_name(name: str, annotation: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        columns_of(make_dataclass("Wrong", [(name, annotation)]))
