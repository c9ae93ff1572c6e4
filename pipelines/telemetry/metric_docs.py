"""The table of docs/metrics.md, from the metrics; ``python -m pipelines.telemetry.metric_docs`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.telemetry.names import METRICS

_PAGE: Final = Path(__file__).resolve().parents[2] / "docs/metrics.md"
_HEAD: Final = "| metric | kind | labels | meaning | from |\n| --- | --- | --- | --- | --- |\n"


def metric_table() -> str:
    """All metrics as rows of Markdown."""
    return _HEAD + "".join(
        f"| `{metric.name}` | {metric.kind} | {', '.join(f'`{label}`' for label in metric.labels)} | "
        f"{metric.meaning}{' (endpoint only)' if metric.is_live else ''} | {metric.source} |\n"
        for metric in METRICS
    )


def with_metric_table(page: str) -> str:
    """The page with the table as the code has it. All else stays."""
    before, _, below = page.partition(_HEAD)
    rest = below.splitlines(keepends=True)
    while rest and rest[0].startswith("|"):
        rest.pop(0)
    return before + metric_table() + "".join(rest)


if __name__ == "__main__":
    _PAGE.write_text(with_metric_table(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
