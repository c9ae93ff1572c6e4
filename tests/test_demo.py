"""The demo shows what it says, and leaves other people's folders alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.command import newsbeam
from tests.conftest import COMMAND


def demo_apart(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_the_demo_runs_twice_and_compares_with_the_truth_and_can_be_repeated(tmp_path: Path) -> None:
    for command in (demo_apart, newsbeam):
        done = command("demo", "--output", str(tmp_path / "demo"))
        assert done.returncode == 0, done.stderr
        assert len(re.findall(r"^Run \S+ committed", done.stdout, re.MULTILINE)) == 2
        assert "not modified" in done.stdout
        [found, expected] = map(int, re.findall(r"articles found +(\d+) of (\d+), and 0 that are none", done.stdout)[0])
        assert found == expected > 140
        [kept, paragraphs] = map(int, re.findall(r"paragraphs kept +(\d+) of (\d+)", done.stdout)[0])
        assert kept > 0.99 * paragraphs
        [out, furniture] = map(int, re.findall(r"furniture kept out +(\d+) of (\d+) lines", done.stdout)[0])
        assert out > 0.97 * furniture
        [marked, copies, wrong] = map(
            int, re.findall(r"copies marked +(\d+) of (\d+); originals taken for copies: (\d+)", done.stdout)[0]
        )
        assert marked >= copies - 2
        assert wrong == 0
        for line in done.stdout.split("Query it")[1].splitlines():
            if " -c " in line:
                subprocess.run(line, shell=True, check=True, capture_output=True)


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = newsbeam("demo", "--output", str(tmp_path))
    assert done.returncode == 2
    assert "choose another --output" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
