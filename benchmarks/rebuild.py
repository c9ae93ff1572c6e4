"""What does a rebuild cost, beside the run that built the pages first? ``newsbeam rebuild`` over invented stored pages.

    python -m benchmarks.rebuild [PAGES …]

An ingest builds the pages that `benchmarks.synthetic` stored, then they are built anew with the same code. Prints the
articles that changed (none should), wall and processor seconds, and the peak memory of all processes together.
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
    parser.add_argument("pages", nargs="*", type=int, default=[1_000, 10_000])
    print(f"{'pages':>8}{'':>10}{'changed':>9}{'wall s':>9}{'processor s':>13}{'ms a page':>11}{'peak MiB':>10}")
    for count in parser.parse_args().pages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            store(count, str(folder / "lake"))
            (folder / "feeds.txt").write_text("http://127.0.0.1:9/feed")  # refused: nothing is fetched
            given = ["--output", str(folder / "lake"), "--json"]
            for command in (["ingest", "--feeds", str(folder / "feeds.txt")], ["rebuild"]):
                run = measured([sys.executable, "-m", "pipelines.cli", *command, *given])
                counts = json.loads(run.output.splitlines()[-1])["counts"]
                print(
                    f"{count:>8}{command[0]:>10}{counts.get('changed', 0):>9}{run.wall_s:>9.1f}{run.cpu_s:>13.1f}"
                    f"{1000 * run.cpu_s / count:>11.1f}{run.peak_bytes >> 20:>10}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
