"""The tables of columns in docs/tables.md are what the row classes say."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.column_docs import column_table, meanings, with_column_tables
from schemas.columns import InstantUs
from schemas.table import Table
from schemas.tables import DATA


@dataclass(frozen=True, slots=True)
class Tide:
    """High water at one place."""

    place: str
    """The place, by the name
    on its chart."""
    at_us: InstantUs | None = None
    """When; null if it is not known."""
    unsaid: float = 0.0

    @property
    def is_known(self) -> bool:
        """Whether the time is known."""
        return self.at_us is not None


def test_a_meaning_is_the_docstring_below_a_field_on_one_line() -> None:
    assert meanings(Tide) == {
        "place": "The place, by the name on its chart.",
        "at_us": "When; null if it is not known.",
    }


@dataclass(frozen=True, slots=True)
class Ebb:
    place: str
    """The place."""
    at_us: InstantUs | None = None
    """When."""


def test_a_table_of_columns_has_names_types_and_meanings() -> None:
    assert column_table(Table(name="ebbs", version=1, row=Ebb)) == (
        "| column | type | null | meaning and source |\n"
        "| --- | --- | --- | --- |\n"
        "| `place` | `string` | no | The place. |\n"
        "| `at` | `timestamp[us, tz=UTC]` | yes | When. |\n"
    )


def test_the_tables_of_columns_of_a_page_are_replaced_and_all_else_stays() -> None:
    head = "| column | type | null | meaning and source |\n| --- | --- | --- | --- |\n"
    closed = "| `reason` | meaning |\n| --- | --- |\n| `gone` | 410 |\n"
    pages = [
        "# Tables\n\nProse.\n"
        + "".join(f"\n## {table.name}\n\nOne row.\n\n{columns(table)}\n### A list\n\n{closed}" for table in DATA)
        for columns in (lambda table: f"{head}| `old` | `string` | no | Old. |\n", lambda _: head, column_table)
    ]
    assert [with_column_tables(page) for page in pages] == [pages[2]] * 3
