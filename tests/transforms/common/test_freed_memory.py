"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from transforms.common.freed_memory import give_back_freed_memory


def test_memory_that_was_freed_in_pieces_goes_back() -> None:
    held = [b"x" * 50_000 for _ in range(2_000)]
    last = b"x" * 50_000  # keeps the end of the heap in use, so that what is below does not go back by itself
    before = resident_pages()
    del held
    give_back_freed_memory()
    assert before - resident_pages() > 10_000
    assert len(last) == 50_000


def resident_pages() -> int:
    """The pages of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def test_large_memory_goes_back_by_itself_also_from_between_what_is_held() -> None:
    held_mib = 40
    script = (
        "from tests.transforms.common.test_freed_memory import resident_pages\n"
        "from transforms.common.freed_memory import keep_freed_memory_together\n"
        "keep_freed_memory_together()\n"
        "del [bytearray(b'x') * (30 << 20)][0]\n"  # glibc would now keep whatever is smaller than this
        f"held = [bytearray(b'x') * (2 << 20) for _ in range({held_mib})]\n"
        "before = resident_pages()\n"
        "del held[::2]\n"
        "print(before - resident_pages())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 4096 > 0.9 * held_mib * (1 << 20)
