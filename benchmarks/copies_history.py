"""What it costs to look for copies among the articles of earlier runs: time and memory of a run with its history.

    python -m benchmarks.copies_history [--stored 1000000] [--new 1000] [--folder FOLDER]

Makes a state of so many invented articles of 300 words (2 GB for a million; kept and used again with `--folder`), in
parts of 22,000, as in a lake with a run every quarter of an hour. Then the real transform marks a run of new articles
in a process of its own. One new article in ten is an abridged copy of a stored one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.copies import Doc, fingerprint_of_doc
from benchmarks.measured import own_peak_mib
from schemas.fingerprint import FINGERPRINTS, Fingerprint
from schemas.run import new_run_id
from transforms.compare.copies.fingerprint import LEAD_BIT, LEAD_SHINGLES, SAMPLE_MASK, to_bytes
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies
from transforms.compare.copies.stored.stored_history import StoredHistory
from transforms.lake.files.parts import PartReader, PartWriter
from transforms.lake.files.storage import Storage
from transforms.text.shingles import content_hash

WORDS = 300
PART_ROWS = 22_000
NOON_US = 1_772_452_800_000_000


def words_of(number: int, count: int = WORDS) -> str:
    """The invented text of a number: no two numbers share four words in a row."""
    chance = random.Random(number)
    return " ".join(f"w{chance.randrange(1_000_000)}" for _ in range(count))


def invented(number: int, like: Fingerprint, chance: np.random.Generator) -> Fingerprint:
    """A stored article. One in a hundred has a text that new articles may copy; the others have random hashes."""
    article_id = content_hash(f"article {number}")
    if number % 100 == 0:
        doc = Doc(article_id, words_of(number), NOON_US, "stored.example")
        return replace(fingerprint_of_doc(doc), cluster_id=article_id)
    hashes = chance.integers(0, 1 << 64, WORDS - 3, dtype=np.uint64)
    is_key = (hashes & SAMPLE_MASK) == 0
    is_key[:LEAD_SHINGLES] |= (hashes[:LEAD_SHINGLES] & LEAD_BIT) == 0
    return replace(
        like,
        page_id=article_id,
        article_id=article_id,
        content_hash=article_id,
        cluster_id=article_id,
        keys=to_bytes(np.sort(hashes[is_key])),
        shingles=(hashes >> np.uint64(32)).astype("<u4").tobytes(),
    )


def store(folder: Path, stored: int) -> None:
    """Store the fingerprints of `stored` articles below `folder`."""
    writer = PartWriter(Storage(str(folder)), new_run_id(NOON_US, None))
    like = fingerprint_of_doc(Doc("like", words_of(-1), NOON_US, "stored.example"))
    chance = np.random.default_rng(1)
    for part, start in enumerate(range(0, stored, PART_ROWS)):
        rows = [invented(number, like, chance) for number in range(start, min(start + PART_ROWS, stored))]
        writer.write(FINGERPRINTS, rows, f"{part:05}")


def new_docs(count: int, stored: int) -> list[Doc]:
    """New articles; one in ten is the first third of a stored one."""
    docs = []
    for number in range(count):
        copied = number * 10 % stored // 100 * 100
        text = words_of(copied, WORDS // 3) if number % 10 == 0 else words_of(stored + number)
        docs.append(Doc(f"new {number:06}", text, NOON_US + 3_600_000_000, "new.example"))
    return docs


def measure(folder: str, docs: list[Doc], use_history: bool, answer: Connection) -> None:
    """Send wall and processor seconds, peak memory in MiB, and copies found, of one run of marking."""
    storage = Storage(folder)
    parts = sorted(path for path in storage.list("_state/fingerprints")) if use_history else []
    texts = ListedTexts(map(fingerprint_of_doc, docs))
    wall, processor = time.monotonic(), time.process_time()
    verdicts = mark_copies(texts, StoredHistory(PartReader(storage), parts))
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    copies = sum(verdict.relation not in (None, "original") for verdict in verdicts)
    answer.send((wall, processor, own_peak_mib(), copies))


def main() -> None:
    """Measure runs without and with the history, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if not (folder / "_state").exists():
            store(folder, arguments.stored)
        docs = new_docs(arguments.new, arguments.stored)
        print(f"{'':24}{'wall s':>9}{'processor s':>13}{'peak MiB':>10}{'copies':>8}")
        for name, use_history in (("without a history", False), (f"with {arguments.stored:,} stored", True)):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(str(folder), docs, use_history, theirs)
            )
            process.start()
            wall, processor, peak, copies = ours.recv()
            process.join()
            print(f"{name:24}{wall:>9.1f}{processor:>13.1f}{peak:>10.0f}{copies:>8}")


if __name__ == "__main__":
    main()
