"""The headline: the heading that a reader sees if the page's titles confirm it, without the site's name and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from schemas.page import Page
from transforms.extract.facts.head_facts import MAX_TITLE_CHARS
from transforms.extract.facts.headings import shared, words_of
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.facts.title_furniture import SiteNames, without_furniture
from transforms.extract.json_ld.structured import one_line, text_of
from transforms.extract.names.people import compact
from transforms.web.urls import registrable_domain

_AGREES = 0.5
_SHARES, _SHARES_IF_SHORTER = 0.2, 0.35
_MIN_SHARED_WORDS = 2
_MIN_OWN_WORDS = 4
_MIN_TITLE_WORDS = 3
_MAX_LABEL_WORDS = 4
_MAX_KICKER_WORDS = 6


def headline(facts: PageFacts, page: Page, site_name: str | None, *, text_is_fed: bool = False) -> str | None:
    """The headline on one line, or None if nothing is stated.

    Taken is the heading that the titles point to, if it shares half of its words with one of them; of a heading of
    several parts (a kicker, the headline, a date) those that a title repeats. Titles (JSON-LD, og:title, title, feed
    entry) are written for machines: shortened, extended or decorated. Without such a heading, it is the first title;
    but the page's only h1 is taken if the window's title is the only title, or if it shares a third of its words with a
    title, a fifth where it says no less than they do. A heading that the domain and the beginning of the window's title
    repeat is the site's name. " | Site name", " | Label", "Site name: " and " - Section" are cut off. The
    headline of a headline is itself.

    `text_is_fed`: the page is a shell or a wall and the text comes from the feed entry, so the headline does too.
    """
    names = _site_names(facts, page, site_name)
    sections = _sections(facts)
    if text_is_fed and (fed := without_furniture(page.entry_title or "", names, sections)):
        return fed
    shown = facts.headline_heading
    heading = without_furniture(shown, names, sections, of_heading=True) if shown else ""
    titles = [without_furniture(text, names, sections, keep=compact(heading)) for text in _titles(facts, page)]
    if not titles or compact(heading) in names.whole:
        return titles[0] if titles else heading or None
    if heading and urlsplit(page.final_url).path.strip("/") and all(compact(title) in names.whole for title in titles):
        return heading  # but on a front page, the site's name is the title
    if not heading or not any(_agree(heading, title) for title in titles):
        is_alone = facts.title is not None and len(set(map(compact, facts.headings))) == 1
        return heading if heading and is_alone and (len(titles) == 1 or _is_like(heading, titles)) else titles[0]
    if compact(heading) in compact(registrable_domain(page.final_url)) and _opens_window(heading, facts, titles[0]):
        return titles[0]
    is_repeated = any(compact(title) == compact(heading) for title in titles)
    if (kicked := _without_kicker(facts.headline_pieces, titles)) is not None:
        return kicked
    own = None if is_repeated else next((one for one in titles if _is_part(one, facts.headline_pieces)), None)
    return own or next((title for title in titles if _is_plainer(title, heading, is_repeated)), heading)


def _is_like(heading: str, titles: Sequence[str]) -> bool:
    """Whether the only heading is a headline of its own, next to titles made for search engines."""
    words = words_of(heading)
    said = [(shared(words, other), len(words & other)) for other in map(words_of, titles)]
    if len(words) >= max(_MIN_OWN_WORDS, len(words_of(titles[0]))) and max(said)[0] >= _SHARES:
        return True
    return any(share >= _SHARES_IF_SHORTER and count >= _MIN_SHARED_WORDS for share, count in said)


def _opens_window(heading: str, facts: PageFacts, title: str) -> bool:
    """Whether the window's title is the heading and the title after it: blogs head each page with their own name."""
    called, said = compact(heading), compact(title)
    return called not in said and compact(facts.title or "") == called + said


def _without_kicker(pieces: Sequence[str], titles: Sequence[str]) -> str | None:
    """The longer second part of a heading of two, where a title is that part, or has a dash between the two."""
    if len(pieces) != 2 or len(pieces[0].split()) > _MAX_KICKER_WORDS or not _is_longer(pieces[1], pieces[0]):
        return None
    if not pieces[0][-1:].isalnum():
        return None  # "‘Ends debate’:" goes on in what follows
    kicker, rest = map(compact, pieces)
    for title in titles:
        head, mark, tail = title.partition(" - ")
        if compact(title) == rest or (mark and compact(head) == kicker and compact(tail) == rest):
            return pieces[1]
    return None


def _is_longer(text: str, other: str) -> bool:
    return len(text.split()) > max(_MIN_TITLE_WORDS, len(other.split()))


def _is_part(title: str, pieces: Sequence[str]) -> bool:
    """Whether a title is what some of a heading's runs of text say, in a row, and others of them not."""
    wanted = compact(title)
    if len(pieces) < 2 or len(title.split()) < _MIN_TITLE_WORDS or wanted not in (whole := compact("".join(pieces))):
        return False
    if wanted == whole:
        return False
    spots = {0}
    for piece in pieces:
        spots.add(max(spots) + len(compact(piece)))
    start = whole.find(wanted)
    return start in spots and start + len(wanted) in spots


def _titles(facts: PageFacts, page: Page) -> Iterator[str]:
    stated = (
        text_of(facts.structured.get("headline")),
        facts.first_meta("og:title", "twitter:title"),
        facts.title,
        page.entry_title,
    )
    for text in stated:
        line = one_line((text or "")[:MAX_TITLE_CHARS])
        if line:
            yield line


def _agree(heading: str, title: str) -> bool:
    return shared(words_of(heading), words_of(title)) >= _AGREES or compact(heading) in compact(title)


def _is_plainer(title: str, heading: str, is_repeated: bool) -> bool:
    """Whether a title is the heading without a label glued to its front, not in capitals throughout, or with a blank
    where the heading's parts have none."""
    text, shouted = compact(title), compact(heading)
    if text == shouted:
        is_spaced = len(title.split()) > len(heading.split()) and "".join(title.split()) == "".join(heading.split())
        return is_spaced or (heading.isupper() and not title.isupper())
    added = len(heading.split()) - len(title.split())
    label = shouted.removesuffix(text)
    is_label = label != shouted and not any(map(str.isdigit, label))  # "2026 Guide to …" begins with no label
    return not is_repeated and is_label and len(title.split()) > _MAX_LABEL_WORDS > added


def _site_names(facts: PageFacts, page: Page, site_name: str | None) -> SiteNames:
    stated = (
        site_name,
        facts.first_meta("og:site_name"),
        facts.first_meta("application-name"),
        page.feed_title,
        *facts.home_headings,
    )
    return SiteNames.of((name for name in stated if name), registrable_domain(page.final_url))


def _sections(facts: PageFacts) -> frozenset[str]:
    stated = (text_of(facts.structured.get("articleSection")), facts.first_meta("article:section", "section"))
    return frozenset(compact(text) for text in stated if text) - {""}
