"""What ``newsbeam dedupe`` takes by the number of texts: peak memory of all its processes, and processor time.

    python -m benchmarks.dedupe_memory [TEXTS …]

Makes files of so many texts (5,000 and 40,000) of 600 words of news in invented words, none like another, as JSON lines
packed by gzip; and marks them with two workers. Prints also what each further text takes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from benchmarks.measured import measured
from benchmarks.synthetic import vocabulary

_WORDS = 600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=int, nargs="*", default=[5_000, 40_000])
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for count in parser.parse_args().texts:
            texts, out = Path(folder, f"{count}.jsonl.gz"), Path(folder, f"{count}-marked.jsonl.gz")
            _write(texts, count)
            command = [sys.executable, "-m", "pipelines.cli", "dedupe", str(texts), "--output", str(out)]
            run = measured([*command, "--workers", "2"])
            print(f"{count:9,} texts: {run.peak_bytes / (1 << 20):6.0f} MiB, {run.cpu_s:6.1f} s of processor time")
            found.append((count, run.peak_bytes))
    for (fewer, less), (more, most) in pairwise(found):
        print(f"from {fewer:,} to {more:,}: {(most - less) / (more - fewer) / 1000:.1f} KB a text")


def _write(path: Path, count: int) -> None:
    chance, words = random.Random(count), vocabulary()
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as lines:
        for number in range(count):
            lines.write(json.dumps({"id": f"text-{number}", "text": " ".join(chance.choices(words, k=_WORDS))}) + "\n")


if __name__ == "__main__":
    main()
