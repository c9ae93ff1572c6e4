"""Whether a page is a wall: it asks for something, or refuses it, in place of what stands behind it."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from schemas.page import Page
from transforms.extract.addresses import Telling, address_of, lacks_query
from transforms.extract.announced import is_titled, is_titled_as_announced, states_article, tells_of, tells_of_headline
from transforms.extract.canonical import leads_elsewhere
from transforms.extract.notice import Weight, covers, is_all_to_reader, may_be_notice, notice_phrases, tongues_of, weigh
from transforms.extract.page_facts import MAX_TITLE_CHARS, PageFacts
from transforms.extract.page_structure import long_paragraphs
from transforms.extract.page_words import is_word, languages, phrases_in, plain, word_count
from transforms.extract.structured import one_line
from transforms.web.urls import registrable_domain

_MOST_WORDS = 250
"""A longer text is told as a text; half a page of print."""

_MOST_CONSENT_WORDS = 700
_MOST_CHARS = 10_000
_MOST_STRANGE_WORDS = 60
_MOST_NAME_WORDS = 3
ONLY_TO_READER = "a few words to the reader"
"""The sign of a page that is a wall or a shell: nobody listed what it says, and that is not what the feed announced."""

_MANY_PHRASES = 5
_MOST_OWN_WORDS = 80
_FEW_OWN_WORDS = 8
_BRIEF_WORDS = 120
_STATED_WORDS = 60
_MIN_CHARS = 25
_MAX_SHOWN_CHARS = 4_000
_TITLE_PART = re.compile(r"\s[|\-–—·»:]+\s|\||:\s")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_STATUS = re.compile(r"(?:error |http |status )?(?:404|410|429|451|500|502|503|504)(?: error)?")
_GATE = re.compile(r"(?:pay|reg|login|log-in|age|ad)-?(?:wall|gate)|captcha|challenge|adblock", re.IGNORECASE)
_MAX_NAMED = 200
_MAX_HEADINGS, _MAX_LEVELS = 2, 5
_MAX_PARAGRAPHS = 20
_STORY_WORDS = 10
_COVERS_TITLE = 0.7


def wall_sign(facts: PageFacts, tree: HtmlElement, body: str, page: Page) -> str | None:
    """By what a page is known as a wall, its title or a phrase; None where it is none. `body` is the text found on it.

    A wall asks for consent, age, a login, money, scripts or proof of a human reader, or says that there is nothing to
    read: not here, not now, not in this country, not any more. It is a short text whose sentences speak to the reader
    of that, and of nothing that the feed's headline tells of (`weigh`, `tells_of_headline`). Where the page states what
    articles do, or is titled as the feed announced it, nothing else may be said on it; where it does not, a polite
    explanation may be longer. A story about such things, of two sentences too, has sentences of its own, and is none.
    Deterministic; linear in the size of the tree.
    """
    is_article = states_article(facts) or is_titled_as_announced(facts, page)
    if not is_article and _was_sent_away(page, tells_of_headline(facts, page, body)):
        return page.final_url
    most = _MOST_WORDS if is_article else _MOST_CONSENT_WORDS
    if len(body) > _MOST_CHARS or word_count(body) > most or _stated_words(facts) >= _STATED_WORDS:
        return None
    title = None if is_article else _wall_title(facts)
    if title is None and word_count(body) > _MOST_OWN_WORDS and not may_be_notice(plain(body)):
        return None
    tongues = tongues_of(plain(title or "")).union(_tongue(facts))
    text, weight = _text_and_weight(tree, body, title, tongues)
    if not (weight.phrases or title):
        return ONLY_TO_READER if not is_article and _is_strange(facts, page, tree, body, tongues) else None
    if _other_words(tree, tongues) > _MOST_OWN_WORDS:
        return None
    if _is_told(facts, page, text, weight) or _has_story(facts, page, tree, tongues):
        return None
    if is_article:
        return _sign_on_article(facts, tree, text, weight)
    return _sign(facts, page, tree, text, weight, title)


def _text_and_weight(tree: HtmlElement, body: str, title: str | None, tongues: frozenset[str]) -> tuple[str, Weight]:
    """The text found on the page and its weight; where it says nothing, all that the page shows, and the weight of
    that."""
    weight = weigh(body, tongues) if len(body) >= _MIN_CHARS else Weight()
    says_nothing = not weight.phrases and weight.own <= max(_FEW_OWN_WORDS, weight.near)
    is_missing = title is not None and not weight.phrases and word_count(body) <= _BRIEF_WORDS
    if says_nothing or is_missing:
        shown = _shown(tree)
        if word_count(shown) <= _MOST_WORDS:
            return shown, weigh(shown, tongues)
    return body, weight


def _sign_on_article(facts: PageFacts, tree: HtmlElement, text: str, weight: Weight) -> str | None:
    if not weight.phrases or weight.own > _FEW_OWN_WORDS:
        return None
    return weight.phrases[0] if weight.talk >= weight.near / 2 or _has_gate(facts, tree, text) else None


def _sign(facts: PageFacts, page: Page, tree: HtmlElement, text: str, weight: Weight, title: str | None) -> str | None:
    spoken = weight.talk + weight.near
    if word_count(text) > _MOST_WORDS:
        return weight.phrases[0] if len(weight.phrases) >= _MANY_PHRASES and weight.own <= spoken / 2 else None
    if title and (weight.own <= max(_FEW_OWN_WORDS, 2 * spoken) or (weight.talk and _is_missing(title))):
        return title
    if not weight.phrases:
        return None
    if page.entry_title:  # and no word of it is on the page
        return weight.phrases[0] if weight.own <= 2 * spoken else None
    is_sure = len(weight.phrases) > 1 or _has_gate(facts, tree, text)
    return weight.phrases[0] if weight.own <= spoken / (1 if is_sure else 2) else None


def _is_strange(facts: PageFacts, page: Page, tree: HtmlElement, body: str, tongues: frozenset[str]) -> bool:
    """Whether a page that is neither titled as the feed announced it nor tells of that speaks to its reader alone."""
    if not page.entry_title or not len(body) >= _MIN_CHARS or word_count(body) > _MOST_STRANGE_WORDS:
        return False
    stated = (page.entry_language or "")[:2].lower()
    tongues = tongues or frozenset({stated} & set(languages()))
    if tells_of_headline(facts, page, body) or not is_all_to_reader(body, tongues):
        return False
    return _other_words(tree, tongues) <= _MOST_OWN_WORDS


def _is_told(facts: PageFacts, page: Page, text: str, weight: Weight) -> bool:
    """Whether something is told of what the feed's headline says, or where there is none, the page's own."""
    if tells_of_headline(facts, page, text):
        return True
    titles = () if page.entry_title else (facts.title, *facts.headings[:2])
    return any(tells_of(title, facts, page, weight.told) for title in titles if title)


def _has_story(facts: PageFacts, page: Page, tree: HtmlElement, tongues: frozenset[str]) -> bool:
    """Whether the part of the page that a heading stands in has sentences, and none that speaks as a wall does; the
    headline that the feed announced needs no more than one."""
    headings = list(islice(tree.iter("h1"), _MAX_HEADINGS)) or list(islice(tree.iter("h2"), _MAX_HEADINGS))
    for heading in headings:
        title = " ".join(heading.text_content()[:MAX_TITLE_CHARS].split())
        least = 1 if is_titled(title, page.entry_title) else _STORY_WORDS
        for part in islice(heading.iterancestors("main", "article", "section", "div"), _MAX_LEVELS):
            lines = (line for line in _lines(part).split("\n") if line != title)
            weight = weigh("\n".join(lines), tongues)
            if not weight.talk and weight.own + weight.near >= least:
                return not (weight.near and _is_wall_title(title))
            if weight.talk:
                break
    return False


def _tongue(facts: PageFacts) -> frozenset[str]:
    """The language that the page states, as far as there are words for it."""
    stated = (facts.language or "")[:2].lower()
    return frozenset({stated} & set(languages()))


def _was_sent_away(page: Page, is_told: bool) -> bool:
    """Whether the feed's address was answered from one for login, consent or errors, or by a front page that tells
    nothing of the article."""
    if page.final_url == page.url:
        return False
    if leads_elsewhere(address_of(page.final_url)):
        return not leads_elsewhere(address_of(page.url))
    return _was_sent_to_front(page) and not is_told


def _was_sent_to_front(page: Page) -> bool:
    """Whether an article's address was answered by the front page, as it is where the article was removed."""
    if not page.entry_title or registrable_domain(page.final_url) != registrable_domain(page.url):
        return False
    asked, answered = address_of(page.url), address_of(page.final_url)
    is_front = answered.is_front and all(part.telling <= Telling.PERHAPS for part in answered.query)
    return is_front and (asked.names_article() or lacks_query(asked, answered))


def _wall_title(facts: PageFacts) -> str | None:
    """The title or heading that only a wall has, as a whole, but for the site's name."""
    for title in (facts.title, *facts.headings[:2]):
        line = one_line((title or "")[:MAX_TITLE_CHARS])
        if line and _is_wall_title(line):
            return line
    return None


def _is_wall_title(line: str) -> bool:
    """Whether a title, or a part of it between marks, is one that only a wall has, or hardly more than its phrases."""
    phrases = notice_phrases(plain(line))
    for part in filter(None, (_EDGES.sub("", plain(part)) for part in (line, *_TITLE_PART.split(line)))):
        if is_word(part, "wall_titles") or is_word(part, "notice_titles") or _STATUS.fullmatch(part):
            return True
        if covers(part, phrases, _COVERS_TITLE):
            return True
    return False


def _is_missing(title: str) -> bool:
    """Whether a title says that a page is not there, whose other lines may be anything: the latest news."""
    text = plain(title)
    return bool(phrases_in(text, "not_found")) or "404" in text


def _has_gate(facts: PageFacts, tree: HtmlElement, text: str) -> bool:
    """Whether the page is made as a wall is: not for search engines, with a field for a password, below a heading or in
    an element that is named as a gate, or with all its text for readers without scripts."""
    if any("noindex" in one.lower() for one in facts.meta.get("robots", ())):
        return True
    if (
        next((field for field in tree.iter("input") if (field.get("type") or "").lower() == "password"), None)
        is not None
    ):
        return True
    headings = islice(tree.iter("h1", "h2", "h3"), _MAX_HEADINGS)
    if any(_is_wall_title(one_line(one.text_content()[:MAX_TITLE_CHARS])) for one in headings):
        return True
    named = islice(tree.xpath("//body//*[@class or @id]"), _MAX_NAMED)
    if any(_GATE.search(f"{one.get('class')} {one.get('id')}"[:_MAX_NAMED]) for one in named):
        return True
    hidden = " ".join(" ".join(one.itertext()) for one in islice(tree.iter("noscript"), _MAX_PARAGRAPHS))
    first = text.strip().partition("\n")[0][:_MAX_NAMED]
    return bool(first) and " ".join(first.split()) in " ".join(hidden.split())


def _other_words(tree: HtmlElement, tongues: frozenset[str]) -> float:
    """The words of the page's first long paragraphs that do not speak to the reader, found as its text or not."""
    texts = (text[:_MAX_SHOWN_CHARS] for text in islice(long_paragraphs(tree), _MAX_PARAGRAPHS))
    return sum(weigh(text, tongues).own for text in texts)


def _stated_words(facts: PageFacts) -> float:
    whole = facts.structured.get("articleBody")
    return word_count(whole) if isinstance(whole, str) else 0.0


def _shown(tree: HtmlElement) -> str:
    """The page's text with what it keeps for readers without scripts; its beginning if long."""
    body = next(tree.iter("body"), None)
    return _lines(body) if body is not None else ""


def _lines(element: HtmlElement) -> str:
    """The text of an element, a line for each piece; its beginning if long."""
    texts = element.xpath(".//text()[not(parent::script or parent::style or parent::template)]")
    return "\n".join(" ".join(text.split()) for text in texts if text.strip())[:_MAX_SHOWN_CHARS]
