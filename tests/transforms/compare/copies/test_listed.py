"""Lists of names and figures are no running text: they make no copy, unless nearly all lines are the same."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.transforms.compare.copies.texts import fingerprint, story, view_of
from transforms.compare.copies.fingerprint import is_listed, shingles_of
from transforms.compare.copies.listed import listed_words
from transforms.compare.copies.pairs.compare import Link
from transforms.compare.copies.pairs.overlap import text_of

ROWS = 60


def name(chance: random.Random) -> str:
    syllables = ("ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu")
    return " ".join("".join(chance.choices(syllables, k=3)).capitalize() for _ in range(2))


def winners(chance: random.Random) -> str:
    return f"Best {name(chance)}: {name(chance)}, “{name(chance)}”"


def results(chance: random.Random) -> str:
    return f"{name(chance)} {chance.randrange(5)}–{chance.randrange(5)} {name(chance)}"


def programme(chance: random.Random) -> str:
    return f"{chance.randrange(24)}.{chance.randrange(60):02} {name(chance)}: {name(chance)}"


def votes(chance: random.Random) -> str:
    return f"{name(chance)} | {name(chance)} | {chance.randrange(99_999)} | {chance.randrange(100)} %"


def deaths(chance: random.Random) -> str:
    return f"- {name(chance)}, {chance.randrange(40, 99)}, of {name(chance)}"


KINDS = (winners, results, programme, votes, deaths)
KINDS_OF_LISTS = pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.__name__)
Entry = Callable[[random.Random], str]


def sentences(seed: int, words: int) -> str:
    """Running text: sentences of twelve invented words, three to a paragraph."""
    told = story(seed, words).split()
    parts = [" ".join(told[start : start + 12]).capitalize() + "." for start in range(0, words, 12)]
    return "\n".join(" ".join(parts[start : start + 3]) for start in range(0, len(parts), 3))


def lists(entry: Entry, changed: float) -> tuple[str, str]:
    """Two lists of the same things, in which one desk has other words in so many lines."""
    chance = random.Random(7)
    ours = [entry(chance) for _ in range(ROWS)]
    theirs = [entry(chance) if chance.random() < changed else line for line in ours]
    return "\n".join(ours), "\n".join(theirs)


def link_of(one: str, other: str) -> Link:
    texts = sorted((text_of(fingerprint("a", one)), text_of(fingerprint("b", other))), key=lambda text: text.word_count)
    (link,) = view_of(texts[0], [texts[1]]).links
    return link


@KINDS_OF_LISTS
def test_two_desks_lists_of_the_same_evening_are_no_copies(entry: Entry) -> None:
    ours, theirs = lists(entry, 0.35)
    alone = link_of(ours, f"{theirs}\n{name(random.Random(1))}")
    told = link_of(f"{sentences(1, 72)}\n{ours}", f"{sentences(2, 84)}\n{theirs}")
    assert alone.similarity > 0.4
    assert told.similarity > 0.33
    assert (alone.is_copy, told.is_copy) == (False, False)


@KINDS_OF_LISTS
def test_a_list_of_which_nearly_all_lines_are_the_same_is_a_copy(entry: Entry) -> None:
    ours, theirs = lists(entry, 0.05)
    assert link_of(ours, f"{theirs}\n{name(random.Random(1))}").is_copy
    assert link_of(f"{sentences(1, 12)}\n{ours}", f"{sentences(2, 24)}\n{theirs}").is_copy


def test_running_text_that_is_copied_with_its_list_is_a_copy() -> None:
    ours, theirs = lists(winners, 0.4)
    link = link_of(f"{sentences(1, 240)}\n{ours}", f"{sentences(1, 240)}\n{sentences(2, 60)}\n{theirs}")
    assert link.similarity < 0.8
    assert link.is_copy


def test_an_earlier_list_is_told_from_a_new_one_too() -> None:
    ours, theirs = lists(winners, 0.35)
    earlier, new = text_of(fingerprint("a", ours)), text_of(fingerprint("b", f"{theirs}\n{sentences(1, 24)}"))
    (link,) = view_of(new, [earlier], frozenset(("a",))).links
    assert (link.shorter, link.is_copy) == ("a", False)


@pytest.mark.parametrize(
    ("line", "is_list"),
    [
        ("Best actor: Mira Deloba", True),
        ("Peri Lomu (Baki Nade)", True),
        ("北町三 対 南町一", True),
        ("KILO BATU 3, DERI MUSO 1", True),
        ("She said no.", False),
        ("“Nobody will take a ferry to buy bread,” said a baker.", False),
        ("Repair the roof of the market hall from the reserve fund before next winter", False),
        ("and that crews from three neighbouring districts were helping to move", False),
        ("市の議会が月曜日に決めました。", False),
    ],
)
def test_what_is_a_line_of_a_list(line: str, is_list: bool) -> None:
    flags = listed_words("\n".join([line] * 6))
    assert (flags.size > 0 and bool(flags.all())) == is_list


def test_a_few_labels_in_a_row_are_no_list_and_a_list_told_in_one_line_is_one() -> None:
    assert not listed_words("What changes\nBy boat\nBy bus\nThe ferries leave from the fishing dock until May.").size
    assert listed_words(f"Results: {', '.join(results(random.Random(seed)) for seed in range(9))}").all()


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("entries", range(2, 10))
def test_a_list_is_found_wherever_it_begins(before: int, entries: int) -> None:
    said = ["She said that no ferry leaves before May."] * before
    text = "\n".join([*said, *["Peri Lomu (Baki Nade)"] * entries, "He said no.", *["Baki Nade"] * 3])
    expected = [False] * 8 * before + [True] * 4 * entries + [False] * 9
    assert listed_words(text).tolist() == (expected if entries >= 4 else [])


def test_the_lists_of_a_fingerprint_are_bits_of_its_shingles() -> None:
    prose, names = sentences(1, 48), "\n".join(winners(random.Random(seed)) for seed in range(9))
    one = fingerprint("a", f"{prose}\n{names}")
    listed = is_listed(one.listed, shingles_of(one.shingles).size)
    assert not listed[:48].any()
    assert listed[48:].all()
    assert fingerprint("a", prose).listed is None
