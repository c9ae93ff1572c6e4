"""Gold texts set anew as old pages: the same each time, whole, with furniture around them, in letters of their own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.block_samples import samples_of
from benchmarks.old_layouts import OldLayouts
from transforms.extract.page.text_blocks import text_blocks
from transforms.extract.parsing.parse import parse_page

_PAGES = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    rows = {}
    for number in range(_PAGES):
        told = [f"Paragraph {' '.join(f'word{number}of{line}at{place}' for place in range(12))}." for line in range(6)]
        rows[f"p{number}"] = {"articleBody": "\n\n".join(told), "url": f"https://www.example.org/{number}"}
        body = "".join(f"<p>{line}</p>" for line in told)
        (tmp_path / "html" / f"p{number}.html.gz").write_bytes(gzip.compress(f"<body>{body}</body>".encode()))
    (tmp_path / "ground-truth.json").write_text(json.dumps(rows))
    return tmp_path


def test_some_pages_are_set_anew_and_the_same_each_time(folder: Path) -> None:
    made = OldLayouts(folder)
    assert 10 < len(made.rows) < 40
    assert dict(made.bodies) == dict(OldLayouts(folder).bodies)


def test_a_page_holds_its_text_as_whole_blocks_among_others(folder: Path) -> None:
    made = OldLayouts(folder)
    for page_id, text in made.gold.items():
        tree = parse_page(made.bodies[page_id].decode())
        assert tree is not None
        blocks = [block.text for block in text_blocks(tree)]
        assert set(text.split("\n")) <= set(blocks)
        assert len(blocks) > len(text.split("\n")) + 3


def test_a_story_is_written_in_the_letters_of_its_page(folder: Path) -> None:
    made = OldLayouts(folder)
    scripts = {text[0] for text in made.gold.values()}
    assert scripts == {"P", "П", "Π"}


def test_blocks_of_the_story_are_learned_as_such_and_no_others(folder: Path) -> None:
    made = OldLayouts(folder)
    bodies = made.bodies
    for page_id in list(bodies)[:8]:
        made.__dict__["bodies"] = {page_id: bodies[page_id]}
        [sample] = samples_of([made])
        assert (sample.seeded.labels > 0.9).sum() == len(made.gold[page_id].split("\n"))
        assert (sample.seeded.labels < 0.1).sum() > 3
