"""Dates near a headline that are not the publication's: today's date in the page's head, and days told in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.page.class_names import class_of, self_and_above
from transforms.extract.page.page_marks import UNSEEN
from transforms.text.dates.day_order import Habits
from transforms.text.dates.figures import plain_figures
from transforms.text.dates.month_names import is_day_word
from transforms.text.dates.printed_dates import days_in
from transforms.text.scripts import HAN, KANA, letters
from transforms.text.sentences import WIDE_STOPS

_MAX_LINE_CHARS = 300
_MAX_BLOCK_CHARS = 4_000
_MAX_CLIMB = 40
_MAX_STEPS = 200
_MAX_HOLDERS = 4
_CAPTION_CLASS = re.compile(r"(?:image|img|photo|foto|picture|wp|media)[-_]?(?:caption|credit)", re.IGNORECASE)
_STORY_TAGS = frozenset({"article", "main"})
_LINE_TAGS = frozenset("a abbr b bdi cite em font i mark q small span strong sub sup time u".split())
_HEAD_NAMES = re.compile(
    r"(?:site|page|main|global|top|[a-z]{2})?[-_]?head(?:er)?(?:[-_]?(?:date|time|datetime|text|top|bottom|bar|left|right|inner|wrap))*|"
    r"masthead[-_a-z]*|top[-_]?(?:bar|line|nav|menu|strip)?|nav(?:bar|igation)?|toolbar|ticker|(?:live|digital)?[-_]?clock",
    re.IGNORECASE,
)
_STORY_CLASS = re.compile(
    r"article|artikel|artic[ou]lo|entry|post|story|content|single|detail|node|fa-|icon", re.IGNORECASE
)
_ABOVE_CLASS = re.compile(r"(?<![a-z])(?:head|top|nav|menu|mast)", re.IGNORECASE)

_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?[|•·・┊【】()\[\]]\s*+|(?<!\s)\s++(?:--|[-–—/~])\s++")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_FIGURE = re.compile(r"\d")
_FIGURES = re.compile(r"[\d:.,/-]+")
_WORD = re.compile(r"[^\W\d_]+")
_BYLINE_WORDS = frozenset(
    "by on in at of and the from am pm von vom um uhr und der die das den im le la les par à de du del el por em da do "
    "il lo di alle af av om kl op door te i o z w na od min read minutes minute mins ago comments comment th st nd "
    "rd utc gmt admin views view hits reads shares aufrufe kommentare vues lectures commentaires visitas lecturas "
    "comentarios visto letture commenti visualizações leituras comentários reacties weergaven komentarzy wyświetleń "
    "odsłon komentářů zobrazeno okunma yorum dibaca kali komentar от автор просмотров просмотры просмотра посмотрело "
    "комментариев комментария комментарии переглядів перегляди коментарів прегледа коментара".split()
)
"""Small words in bylines; they alone make no sentence."""

_TELLING = 3
_TELLING_WITH_STOP = 2
_CASELESS_TELLING = 8
_CASELESS_TELLING_WITH_STOP = 6
_STOP = re.compile(r"\w\s?[.!?]$|[।؟۔]$")
_WRITTEN = letters(KANA, HAN)
_EAST_ASIAN_SENTENCE = re.compile(rf"[{_WRITTEN}][{WIDE_STOPS}，]|[日号號][{_WRITTEN}]{{8}}")


def is_in_masthead(
    element: HtmlElement, around_headline: AbstractSet[HtmlElement], story: Sequence[HtmlElement] = ()
) -> bool:
    """Whether an element before the headline stands in the head of the page, not in the head of its article.

    The head of the page is a `header` or `nav` element, or one named like these, that neither holds the headline nor
    stands in the article or main element that does. An element above the story also stands in it if something else,
    such as a menu, is between the two. `story` is the smallest element with the headline and the beginning of the text,
    followed by all elements around it.
    """
    if _is_parted(element, story):
        return True
    found = False
    for above in islice(self_and_above(element), _MAX_CLIMB):
        if above in around_headline:
            return found and not any(one.tag in _STORY_TAGS for one in (above, *above.iterancestors()))
        if above.tag in _STORY_TAGS:
            return False
        found = found or _is_head(above.tag, class_of(above))
    return found


def _is_parted(element: HtmlElement, story: Sequence[HtmlElement]) -> bool:
    """Whether an element stands outside of the story, with something else between the two."""
    above = element
    for parent in islice(element.iterancestors(), _MAX_CLIMB):
        names = class_of(above)
        if _STORY_CLASS.search(names) is not None and _ABOVE_CLASS.search(names) is None:
            return False
        if parent in story:
            place = story.index(parent)
            if place == 0 or any(one.tag in _STORY_TAGS for one in story[place:]):
                return False
            after = above.getnext()
            while after is not None and (not isinstance(after.tag, str) or after.tag in UNSEEN or _is_empty(after)):
                after = after.getnext()
            return after is not story[place - 1] or above.find(".//a") is not None
        above = parent
    return False


def _is_empty(element: HtmlElement) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


@lru_cache(maxsize=4096)
def _is_head(tag: str, names: str) -> bool:
    if _STORY_CLASS.search(names) is not None:
        return False
    return tag in ("header", "nav") or any(map(_HEAD_NAMES.fullmatch, names.split()))


def holder_of(element: HtmlElement, around_headline: AbstractSet[HtmlElement]) -> str:
    """Whether an element is part of a "caption", of a "heading" below the first, or of an "aside"; "" for none."""
    for above in islice(self_and_above(element), _MAX_HOLDERS):
        if above.tag in ("figure", "figcaption") or _CAPTION_CLASS.search(class_of(above)) is not None:
            return "caption"
        if above.tag in ("h2", "h3", "h4"):
            return "heading"
    aside = next(element.iterancestors("aside"), None)
    return "aside" if aside is not None and aside not in around_headline else ""


def line_around(element: HtmlElement, shown: str) -> str:
    """The line around `shown`, a text in `element`: up to the next block, line break or separator on either side."""
    block = element
    for above in islice(self_and_above(element), _MAX_CLIMB):
        block = above
        if above.tag not in _LINE_TAGS:
            break
    for line in _lines(block):
        place = line.find(shown)
        if place >= 0:
            start, end = 0, len(line)
            for match in _SEPARATOR.finditer(line):
                if match.end() <= place:
                    start = match.end()
                elif match.start() >= place + len(shown):
                    end = match.start()
                    break
            return line[max(start, place - _MAX_LINE_CHARS) : min(end, place + len(shown) + _MAX_LINE_CHARS)].strip()
    return shown


def _lines(block: HtmlElement) -> Iterator[str]:
    """The lines of an element's text, parted by blocks and line breaks."""
    texts: list[str] = []
    chars = 0
    walk = etree.iterwalk(block, events=("start", "end", "comment", "pi"))
    for event, one in islice(walk, _MAX_STEPS):
        if event == "start":
            if one.tag in UNSEEN:
                walk.skip_subtree()
                continue
            if one is not block and one.tag not in _LINE_TAGS:
                yield " ".join("".join(texts).split())
                texts = []
            text = one.text
        else:
            if one is block:
                break
            if event == "end" and one.tag not in _LINE_TAGS and one.tag not in UNSEEN:
                yield " ".join("".join(texts).split())
                texts = []
            text = one.tail
        if text:
            texts.append(text[:_MAX_BLOCK_CHARS])
            chars += len(text)
            if chars > _MAX_BLOCK_CHARS:
                break
    yield " ".join("".join(texts).split())


def is_sentence(line: str, *, is_heading: bool = False) -> bool:
    """Whether a line with a date tells more than a byline: it has some words in small letters that bylines do not have.

    In a heading, one such word is enough.
    """
    parts = _SEPARATOR.split(_ADDRESS.sub(" ", line))
    return any(_tells(part, 1 if is_heading else _TELLING) for part in parts if _FIGURE.search(part))


def _tells(line: str, telling: int) -> bool:
    """Whether a line has `telling` telling words (fewer before a stop), not counting those in the names of days."""
    if _EAST_ASIAN_SENTENCE.search(line) is not None:
        return True
    words = plain_figures(line)
    is_stopped = _STOP.search(line) is not None
    if not _has_telling(words, telling, is_stopped):  # as on most lines, where the days need not be looked for
        return False
    days = list(days_in(words, Habits()))
    for day in days:
        words = words[: day.start] + " " * (day.end - day.start) + words[day.end :]
    return not days or _has_telling(words, telling, is_stopped)


def _has_telling(words: str, telling: int, is_stopped: bool) -> bool:
    needed = min(telling, _TELLING_WITH_STOP) if is_stopped else telling
    needed_caseless = _CASELESS_TELLING_WITH_STOP if is_stopped else _CASELESS_TELLING
    small = caseless = 0
    for word in _WORD.findall(_FIGURES.sub(" ", words)):
        if word.islower():
            small += len(word) > 1 and word not in _BYLINE_WORDS and not is_day_word(word)
        elif word.upper() == word.lower():
            caseless += 1
        if small >= needed or caseless >= needed_caseless:
            return True
    return False
