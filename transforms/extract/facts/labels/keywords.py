"""The keywords of an article, each one alone, without what templates leave among them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import unescape
from itertools import islice

from schemas.page import Page
from transforms.extract.facts.labels.no_label import is_flag, label_of, language_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.json_ld.structured import text_of
from transforms.extract.names.people import compact

_MAX_KEYWORDS = 100
_MAX_CHARS = 20_000
_ALWAYS = re.compile(r"[;|；؛\n\r\t]|,,")
_COMMAS = re.compile("[,，、،]")
_HASHTAG = re.compile(r"(?:^|[\s,;])#(?=\w)")
_MANY_COMMAS = 3
_PROSE_WORDS = 6


def keywords_of(facts: PageFacts, page: Page, names: Collection[str]) -> tuple[tuple[str, ...], str | None]:
    """The keywords in the order stated, each once, and who states them, "page" or "feed"; None where nobody does.

    Taken from the first source that holds any: JSON-LD keywords, article:tag, news_keywords, keywords, parsely-tags,
    the feed's categories. Lists written as one text are taken apart. `names` are the article's headline and titles and
    the names of its site, in compact form: none of them is a keyword, nor is the page's description.
    """
    language = language_of(facts, page)
    for stated in _stated(facts):
        if found := _cleaned(stated, names, language):
            return found, "page"
    found = _cleaned(page.entry_keywords, names, language)
    return found, "feed" if found else None


def _stated(facts: PageFacts) -> Iterator[Sequence[str]]:
    structured = facts.structured.get("keywords")
    told = structured if isinstance(structured, list) else [structured]
    told_about = {compact(text) for text in map(facts.first_meta, ("description", "og:description")) if text}
    yield [text for text in map(text_of, told[:_MAX_KEYWORDS]) if text and compact(text) not in told_about]
    for name in ("article:tag", "news_keywords", "keywords", "parsely-tags"):
        yield [text for text in facts.meta.get(name, ())[:_MAX_KEYWORDS] if text and compact(text) not in told_about]


def _cleaned(stated: Sequence[str], names: Collection[str], language: str) -> tuple[str, ...]:
    cleaned: dict[str, str] = {}
    for part in islice(_apart(stated), 2 * _MAX_KEYWORDS):
        label = label_of(part, language)
        called = compact(label) if label else ""
        if label and called and called not in names and not is_flag(called):
            cleaned.setdefault(called, label)
    return tuple(islice(cleaned.values(), _MAX_KEYWORDS))


def _apart(stated: Sequence[str]) -> Iterator[str]:
    """Each keyword alone. A text that stands alone, has three commas or one without a blank behind it is a list of
    them; in a text among others ("Washington, D.C.") a comma may belong to the keyword."""
    for given in stated:
        text = unescape(given[:_MAX_CHARS])
        if (listed := _json_list(text)) is not None:
            yield from listed
            continue
        for piece in _ALWAYS.split(text):
            if _HASHTAG.search(piece) is not None:
                yield from _HASHTAG.split(piece)
                continue
            commas = _COMMAS.findall(piece)
            is_list = len(stated) == 1 or len(commas) >= _MANY_COMMAS or ("," in piece and ", " not in piece)
            parts = _COMMAS.split(piece) if is_list else [piece]
            if not _is_prose(parts):
                yield from parts


def _is_prose(parts: Sequence[str]) -> bool:
    """Whether a text is sentences cut at their commas: the pieces have too many words on average."""
    return len(parts) > 1 and sum(part.count(" ") for part in parts) > _PROSE_WORDS * len(parts)


def _json_list(text: str) -> Iterable[str] | None:
    """The texts of an array in JSON; None if the text is none."""
    if not (text.startswith("[") and text.rstrip().endswith("]")):
        return None
    try:
        listed = json.loads(text)
    except ValueError:
        return _COMMAS.split(text.strip().strip("[]").replace('"', ""))
    return [one for one in map(text_of, listed) if one]
