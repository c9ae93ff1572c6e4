"""Two texts are compared by lines and by words, and nothing of either is lost."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from transforms.lake.lookup.text_diff import Change, Stretch, by_words, unified


def test_lines_are_compared_as_diff_does():
    assert unified("one\ntwo\nthree\nfour", "one\n2\nthree\nfour", ("old", "new")) == [
        "--- old",
        "+++ new",
        "@@ -1,3 +1,3 @@",
        " one",
        "-two",
        "+2",
        " three",
    ]
    assert unified("same", "same", ("old", "new")) == []


def test_words_are_marked_within_the_lines_that_changed():
    assert list(by_words("A ship came in.\nThe end.", "A big ship came.\nThe end.")) == [
        [
            Stretch(Change.SAME, "A"),
            Stretch(Change.NEW, " big"),
            Stretch(Change.SAME, " ship came"),
            Stretch(Change.GONE, " in"),
            Stretch(Change.SAME, "."),
        ],
        [Stretch(Change.SAME, "The end.")],
    ]


words = st.lists(st.sampled_from(["a", "ship", "came", "in", ".", "\n", " "]), max_size=40).map("".join)


@given(words, words)
def test_both_texts_stand_in_the_comparison(before, after):
    compared = list(by_words(before, after))

    def without(change: Change) -> str:
        lines = ("".join(one.text for one in line if one.change is not change) for line in compared)
        return "".join("\n".join(lines).split("\n"))

    assert without(Change.NEW) == before.replace("\n", "")
    assert without(Change.GONE) == after.replace("\n", "")


def test_very_long_passages_are_not_compared_word_by_word():
    before, after = (" ".join(f"{word}{n}" for n in range(60_000)) for word in ("a", "b"))
    began = time.process_time()
    assert [one.change for one in next(by_words(before, after))] == [Change.GONE, Change.NEW]
    assert time.process_time() - began < 2
