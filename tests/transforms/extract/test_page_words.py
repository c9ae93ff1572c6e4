from __future__ import annotations

import pytest

from transforms.extract.page.page_words import phrases_in, words_for

KINDS = ("wall", "locked", "notice", "not_found", "notice_topics", "notice_titles")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("before", "behind"), [("", ""), ("a", "b"), ("before, ", " and behind")])
def test_each_phrase_is_found_wherever_it_stands(kind: str, before: str, behind: str) -> None:
    phrases = words_for(kind)
    for phrase in sorted(phrases)[::9]:
        text = f"{before}{phrase}{behind}"
        assert phrases_in(text, kind) == sorted(one for one in phrases if one in text)


@pytest.mark.parametrize("text", ["", "a", "the harbour was closed on monday."])
def test_a_text_without_phrases_has_none(text: str) -> None:
    assert phrases_in(text, "wall") == []
