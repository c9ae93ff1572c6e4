"""Columns of the lake, each declared once, by a field of a row class (`schemas/state.py` is a short example).

A field's annotation gives the Arrow type, the nullability and how files store it; the docstring below the field is the
column's meaning in docs/tables.md. Columns have the order and the names of the fields. Instants alone differ: the
field's name ends in ``_us``, the column's does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

INSTANT: Final = pa.timestamp("us", tz="UTC")


class Mark(Enum):
    """How files store a column, where not as usual."""

    LONG = "long"
    BLOOM = "bloom"


T = TypeVar("T")
Pairs = Annotated[tuple[tuple[str, str], ...], pa.map_(pa.string(), pa.string())]
"""A map of texts; in rows, its pairs of key and value."""
Int32 = Annotated[int, pa.int32()]
Int64 = Annotated[int, pa.int64()]
InstantUs = Annotated[int, INSTANT]
"""Microseconds since 1970 in UTC."""
Long = Annotated[T, Mark.LONG]
"""Prose or hashes: values never repeat and are never searched by order, so files carry neither a dictionary nor
statistics for them."""
Bloom = Annotated[T, Mark.BLOOM]
"""Files carry a bloom filter in place of a dictionary. A table has one such column at most."""

_PLAIN: Final = {str: pa.string(), bytes: pa.binary(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the attribute that holds its value in a row.

    `item` makes an item of a list of structs. `missing` is what a row holds where the column has no value: an empty
    list, but None for lists that are declared as optional.
    """

    attribute: str
    field: pa.Field
    marks: frozenset[Mark]
    item: Callable[..., Any] | None = None
    missing: tuple[()] | None = None

    @property
    def name(self) -> str:
        """The column's name."""
        return str(self.field.name)

    @property
    def is_instant(self) -> bool:
        """Whether rows hold the value in microseconds."""
        return bool(pa.types.is_timestamp(self.field.type))


def columns_of(row: type) -> tuple[Column, ...]:
    """The columns that a row class declares. Raises `TypeError` for an annotation that gives no column."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(field.name, hints[field.name]) for field in fields(row))


def _column(attribute: str, hint: Any) -> Column:
    marks = frozenset(one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Mark))
    if marks:
        hint = get_args(hint)[0]
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    is_optional = get_origin(hint) in (Union, UnionType) and len(kinds) == 1
    kind = kinds[0] if is_optional else hint
    is_list = get_origin(kind) is tuple
    arrow = _arrow_type(kind)
    name = attribute.removesuffix("_us") if arrow == INSTANT else attribute
    if (arrow == INSTANT) != attribute.endswith("_us"):
        raise TypeError(f"{attribute}: the names of instants, and of no other fields, end in _us")
    is_struct = is_list and pa.types.is_struct(arrow.value_type)
    field = pa.field(name, arrow, nullable=is_optional or is_list)
    missing = () if is_list and not is_optional else None
    return Column(attribute, field, marks, get_args(kind)[0] if is_struct else None, missing)


def _arrow_type(kind: Any) -> pa.DataType:
    """The Arrow type of values: a plain type, one with its Arrow type beside it, ``tuple[kind, ...]`` for a list, a
    named tuple or a row class for a struct."""
    if get_origin(kind) is Annotated:
        return kind.__metadata__[0]
    if get_origin(kind) is tuple and get_args(kind)[1:] == (...,):
        return pa.list_(_arrow_type(get_args(kind)[0]))
    if isinstance(kind, type) and is_dataclass(kind):
        return pa.struct([column.field for column in columns_of(kind)])
    if hasattr(kind, "_fields"):
        return pa.struct([(name, _arrow_type(of)) for name, of in get_type_hints(kind, include_extras=True).items()])
    if kind not in _PLAIN:
        raise TypeError(f"{kind} is no column's type; integers are Int32, Int64 or InstantUs")
    return _PLAIN[kind]
