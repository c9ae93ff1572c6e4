"""Who signs an article: its byline as printed, people, and organisations. None is better than an invented one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from schemas.page import Page
from transforms.extract.facts.page_facts import PageFacts
from transforms.extract.names.organizations import PARTS
from transforms.extract.names.page_text import PageText
from transforms.extract.names.people import compact, without_title
from transforms.extract.names.printed.byline_names import organizations_of
from transforms.extract.names.printed.byline_text import MAX_BYLINE_CHARS, byline_text
from transforms.extract.names.printed.visible import Seen, Visible, visible
from transforms.extract.names.publisher_names import no_people
from transforms.extract.names.stated import (
    MAX_AUTHORS,
    StatedLine,
    StatedNames,
    credited_agencies,
    json_ld_lines,
    meta_lines,
    names_in,
)
from transforms.extract.page.class_names import Aside
from transforms.text.agency_names import load_agencies


class Signed(NamedTuple):
    """Who signs an article; its fields are those of `Article` with these names."""

    byline: str | None = None
    authors: tuple[str, ...] = ()
    author_organizations: tuple[str, ...] = ()


def signed(facts: PageFacts, page: Page, publisher: str | None) -> Signed:
    """The article's authors, each once, in the page's order, and the line that names them.

    People, from these sources in order: JSON-LD author; the byline near the headline, marked by itemprop, rel, class or
    a link to a person's page, or opened by a word like "by"; meta elements; the feed entry; the only byline elsewhere
    in the article; else the only byline below the headline in a box or footer whose label says that the author follows
    ("Posted by").

    Names for machines (JSON-LD, meta) are believed if a reader sees them too. If the reader sees other, full names,
    these are taken: accounts of the publishing system are often not the author's. A byline that names all of the stated
    people and more is taken instead.

    Organisations: those in the same byline; where no person signs, those that sign near the headline or are stated for
    machines, the publisher itself among them. An agency is none: it stays in the byline, from which `wire_sources` is
    filled; where none is printed, the names as stated are the byline. One that the page states as its source or
    provider, or prints as such without "by", follows the printed byline.
    """
    structured = list(json_ld_lines(facts))
    others = no_people(facts, page, publisher, structured)
    text = PageText(facts)
    is_no_name = text.contradicts
    seen = visible(facts.bylines, others, text)
    sources = (structured, meta_lines(facts, others), list(map(StatedLine, page.entry_authors)))
    told, in_meta, fed = (_people_only(names_in(lines, others), facts, is_no_name) for lines in sources)
    authors = _authors(told.people, in_meta.people, fed.people, seen)[:MAX_AUTHORS]
    is_news = "newsarticle" in str(facts.structured.get("@type", "")).lower()
    organizations = _organizations(authors, (told, in_meta, fed), seen, others, is_news=is_news)
    byline = _byline(authors, organizations, (told, in_meta, fed), seen)
    credited = credited_agencies(facts, others) or seen.credited
    return Signed(_with_agencies(byline, credited), authors, organizations)


def _people_only(told: StatedNames, facts: PageFacts, is_no_name: Callable[[str], bool]) -> StatedNames:
    """What is stated for machines without what the text speaks against, and without single words that no reader sees
    by the headline and that are not written as names are: these are names of accounts."""
    people = [one for one in told.people if not is_no_name(one)]
    if any(map(_is_account, people)):
        printed = {compact(piece.text) for byline in facts.bylines if byline.near for piece in byline.pieces}
        people = [one for one in people if not _is_account(one) or compact(one) in printed]
    return told._replace(people=tuple(people))


def _is_account(name: str) -> bool:
    """Whether a name is one word, and not a capital before small letters ("Ada")."""
    return " " not in name and name.lower() != name.upper() and not (name.istitle() and name.replace(".", "").isalpha())


def _authors(
    structured: tuple[str, ...], in_meta: tuple[str, ...], fed: tuple[str, ...], seen: Visible
) -> tuple[str, ...]:
    near, far = seen.near, seen.far
    told = structured or in_meta
    if near and _is_full(near) and not _is_full(told):
        told = structured = in_meta = ()
    read = _keys(near) | _keys(fed) | (_keys(far) if structured or not near else set())
    is_read = bool(_keys(told) & read or _surnames(told) & _surnames(near))
    signs_alone = bool(seen.signing) and len(told) < 2  # a newsroom may sign for several
    if not is_read and (signs_alone or (seen.is_said and _is_full(near))):
        told = structured = ()  # the reader sees who signs, and it is someone else
    if structured and _is_full(structured):
        best = near if _keys(near) > _keys(structured) else structured
    elif told and (not near or is_read or not _is_full(near)):
        best = near if _keys(near) > _keys(told) else told
    else:
        best = near or told or fed or far or (seen.dated[0].people if seen.dated and not seen.signing else ())
    return tuple(dict.fromkeys(best))


def _organizations(
    authors: Collection[str], told: Sequence[StatedNames], seen: Visible, others: frozenset[str], *, is_news: bool
) -> tuple[str, ...]:
    """The organisations that sign. The site itself, in JSON-LD alone, counts only in a NewsArticle (`is_news`):
    systems fill that field of all pages, and a newsroom signs its news."""
    if authors:
        keys = _keys(authors)
        near = (organizations_of(one.byline, others) for one in seen.all if _is_beside(one, keys))
        beside = [names for names in near if names]
        told_beside = [one.organizations for one in told if _keys(one.people) & keys]
        found = [name for names in (*beside[:1], *told_beside[:1]) for name in names if compact(name) not in others]
        return tuple(dict.fromkeys(found))
    if seen.signing:
        return seen.signing[0].organizations
    structured, *more = (one.organizations for one in told)
    is_filled = not is_news and not any(more) and all(_is_site(name, others) for name in structured)
    stated = next((names for names in (() if is_filled else structured, *more) if names), ())
    return stated or (seen.signing_far[0].organizations if seen.signing_far else ())


def _is_site(name: str, others: Iterable[str]) -> bool:
    return any(other.startswith(compact(name)) for other in others)


def _is_beside(seen: Seen, keys: frozenset[str]) -> bool:
    return seen.byline.aside is Aside.WITHIN and bool(_keys(seen.people) & keys)


def _byline(
    authors: tuple[str, ...], organizations: tuple[str, ...], told: Iterable[StatedNames], seen: Visible
) -> str | None:
    names = authors or organizations
    bylines = (*seen.all, *seen.dated) if authors else (*seen.signing, *seen.signing_far)
    printed = byline_text(bylines, names) if names or seen.signing else None
    stated = next((", ".join(one.lines)[:MAX_BYLINE_CHARS] for one in told if _has_agency(one.lines)), None)
    if stated is None or (printed is not None and _has_agency([printed])):
        return printed
    return stated


def _with_agencies(byline: str | None, credited: tuple[str, ...]) -> str | None:
    """The byline, and behind it the agencies that the page states as its source, where it names none."""
    if not credited or (byline is not None and _has_agency([byline])):
        return byline
    return ", ".join([*filter(None, [byline]), *credited])[:MAX_BYLINE_CHARS]


def _has_agency(lines: Iterable[str]) -> bool:
    return any(load_agencies().signing(part) for line in lines for part in PARTS.split(line))


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(compact(without_title(name)) for name in names)


def _surnames(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(",")[0].split()[-1].casefold() for name in names)


def _is_full(names: Iterable[str]) -> bool:
    """Whether each name has more than one word: a single word may only look like a name."""
    return all(" " in name or not name.isascii() for name in names)
