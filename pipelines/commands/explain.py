"""Shows the blocks of a page and the fate of each (kept, removed, …), on a terminal or as an HTML page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from string import Template

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from pipelines.printable import cell
from schemas.article import Article, RemovalReason
from transforms.extract.body.isolate import BlockFate, JudgedBlock

_STYLES = {BlockFate.KEPT: "", BlockFate.RECOVERED: "green", BlockFate.REMOVED: "red", BlockFate.LEFT_OUT: "dim"}
_SIGNS = {BlockFate.KEPT: " ", BlockFate.RECOVERED: "+", BlockFate.REMOVED: "−", BlockFate.LEFT_OUT: "·"}
_NAMES = {
    BlockFate.KEPT: "kept",
    BlockFate.RECOVERED: "recovered",
    BlockFate.REMOVED: "removed",
    BlockFate.LEFT_OUT: "left out",
}
_TEXT_CHARS = 160


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """A block with its final fate: a rule may have removed what the model kept. `reason` is set if it was removed."""

    block: JudgedBlock
    fate: BlockFate
    reason: str | None


def explained_blocks(article: Article, blocks: Sequence[JudgedBlock]) -> list[ExplainedBlock]:
    """The blocks of an article's page, with the fate of each after cleaning."""
    reasons = {removed.text.removeprefix("- "): removed.reason for removed in article.removed}
    explained = []
    for block in blocks:
        fate, reason = block.fate, None
        if fate is not BlockFate.LEFT_OUT and block.text in reasons:
            reason = reasons[block.text]
            if fate is BlockFate.REMOVED or reason != RemovalReason.MODEL:
                fate = BlockFate.REMOVED
        explained.append(ExplainedBlock(block, fate, reason if fate is BlockFate.REMOVED else None))
    return explained


def print_explained(blocks: Sequence[ExplainedBlock], article: Article, console: Console) -> None:
    """Print the blocks, one a line; for a row of blocks that the model never judged only their number."""
    console.print(cell(article.headline or "no headline", "bold"))
    console.print(cell(f"{article.url}  ({article.extractor})", "dim"))
    grid = Grid(box=None, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("", "score", "seed", "place", "text"):
        grid.add_column(name, justify="right" if name in ("score", "seed") else "left", no_wrap=name != "text")
    for was_scored, run in groupby(
        blocks, lambda one: one.block.score is not None or one.fate is not BlockFate.LEFT_OUT
    ):
        if was_scored:
            for one in run:
                grid.add_row(*_cells(one), style=_STYLES[one.fate])
        else:
            grid.add_row("·", "", "", "", f"… {len(list(run))} blocks further off …", style="dim")
    console.print(grid)
    console.print(_summary(blocks))


def _cells(one: ExplainedBlock) -> tuple[str | Text, ...]:
    block = one.block
    reason = f"[{one.reason}] " if one.reason else ""
    text = block.text if len(block.text) <= _TEXT_CHARS else f"{block.text[:_TEXT_CHARS]} …"
    place = block.place if len(block.place) <= 24 else f"{block.place[:23]}…"
    return _SIGNS[one.fate], _score(block), _seed(block), cell(place), cell(reason + text)


def _score(block: JudgedBlock) -> str:
    return "" if block.score is None else f"{block.score:.2f}"


def _seed(block: JudgedBlock) -> str:
    return "" if block.coverage is None else f"{block.coverage:.0%}"


def _summary(blocks: Iterable[ExplainedBlock]) -> str:
    counts = dict.fromkeys(BlockFate, 0)
    for one in blocks:
        counts[one.fate] += 1
    return ", ".join(f"{count} {_NAMES[fate]}" for fate, count in counts.items())


def explained_page(blocks: Sequence[ExplainedBlock], article: Article) -> str:
    """The blocks as one self-contained HTML page, without network access or scripts."""
    template = Template(resources.files(__package__).joinpath("explain.html").read_text(encoding="utf-8"))
    return template.substitute(
        headline=html.escape(article.headline or "no headline"),
        url=html.escape(article.url),
        facts="".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in _facts(article)),
        summary=html.escape(_summary(blocks)),
        blocks="\n".join(map(_block_html, blocks)),
    )


def _facts(article: Article) -> Iterator[tuple[str, str]]:
    yield "publisher", article.publisher_name or article.publisher_domain
    yield "authors", ", ".join(article.authors) or "none"
    day = article.published_day or article.published_date
    yield "published", f"{day} ({article.date_published_source or 'day of the fetch'})"
    yield "language", article.in_language or "unknown"
    yield "words", str(article.word_count)
    yield "text by", f"{article.extractor} ({article.body_source})"


def _block_html(one: ExplainedBlock) -> str:
    block = one.block
    facts = f"{_score(block) or '–'} · seed {_seed(block) or '–'} · {block.place}"
    label = f"{_NAMES[one.fate]}: {one.reason}" if one.reason else _NAMES[one.fate]
    return (
        f'<li class="{one.fate}"><b>{html.escape(label)}</b> <small>{html.escape(facts)}</small>'
        f"<p>{html.escape(block.text)}</p></li>"
    )
