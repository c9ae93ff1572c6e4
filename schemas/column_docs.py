"""The column tables of docs/tables.md, from the row classes; ``python -m schemas.column_docs`` writes them."""

from __future__ import annotations

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from schemas.table import Table
from schemas.tables import DATA

_PAGE: Final = Path(__file__).resolve().parents[1] / "docs/tables.md"
_HEAD: Final = "| column | type | null | meaning and source |\n| --- | --- | --- | --- |\n"


def meanings(row: type) -> dict[str, str]:
    """The meaning of each field of a row class, on one line: the docstring below the field."""
    (declared,) = ast.parse(inspect.getsource(row)).body
    assert isinstance(declared, ast.ClassDef)
    found = {}
    for field, below in pairwise(declared.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            found[field.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found


def column_table(table: Table[Any]) -> str:
    """A table's columns as rows of Markdown."""
    said = meanings(table.row)
    return _HEAD + "".join(
        f"| `{column.name}` | `{column.field.type}` | {'yes' if column.field.nullable else 'no'} "
        f"| {said[column.attribute]} |\n"
        for column in table.columns
    )


def with_column_tables(page: str) -> str:
    """The page, with the column table below each table's heading as the row class has it. All else stays."""
    for table in DATA:
        before, heading, below = page.partition(f"\n## {table.name}\n")
        prose, _, rest = below.partition(_HEAD)
        page = before + heading + prose + column_table(table) + re.sub(r"\A(?:\|.*\n)*", "", rest)
    return page


if __name__ == "__main__":
    _PAGE.write_text(with_column_tables(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
