"""Whether an article's text seems whole, by what its page and its feed show; docs/tables.md has the order of evidence.

`is_accessible_for_free` is what the publisher says of the article; this is what can be seen of the text that we hold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from schemas.article import Article, PageKind, RemovalReason
from schemas.draft import LengthSigns, Prompt
from transforms.extract.facts.rights import is_free
from transforms.extract.kind.read_page import ReadPage
from transforms.extract.kind.text_end import TextEnd, text_end
from transforms.extract.page.page_words import bare, has_phrase, is_word, plain, word_count

_MISSING_SHARE: Final = 0.6
"""If a text has a smaller share of the words that are stated for it, it is only the beginning (as for page kinds)."""

_MISSING_TOLD_SHARE: Final = 0.5
"""The same of the text in JSON-LD, which may hold captions, boxes and what else the page has no article for."""

_NEARLY: Final = 0.85
_MUCH_MORE: Final = 1.5
_LEAST_STATED: Final = 50
"""A smaller number is that of something else: a teaser, a default."""

_BRIEF_WORDS: Final = 120
_LOCKED_WORDS: Final = 250
_SURE_WORDS: Final = 150

_CREDITS: Final = frozenset((RemovalReason.CREDITS, RemovalReason.AGENCY_ABOUT))
"""What was taken out from below the last paragraph, where nothing but the end of a text has it."""

_BEHIND: Final = 2
_PROMPT_CHARS: Final = 400
_LABEL_CHARS: Final = 60
_MAX_CHARS: Final = 1_000_000
_TAG: Final = re.compile(r"<[^<>]*+>")
_CUT_OFF: Final = re.compile(r"(?:…|\.\.\.)\W*$")


def length_signs(read: ReadPage, behind: Sequence[str], *, is_fed: bool) -> LengthSigns:
    """What a page and its feed show of the length of the article's text. `behind` are the blocks that stand behind the
    text's last on the page; `is_fed`: the text is the feed's own."""
    stated = read.facts.structured
    return LengthSigns(
        stated_words=_number(stated.get("wordCount")),
        told_words=_words_in(stated.get("articleBody")),
        fed_words=0 if is_fed else _words_in(read.page.entry_content_html),
        prompt=str(_prompt(read.body, behind)),
        is_paid=is_free(read.facts) is False,
    )


def is_complete(article: Article, signs: LengthSigns) -> bool | None:
    """Whether the text of a finished article seems whole; None if nothing tells, or if signs contradict one another."""
    words = word_count(article.article_body)
    if article.page_kind == PageKind.PAYWALL_STUB or signs.prompt == Prompt.NEXT_PAGE:
        return False
    is_as_stated = _is_as_stated(article, words, signs.stated_words)
    if is_as_stated is False or _lacks(words, signs.told_words, _MISSING_TOLD_SHARE):
        return False
    if _lacks(words, signs.fed_words, _MISSING_SHARE):
        return False
    end = text_end(article.article_body, article.blocks)
    if end is TextEnd.NEXT_PAGE:
        return False
    if end in (TextEnd.CUT, TextEnd.MID_SENTENCE) or _is_prompted(words, signs.prompt):
        return None if is_as_stated else False
    if is_as_stated:
        return True
    if end not in (TextEnd.CLOSED, TextEnd.SIGNED) or words < _SURE_WORDS:
        return None
    is_signed = end is TextEnd.SIGNED or any(removed.reason in _CREDITS for removed in article.removed)
    is_told = not signs.is_paid and _agrees(words, signs.told_words)
    return True if is_signed or is_told or _agrees(words, signs.fed_words) else None


def _is_as_stated(article: Article, words: float, stated: int) -> bool | None:
    """Whether the text has as many words as the page states; in scripts without spaces these may be characters."""
    if _agrees(words, stated) or _agrees(article.word_count, stated):
        return True
    return False if _lacks(max(words, article.word_count), stated, _MISSING_SHARE) else None


def _agrees(words: float, stated: float) -> bool:
    return stated >= _LEAST_STATED and _NEARLY * stated <= words <= _MUCH_MORE * stated


def _lacks(words: float, stated: float, share: float) -> bool:
    return stated >= _LEAST_STATED and words < share * stated


def _is_prompted(words: float, prompt: str) -> bool:
    """Whether a prompt stands for the rest of the text. Behind a longer one it may be for readers over their limit, or
    lead to other stories."""
    return (prompt == Prompt.LOCKED and words < _LOCKED_WORDS) or (prompt == Prompt.READ_ON and words < _BRIEF_WORDS)


def _prompt(body: str, behind: Sequence[str]) -> Prompt:
    """The prompt that stands right behind a text, or as its last line."""
    last = body.rstrip().rpartition("\n")[2]
    lines = [last, *islice(behind, _BEHIND)]
    lines = [line for line in lines if len(line) <= _PROMPT_CHARS]
    labels = [line for line in lines if len(line) <= _LABEL_CHARS]
    if any(is_word(bare(line), "next_page") for line in labels):
        return Prompt.NEXT_PAGE
    if any(has_phrase(plain(line), "locked") for line in lines):
        return Prompt.LOCKED
    # "Read more:" heads a list of other stories.
    reads_on = any(is_word(bare(line), "read_on") and line.rstrip()[-1] != ":" for line in labels)
    return Prompt.READ_ON if reads_on else Prompt.NONE


def _number(stated: object) -> int:
    if isinstance(stated, str) and stated.strip().isdecimal() and len(stated) < 8:
        stated = int(stated)
    is_number = isinstance(stated, int) and not isinstance(stated, bool)
    return stated if is_number and 0 < stated < _MAX_CHARS else 0  # type: ignore[operator, return-value]


def _words_in(markup: object) -> int:
    """The words of a text that may be HTML, once or twice escaped; 0 if it ends as teasers do."""
    if not isinstance(markup, str):
        return 0
    text = html.unescape(html.unescape(markup[:_MAX_CHARS]))
    text = _TAG.sub(" ", text) if "<" in text else text
    return 0 if _CUT_OFF.search(text[-_PROMPT_CHARS:]) else int(word_count(text))
