"""Stories with very many copies, a footer that thousands share, and how cost and memory grow with the number of texts.

    python -m benchmarks.copies_crowds [--texts 20000] [--growth 1000,10000,50000]

The texts are invented: 300 words each, one in five with a copy cut from it. Among `--texts` of them are a story of 150
copies and one of 2,000, each copy cut, edited and extended in its own way, and 5,000 articles with a common footer of
60 words. Prints into how many clusters each group falls, and how many texts are with strangers. For growth, prints
processor seconds and peak memory of runs of several sizes, each in its own process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections import Counter
from multiprocessing.connection import Connection
from string import ascii_lowercase

from benchmarks.copies import Doc, mark
from benchmarks.measured import own_peak_mib

NOON_US = 1_772_452_800_000_000


def invented_word(chance: random.Random) -> str:
    """An invented word, without digits: a text in which every word has some is read as a list of figures."""
    return "".join(chance.choices(ascii_lowercase, k=5))


def invented(seed: str, words: int = 300) -> list[str]:
    """The words of an invented text, the same for the same seed."""
    chance = random.Random(seed)
    return [invented_word(chance) for _ in range(words)]


def version(story: list[str], seed: str) -> list[str]:
    """A copy as a newspaper makes it: cut from the end, one word in 25 changed, a lead or paragraph of its own."""
    chance = random.Random(seed)
    kept = story[: chance.randrange(len(story) // 2, len(story) + 1)]
    kept = [invented_word(chance) if chance.random() < 0.04 else word for word in kept]
    own = invented(f"own {seed}", chance.randrange(5, 60))
    return [*own, *kept] if chance.random() < 0.5 else [*kept, *own]


def texts(count: int) -> list[tuple[str, list[str]]]:
    """Plain texts, each with its name: one in six is a copy of the one before it."""
    plain = []
    for number in range(count):
        if number % 6 == 5:
            plain.append((f"pair {number // 6}", version(invented(f"pair {number // 6}"), f"copy {number}")))
        else:
            name = f"pair {number // 6}" if number % 6 == 4 else f"single {number}"
            plain.append((name, invented(name)))
    return plain


def crowds() -> list[tuple[str, list[str]]]:
    """The two stories with many copies, and the articles with a common footer."""
    some = []
    for copies in (150, 2_000):
        story = invented(f"story of {copies}", 400)
        some.append((f"story of {copies}", story))
        some += [(f"story of {copies}", version(story, f"{copies} {copy}")) for copy in range(1, copies)]
    footer = invented("footer", 60)
    some += [(f"footer {number}", [*invented(f"footer {number}", 120), *footer]) for number in range(5_000)]
    return some


def marked(named: list[tuple[str, list[str]]]) -> list[tuple[str, str | None]]:
    """The name and the cluster of each text."""
    docs = [
        Doc(f"t{number:06}", " ".join(words), NOON_US + number * 1_000_000, f"paper{number % 997}.example")
        for number, (_, words) in enumerate(named)
    ]
    clusters = {one.article_id: one.cluster_id for one in mark(docs, [])[0]}
    return [(name, clusters[doc.id]) for (name, _), doc in zip(named, docs, strict=True)]


def measure(count: int, answer: Connection) -> None:
    """Send the processor seconds and peak memory (MiB) of a run over `count` plain texts."""
    named = texts(count)
    marked(named[:10])
    before = own_peak_mib()
    started = time.process_time()
    marked(named)
    answer.send((time.process_time() - started, own_peak_mib() - before))


def show_crowds(count: int) -> None:
    """Print the clusters of each crowd."""
    some = crowds()
    named = [*some, *texts(count - len(some))]
    random.Random(1).shuffle(named)
    found = marked(named)
    sizes = Counter(cluster for _, cluster in found)
    print(f"{len(named):,} texts{'':20}{'texts':>8}{'clusters':>10}{'largest':>9}{'with strangers':>16}")
    for kind in ("story of 150", "story of 2000", "footer", "pair", "single"):
        mine = [(name, cluster) for name, cluster in found if name.startswith(kind)]
        own = Counter(mine)
        strangers = sum(sizes[cluster] > own[name, cluster] for name, cluster in mine)
        clusters = Counter(cluster for _, cluster in mine)
        print(f"  {kind:29}{len(mine):>8,}{len(clusters):>10,}{max(clusters.values()):>9,}{strangers:>16,}")


def main() -> None:
    """Print the clusters of the crowds, then the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--growth", default="1000,10000,50000")
    arguments = parser.parse_args()
    if arguments.texts:
        show_crowds(arguments.texts)
    print(f"{'texts':>8}{'processor s':>13}{'s per 1,000':>13}{'MiB more':>10}")
    for count in map(int, filter(None, arguments.growth.split(","))):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(count, theirs))
        process.start()
        seconds, memory = ours.recv()
        process.join()
        print(f"{count:>8,}{seconds:>13.2f}{seconds / count * 1000:>13.3f}{memory:>10.0f}")


if __name__ == "__main__":
    main()
