"""Does a run's memory grow with its pages? ``newsbeam ingest`` over lakes of invented stored pages.

    python -m benchmarks.growth [PAGES …]

Each run adopts the pages that `benchmarks.synthetic` stored, without a network: extract, decide, write, commit. Prints
the articles, wall and processor seconds, and the peak memory of all processes together.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import measured
from benchmarks.synthetic import store


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=int, default=[1_000, 10_000, 50_000])
    print(f"{'pages':>8}{'articles':>10}{'copies':>8}{'wall s':>9}{'processor s':>13}{'ms a page':>11}{'peak MiB':>10}")
    for count in parser.parse_args().pages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            store(count, str(folder / "lake"))
            (folder / "feeds.txt").write_text("http://127.0.0.1:9/feed")  # refused: nothing is fetched
            command = [sys.executable, "-m", "pipelines.cli", "ingest", "--feeds", str(folder / "feeds.txt")]
            run = measured([*command, "--output", str(folder / "lake"), "--json"])
        counts = json.loads(run.output.splitlines()[-1])["counts"]
        copies = sum(counts.get(f"relation.{name}", 0) for name in ("exact", "near", "abridged"))
        print(
            f"{count:>8}{counts['rows.articles']:>10}{copies:>8}{run.wall_s:>9.1f}{run.cpu_s:>13.1f}"
            f"{1000 * run.cpu_s / count:>11.1f}{run.peak_bytes >> 20:>10}"
        )


if __name__ == "__main__":
    main()
