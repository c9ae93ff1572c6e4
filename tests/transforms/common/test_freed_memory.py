"""What was freed goes back to the system."""

from __future__ import annotations

from pathlib import Path

from transforms.common.freed_memory import give_back_freed_memory


def test_memory_that_was_freed_in_pieces_goes_back() -> None:
    held = [b"x" * 50_000 for _ in range(2_000)]
    last = b"x" * 50_000  # keeps the end of the heap in use, so that what is below does not go back by itself
    before = _resident_pages()
    del held
    give_back_freed_memory()
    assert before - _resident_pages() > 10_000
    assert len(last) == 50_000


def _resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])
