"""A page of docs/ followed in one shell, block by block, as its reader would: it must do and print what it says.

Blocks of ``sh`` are run line by line in one bash, ``python`` and ``sql`` (over ``lake/lake.duckdb``) in its folder.
A block of ``text`` is what the block before has printed: each of its lines must be there, in words, where ``…`` stands
for anything. A comment above a block says more:

- ``<!-- FILE -->``, such as ``newsbeam.toml``: the reader writes this file;
- ``<!-- status 4 -->``: the last line ends with this exit status, and not with 0;
- ``<!-- not run: why -->``: passed over, as all blocks in other languages are.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

_BLOCK: Final = re.compile(r"^(?:<!-- (?P<mark>[^\n]+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
_DONE: Final = "-- done:"
_SQL: Final = """
import sys, duckdb
with duckdb.connect("lake/lake.duckdb", read_only=True) as lake:
    lake.sql(sys.stdin.read()).show(max_width=200, max_rows=50)
"""


class Block(NamedTuple):
    """One block of a page: `kind` is ``run``, ``printed`` or ``file``."""

    kind: str
    language: str
    text: str
    name: str = ""
    """Of a file."""
    status: int = 0


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks that a reader follows, in order."""
    for block in _BLOCK.finditer(page):
        mark, language, text = block["mark"] or "", block["language"], block["text"]
        if mark.startswith("not run: "):
            continue
        if re.fullmatch(r"[\w.-]+\.\w+", mark):
            yield Block("file", language, text, name=mark)
        elif language in ("sh", "python", "sql"):
            assert re.fullmatch(r"(status \d+)?", mark), f"a comment that says nothing: {mark}"
            yield Block("run", language, text, status=int(mark.removeprefix("status ") or 0))
        elif language == "text":
            yield Block("printed", language, text)


class Shell:
    """A bash in a folder, which ends with the block of ``with``, as do its background jobs."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=os.environ | {"PATH": path, "COLUMNS": "160"} | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.communicate("kill $(jobs -p) 2>/dev/null\n", timeout=20)

    def run(self, text: str, status: int = 0) -> str:
        """What the lines print; all must end well, but the last with `status`. Those that end with ``\\`` go on."""
        lines = [line for line in text.replace("\\\n", "").splitlines() if line.strip()]
        return "".join(self._line(line, status if line is lines[-1] else 0) for line in lines)

    def _line(self, line: str, status: int) -> str:
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f'{line}\necho "{_DONE} $?"\n')
        self._bash.stdin.flush()
        printed = []
        for said in iter(self._bash.stdout.readline, ""):
            before, found, ended = said.partition(_DONE)  # before it: a last line without an end
            if found:
                assert int(ended) == status, "".join((line, "\n", *printed, before, said))
                return "".join((*printed, before))
            printed.append(said)
        raise AssertionError(f"the shell has ended: {line}")

    @property
    def folder(self) -> Path:
        """Where it is now."""
        return Path(self.run("pwd").strip())


def follow(
    page: str, folder: Path, variables: Mapping[str, str], behind: Callable[[Block], None] = lambda block: None
) -> str:
    """Follow the blocks of a page in a folder; gives all that was printed. Raises AssertionError where it is not so.

    `behind` is called with each block that was run, to wait for what it has started.
    """
    printed, everything = "", ""
    with Shell(folder, variables) as shell:
        for block in blocks_of(page):
            if block.kind == "file":
                (shell.folder / block.name).write_text(block.text)
            elif block.kind == "printed":
                assert_printed(block.text, printed)
            elif block.language == "sh":
                printed = shell.run(block.text, block.status)
            else:
                printed = _by_python(block, shell.folder, variables)
            if block.kind == "run":
                everything += printed
                behind(block)
    return everything


def assert_printed(shown: str, printed: str) -> None:
    """Each line that is shown is in what was printed, word for word, but for ``…``."""
    for line in shown.splitlines():
        pieces = (re.escape(_in_words(piece)) for piece in line.split("…"))
        assert re.search(".*?".join(pieces), _in_words(printed)), f"not printed: {line}\n\n{printed}"


def _in_words(text: str) -> str:
    return " ".join(text.split())


def _by_python(block: Block, folder: Path, variables: Mapping[str, str]) -> str:
    code = _SQL if block.language == "sql" else block.text
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=block.text,
        cwd=folder,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == block.status, done.stdout
    return done.stdout
