"""The next story that a page appends below its own, as endless scrolling does: found by its headline.

A headline ends the story above it only with proof that it is another story's, since subheadings, the entries of a live
blog and the parts of a long report look much like it. The proof is what only a story has: a place outside of the
element that holds the page's own, with a byline, an address, a template or a rank of its own, or a name that says so.
What is not proven stays for the model to judge. So does what goes on with the page's own story: where a template tells
a standfirst above and the text below a heading with a byline of its own, too.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from transforms.extract.body.story_signs import (
    CLOCK,
    PROSE_CHARS,
    is_byline,
    is_clock,
    is_date,
    names_author,
    text_in,
    typed_article,
)
from transforms.extract.body.told_below import HeadedPage, HeadedStory
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.page.class_names import class_of, is_of_comments, signature
from transforms.extract.page.text_blocks import class_words

_ENTRY_CHARS = 500
_ENTRIES = 3
_LEAD_CHARS = 400
_TIMES_LEAD = 10
"""What stands between the headline and another one is a lead, no story, if it is shorter than the first of these and
what is told below that one is so many times as long. Above next stories of real pages stand 856 characters and more."""

_LIVE = re.compile(r"live-?_?(?:blog|ticker|update|feed|stream|post)|ticker|timeline", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:next|infinite|related|recommend(?:ed|ation)?|following|another)[-_ ]?(?:up|read|in)?[-_ ]?"
    r"(?:article|stor(?:y|ies)|post|news|scroll)|(?:article|story|post)[-_ ]?(?:next|related|recommended)\b",
    re.IGNORECASE,
)
_POST = frozenset(("post", "hentry", "article", "story", "news"))
_ADDRESSES = (
    "data-url",
    "data-href",
    "data-permalink",
    "data-article-url",
    "data-canonical-url",
    "data-page-url",
    "itemid",
)


def other_stories(tree: HtmlElement, facts: PageFacts, url: str) -> list[HtmlElement]:
    """The elements of a page that hold stories proven to be others than its own. Linear in the page's size."""
    page = HeadedPage.of(tree, facts, url)
    if page is None:
        return []
    found = [story for heading in page.headings if (story := page.story_below(heading)) is not None]
    others = [story for story in found if _is_another(page, story)]
    if len(others) >= _ENTRIES and sum(story.chars for story in others) < _ENTRY_CHARS * len(others):
        return []  # entries of one report
    return [element for story in others for element in story.elements] + page.articles_without_heading()


def _is_another(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether what is told below a heading is proven to be another story than the page's own."""
    return _is_proven(page, story) and not (
        text_in(story.first)[:PROSE_CHARS] in page.told
        or is_of_comments(story.heading)
        or any(map(is_clock, story.between))
        or CLOCK.match(text_in(story.heading))
        or _is_live(page, story)
        or _goes_on(page, story)
    )


def _goes_on(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether a story is the page's own: it begins as that does and is longer, or above it stands only a lead.

    One as long as what stands above is a copy of it, such as one to print.
    """
    lead = page.chars_above(story.heading)
    if text_in(story.first) == text_in(page.first):
        return story.chars > lead
    return 0 < lead < _LEAD_CHARS and story.chars >= _TIMES_LEAD * lead


def _is_proven(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether a story has what only another story has; the page's own parts may have it by chance."""
    article = next((one for one in story.around if one.tag == "article"), None)
    is_like = article is not None and page.article is not None and signature(article) == signature(page.article)
    is_outside = page.article is not None and page.article not in story.heading.iterancestors()
    if page.places[story.heading] < page.places[page.headline]:
        return is_outside and is_like
    is_named = any(_NEXT.search(class_of(one)) for one in story.around)
    is_ranked = story.heading.tag == page.headline.tag == "h1"
    is_signed = any(map(is_byline, story.between))
    is_dated = any(map(is_date, story.between))
    if _is_typed_apart(page, story) or _is_post(page, story, is_signed or (is_dated and any(map(is_date, page.above)))):
        return True
    if is_outside:
        is_article = article is not None and (is_like or is_dated)
        return is_named or is_ranked or is_signed or is_article or _leads_elsewhere(page, story)
    if (is_named or is_ranked) and len(story.elements) == 1:
        is_proven = is_signed or is_dated or _repeats_body(page, story) or _leads_elsewhere(page, story)
        return is_proven or (is_ranked and _is_twin(page, story.elements[0]))
    if (is_ranked or is_dated) and any(map(names_author, story.between)) and _is_signed(page, by_name=True):
        return True
    return is_signed and _repeats_body(page, story) and _is_signed(page)


def _is_twin(page: HeadedPage, holder: HtmlElement) -> bool:
    """Whether an element is like its neighbour, and that holds the page's own headline and the text below it."""
    own = set(page.headline.iterancestors()) & set(page.first.iterancestors())
    return any(one in own and signature(one) == signature(holder) for one in holder.itersiblings(preceding=True))


def _is_post(page: HeadedPage, story: HeadedStory, is_signed: bool) -> bool:
    """Whether a story is the next of several posts: its element is named like the one of the page's own, and it has
    author or date as that has, or a linked headline of the same level or in an element that says "post"."""
    holder = story.elements[0]
    if len(story.elements) > 1 or not holder.get("class") or not _is_twin(page, holder):
        return False
    is_level = story.heading.tag == page.headline.tag or not _POST.isdisjoint(class_words(holder.get("class")))
    return is_signed or (is_level and _leads_elsewhere(page, story))


def _is_typed_apart(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether the page marks both this story and its own as articles (itemtype), neither within the other."""
    other, own = typed_article(story.heading), typed_article(page.headline)
    is_apart = other is not None and own is not None and other not in page.own
    return is_apart and own not in story.heading.iterancestors()


def _is_live(page: HeadedPage, story: HeadedStory) -> bool:
    return any(_LIVE.search(class_of(one)) for one in (*story.around, *page.headline.iterancestors()))


def _leads_elsewhere(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether the story names an address of its own."""
    stated = [one.get(name) for one in (*story.around, *story.elements[0]) for name in _ADDRESSES]
    links = [*story.heading.iter("a"), *islice(story.heading.iterancestors("a"), 1)]
    paths = (urlsplit(value).path.rstrip("/") for value in (*stated, *(link.get("href") for link in links)) if value)
    return any(
        path and not f"{path}/".startswith(f"{page.path}/") and not f"{page.path}/".startswith(f"{path}/")
        for path in paths
    )


def _repeats_body(page: HeadedPage, story: HeadedStory) -> bool:
    """Whether the story has a body of its own, in the element that the page's own story has its body in."""
    body = page.first.getparent()
    if body is None or body in page.headline.iterancestors() or not body.get("class"):
        return False
    return any(
        signature(one) == signature(body) and one not in story.heading.iterancestors()
        for element in story.elements
        for one in element.iter(body.tag)
    )


def _is_signed(page: HeadedPage, *, by_name: bool = False) -> bool:
    return any(map(names_author if by_name else is_byline, page.above))
