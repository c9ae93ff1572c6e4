"""How `is_complete` answers on real pages, on whole texts, and on texts that were cut.

    python -m benchmarks.completeness FOLDER… [--held_out | --chosen] [--show]

FOLDER is as in `benchmarks.extraction`. Each page is built as in a run, alone. Prints how often each answer is given:

- of all articles that were built, as they are;
- of whole ones: those whose last thirty words are the gold text's, and which have nine tenths of its words. An answer
  ``no`` is a false alarm here;
- of the same ones cut by program, each way of cutting apart: in mid-sentence, there with an ellipsis, at the end of a
  paragraph, and after sixty words with a prompt below. What the page states stays. ``no`` is right here.

Only whole texts of 100 words and more are cut. ``--chosen`` takes two sites in three, which the rules were chosen on;
``--held_out`` the third that was kept out of every choice. ``--show`` prints false alarms, by their last words.
"""

from __future__ import annotations

import argparse
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.pages import PageSet, address, page_of
from pipelines.run.build_page import BuildPage
from schemas.article import Article
from schemas.draft import LengthSigns, Prompt
from transforms.enrich.languages.words import count_words
from transforms.extract.extract_error import ExtractError
from transforms.extract.kind.completeness import is_complete
from transforms.text.body_blocks import without_lines

_WORD: Final = re.compile(r"\w+")
_SIGN: Final = re.compile(r"\w")
_ENDING: Final = 30
_SAME_ENDING: Final = 0.8
_WHOLE_SHARE: Final = 0.9
_CUT_WORDS: Final = 100
_PROMPT_WORDS: Final = 60
_ELLIPSES: Final = (" …", "…", "...", " ...", " [...]", " […]", "… Read more", "… Weiterlesen")
_PROMPTS: Final = (Prompt.READ_ON, Prompt.LOCKED)
_ANSWERS: Final = {True: "yes", False: "no", None: "unknown"}

Cut = Callable[[Article, LengthSigns, random.Random], tuple[Article, LengthSigns]]


class Built(NamedTuple):
    """An article with what its page shows of its length, and its gold text."""

    article: Article
    length: LengthSigns
    gold: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--held_out", action="store_const", const=True, dest="held_out")
    part.add_argument("--chosen", action="store_const", const=False, dest="held_out")
    parser.add_argument("--show", action="store_true", help="print false alarms")
    given = parser.parse_args()
    totals: dict[str, Counter[bool | None]] = {}
    for pages in map(PageSet, given.folders):
        for name, counts in measured(list(built(pages, given.held_out)), show=given.show).items():
            print(f"{pages.folder.name:16} {name:12} {told(counts)}", flush=True)
            totals.setdefault(name, Counter()).update(counts)
    for name, counts in totals.items():
        print(f"{'all':16} {name:12} {told(counts)}")


def told(counts: Counter[bool | None]) -> str:
    """Counts of answers as shares."""
    number = counts.total()
    shares = (f"{text} {counts[answer] / max(1, number):6.1%}" for answer, text in _ANSWERS.items())
    return f"{number:5} texts  {'  '.join(shares)}"


def built(pages: PageSet, held_out: bool | None) -> Iterator[Built]:
    """The articles of a folder's pages; of the sites that were kept out of every choice, of all others, or of all."""
    build = BuildPage()
    for page_id, body in pages.bodies.items():
        if held_out is not None and held_out != (zlib.crc32(pages.site(page_id).encode()) % 3 == 0):
            continue
        try:
            draft = build(page_of(address(pages, page_id), body))
        except ExtractError:
            continue
        yield Built(draft.article, draft.length, pages.gold[page_id])


def measured(articles: list[Built], *, show: bool) -> dict[str, Counter[bool | None]]:
    """The answers for each group of texts."""
    whole = [one for one in articles if is_whole(one)]
    counts = {
        "all": Counter(one.article.is_complete for one in articles),
        "whole": Counter(one.article.is_complete for one in whole),
    }
    if show:
        for one in whole:
            if one.article.is_complete is False:
                print(f"  {one.article.url[:70]} {one.length} | {one.article.article_body[-120:]!r}")
    rng = random.Random(1)
    for name, cut in CUTS.items():
        counts[name] = Counter(
            _answer(*cut(one.article, one.length, rng)) for one in whole if one.article.word_count >= _CUT_WORDS
        )
    return counts


def _answer(cut: Article, length: LengthSigns) -> bool | None:
    return is_complete(replace(cut, word_count=count_words(cut.article_body), removed=()), length)


def is_whole(one: Built) -> bool:
    """Whether an article ends as its gold text does, and has nearly all of its words."""
    ours, gold = (_tokens(text) for text in (one.article.article_body, one.gold))
    ending = gold[-_ENDING:]
    known = set(pairwise(ours[-2 * _ENDING :]))
    pairs = list(pairwise(ending))
    is_same = len(pairs) > 5 and sum(pair in known for pair in pairs) >= _SAME_ENDING * len(pairs)
    return is_same and len(ours) >= _WHOLE_SHARE * len(gold)


def _tokens(text: str) -> list[str]:
    """The words of a text; in scripts without spaces, its signs."""
    return [sign for word in _WORD.findall(text) for sign in ([word] if word.isascii() or len(word) < 20 else word)]


def _in_mid_sentence(article: Article, length: LengthSigns, rng: random.Random) -> tuple[Article, LengthSigns]:
    """Cut between two words of one of its longer paragraphs, not the first."""
    lines = article.article_body.split("\n")
    long = [
        number for number, line in enumerate(lines) if len(line) >= max(40, min(100, len(max(lines, key=len)) // 2))
    ]
    number = rng.choice(long[1:] or long)
    kept = without_lines(article, range(number + 1, len(lines)))
    last = kept.article_body.rpartition("\n")[2]
    gaps = [match.start() for match in re.finditer(r"(?<=\w)\s", last)] or [
        at for at in range(1, len(last)) if _SIGN.match(last[at - 1]) and _SIGN.match(last[at])
    ]
    middle = [gap for gap in gaps if len(last) // 3 <= gap <= 9 * len(last) // 10] or gaps
    return _shortened(kept, len(last) - rng.choice(middle)), length


def _with_ellipsis(article: Article, length: LengthSigns, rng: random.Random) -> tuple[Article, LengthSigns]:
    cut, length = _in_mid_sentence(article, length, rng)
    body = cut.article_body + rng.choice(_ELLIPSES)
    blocks = cut.blocks or ()
    return replace(cut, article_body=body, blocks=(*blocks[:-1], blocks[-1]._replace(end=len(body)))), length


def _after_paragraph(article: Article, length: LengthSigns, rng: random.Random) -> tuple[Article, LengthSigns]:
    lines = article.article_body.split("\n")
    return without_lines(article, range(max(1, rng.randint(len(lines) // 4, len(lines) // 2)), len(lines))), length


def _with_prompt(article: Article, length: LengthSigns, rng: random.Random) -> tuple[Article, LengthSigns]:
    """Cut after the first lines with sixty words together, a prompt below."""
    lines = article.article_body.split("\n")
    sums = accumulate(len(_tokens(line)) for line in lines)
    first = sum(words < _PROMPT_WORDS for words in sums) + 1
    kept = without_lines(article, range(first, len(lines)))
    return kept, length._replace(prompt=str(rng.choice(_PROMPTS)))


def _shortened(article: Article, by: int) -> Article:
    body = article.article_body[: len(article.article_body) - by].rstrip()
    blocks = article.blocks or ()
    return replace(article, article_body=body, blocks=(*blocks[:-1], blocks[-1]._replace(end=len(body))))


CUTS: Final[dict[str, Cut]] = {
    "mid-sentence": _in_mid_sentence,
    "ellipsis": _with_ellipsis,
    "paragraph": _after_paragraph,
    "prompt": _with_prompt,
}

if __name__ == "__main__":
    main()
