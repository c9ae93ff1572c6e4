"""Gold texts set anew as pages of the years around 2010, when papers were laid out by tables and line breaks.

Pages of such markup teach what no page of the sets does: lists of other news, each a time with a linked headline and a
sentence; readers' comments without a class or an element of their own; menus, polls and the story in neighbouring cells
of one table. The labels are those of ten languages, whatever the language of the story; where these have other
letters, the story is written in them, one for one, as if in a language of which the lists of words know little. What
is not the story's own is made of other pages' texts (a teaser is the first sentence of one), so that no words tell the
parts apart. The same sets give the same pages.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from html import escape
from importlib import resources
from string import ascii_letters
from typing import Any, NamedTuple

from benchmarks.pages import PageSet, address

Labels = Mapping[str, Sequence[str]]

_SHARE = 0.4
"""So many of the pages with a gold text are set anew, each once."""

_FEWEST_CHARS = 300
_OTHERS = 40
_HEADLINE_WORDS = 20
_MOST_PARAGRAPHS = (2, 3, 4, 6, 9, 15, 40)
_SENTENCE = re.compile(r"(?<=[.!?。…])\s+(?=\S)")
_SIGNED = ("Jan Novy", "O. Meyer", "Олег Светлов", "Maria Rossi", "А. Белова", "Πέτρος Λέκκας", "Eva Brandt")
_NICKS = ("kolo76", "maria_s", "Петрович", "anna", "X-man", "stary_wyga", "Ольга", "user2210", "Νίκος", "jm")
_CLASSES = (
    ("content", "text"), ("maincont", "news-detail"), ("main", "post"), ("center", "article"), ("c2", "txt"),
    ("dle-content", "fullstory"), ("workarea", "news_text"), ("col2", "entry"), ("", ""), ("", ""),
)  # fmt: skip


class Story(NamedTuple):
    """The headline and the paragraphs of a page, and what its teaser tells."""

    headline: str
    paragraphs: tuple[str, ...]

    def in_letters_of(self, labels: Labels) -> Story:
        """The story in the letters of a language, if these are others than a to z."""
        if "letters" not in labels:
            return self
        [letters] = labels["letters"]
        table = str.maketrans(ascii_letters, letters + letters.upper())
        return Story(self.headline.translate(table), tuple(line.translate(table) for line in self.paragraphs))

    @property
    def teaser(self) -> str:
        """The first sentence."""
        return _SENTENCE.split(self.paragraphs[0])[0][:300]


@dataclass(frozen=True)
class OldLayouts(PageSet):
    """Some pages of a set, set anew; `folder` is that of the set."""

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The gold data, each text with no more paragraphs than its page shows."""
        made = {}
        for page_id, story in self._stories.items():
            rng = _rng("text", page_id)
            if rng.random() < _SHARE:
                told = story.in_letters_of(self._labels(page_id)).paragraphs
                text = "\n".join(told[: rng.choice(_MOST_PARAGRAPHS)])
                made[page_id] = {"articleBody": text, "url": address(self._real, page_id)}
        return {page_id: row for page_id, row in made.items() if len(row["articleBody"]) >= _FEWEST_CHARS}

    @cached_property
    def bodies(self) -> Mapping[str, bytes]:
        """The bytes of each page."""
        known = list(self._stories.values())
        bodies = {}
        for page_id, row in self.rows.items():
            rng, labels = _rng("page", page_id), self._labels(page_id)
            headline = self._stories[page_id].in_letters_of(labels).headline
            story = Story(headline, tuple(row["articleBody"].split("\n")))
            sampled = (one.in_letters_of(labels) for one in rng.sample(known, min(_OTHERS, len(known))))
            others = [one for one in sampled if one.headline != headline]
            bodies[page_id] = _OldPage(rng, story, others, labels).html().encode()
        return bodies

    @staticmethod
    def _labels(page_id: str) -> Labels:
        return _rng("language", page_id).choice(_languages())

    @cached_property
    def _real(self) -> PageSet:
        return PageSet(self.folder)

    @cached_property
    def _stories(self) -> Mapping[str, Story]:
        found = {}
        for page_id, text in self._real.gold.items():
            paragraphs = tuple(line for raw in text.split("\n") if (line := " ".join(raw.split())))
            if len(paragraphs) > 1:
                words = paragraphs[0].split()[:_HEADLINE_WORDS:2]  # a headline is no part of its text
                titled = self._real.rows[page_id].get("title")
                headline = " ".join(titled.split()) if titled else " ".join(words).rstrip(".,:;")
                found[page_id] = Story(headline, paragraphs)
        return found


def _rng(what: str, page_id: str) -> random.Random:
    return random.Random(blake2b(f"{what} {page_id}".encode(), digest_size=8).digest())


@lru_cache(maxsize=1)
def _languages() -> list[Labels]:
    data = json.loads(resources.files(__package__).joinpath("old_layouts.json").read_text(encoding="utf-8"))
    return [labels for name, labels in data.items() if not name.startswith("_")]


@dataclass
class _OldPage:
    """One page in the making: what it shows, and how its site sets paragraphs, lists and comments."""

    rng: random.Random
    story: Story
    others: list[Story]
    labels: Labels

    def html(self) -> str:
        rng = self.rng
        above, left, right = self._menu(), self._column(), self._column()
        middle = self._article()
        name = rng.choice(("Portal", "Вести", "Gazeta", "News", "Kurier"))
        title = escape(self.story.headline)
        body = rng.choice((self._in_table, self._in_table, self._in_nested_table, self._in_divs))(
            above, left, middle, right
        )
        foot = f"© 2001-2012 {name}. {self._label('rights')}"
        page_title = rng.choice((f"{title} | {name}", f"{name} - {title}", name))
        return (
            f'<html><head><meta charset="utf-8"><title>{page_title}</title></head>'
            f"<body>{body}<div>{foot}</div></body></html>"
        )

    def _label(self, kind: str) -> str:
        return escape(self.rng.choice(self.labels[kind]))

    def _maybe(self, chance: float, make: Callable[[], str]) -> str:
        return make() if self.rng.random() < chance else ""

    def _day(self) -> str:
        rng = self.rng
        day, month, hour, minute = rng.randint(1, 28), rng.randint(1, 12), rng.randint(0, 23), rng.randint(0, 59)
        return rng.choice((
            f"{day:02}.{month:02}.2012", f"{day:02}.{month:02}.2012 {hour:02}:{minute:02}", f"{hour:02}:{minute:02}",
            f"{day} {self._label('months')} 2012", f"{day} {self._label('months')}, {hour:02}:{minute:02}",
            f"{hour:02}:{minute:02} {day:02}/{month:02}/2012", f"2012-{month:02}-{day:02}",
        ))  # fmt: skip

    def _menu(self) -> str:
        mark = self.rng.choice((" | ", "<br>", " ", "</td><td>"))
        links = [f'<a href="/{number}/">{escape(name)}</a>' for number, name in enumerate(self.labels["menu"])]
        return f"<table><tr><td>{mark.join(links)}</td></tr></table>" if mark == "</td><td>" else mark.join(links)

    def _in_table(self, above: str, left: str, middle: str, right: str) -> str:
        cells = [f'<td valign="top" width="180">{left}</td>' if left else "", f'<td valign="top">{middle}</td>']
        cells.append(f'<td valign="top">{right}</td>' if right else "")
        return f'<table width="100%"><tr><td colspan="3">{above}</td></tr><tr>{"".join(cells)}</tr></table>'

    def _in_nested_table(self, above: str, left: str, middle: str, right: str) -> str:
        inner = f"<table><tr><td>{middle}</td></tr></table>"
        return self._in_table(above, left, inner, right)

    def _in_divs(self, above: str, left: str, middle: str, right: str) -> str:
        outer, _ = self.rng.choice(_CLASSES)
        columns = [f"<div>{column}</div>" if column else "" for column in (left, right)]
        held = f'<div class="{outer}">{middle}</div>' if outer else f"<div>{middle}</div>"
        first, last = self.rng.choice(((columns[0], columns[1]), ("", "".join(columns))))
        return f"<div>{above}</div>{first}{held}{last}"

    def _article(self) -> str:
        rng = self.rng
        _, inner = rng.choice(_CLASSES)
        parts = [self._maybe(0.4, self._crumbs), self._headline(), self._maybe(0.7, self._under_headline)]
        text = self._text()
        parts.append(f'<div class="{inner}">{text}</div>' if inner and rng.random() < 0.6 else text)
        parts.append(self._maybe(0.5, self._signature))
        tools = [self._maybe(0.5, self._tools), self._maybe(0.25, self._counts), self._maybe(0.2, self._tags)]
        tools += [self._maybe(0.1, lambda: self._line(self._label("error")))]
        below = [self._maybe(0.6, lambda: self._list("related")), self._maybe(0.45, self._comments)]
        rng.shuffle(tools)
        rng.shuffle(below)
        return "".join(parts + tools + below)

    def _line(self, text: str) -> str:
        return self.rng.choice(("<p>{}</p>", "<div>{}</div>", "{}<br>", "<br>{}<br>")).format(text)

    def _crumbs(self) -> str:
        links = " / ".join(f'<a href="/">{escape(name)}</a>' for name in self.labels["menu"][:2])
        return self._line(links + self.rng.choice(("", f" / {escape(self.story.headline)}")))

    def _headline(self) -> str:
        mark = self.rng.choice((
            "<h1>{}</h1>", "<h1>{}</h1>", "<h2>{}</h2>", "<h3>{}</h3>", "<b>{}</b><br>", "<div><b>{}</b></div>",
            '<font size="4"><b>{}</b></font><br>', '<div class="title">{}</div>', '<p class="zag">{}</p>',
        ))  # fmt: skip
        return mark.format(escape(self.story.headline))

    def _under_headline(self) -> str:
        told = [self._day()]
        told += [f"{self._label('author')} {self.rng.choice(_SIGNED)}"] if self.rng.random() < 0.3 else []
        told += [f"{self._label('views')} {self.rng.randint(10, 9999)}"] if self.rng.random() < 0.25 else []
        return self._line(" | ".join(told))

    def _text(self) -> str:
        rng = self.rng
        told = [escape(paragraph) for paragraph in self.story.paragraphs]
        if rng.random() < 0.25:
            told[0] = f"<b>{told[0]}</b>"
        if rng.random() < 0.2 and len(told) > 3:
            told.insert(rng.randint(1, len(told) - 1), f"{self._label('read')} {self._link(self.others[0])}")
        if rng.random() < 0.15:
            told.insert(rng.choice((0, 1)), f"{self._label('photo')} {rng.choice(_SIGNED)}")
        if rng.random() < 0.3:
            told.append(f"{self._label('source')} {rng.choice(_SIGNED)}")
        return rng.choice((_as_breaks, _as_breaks, _as_single_breaks, _as_paragraphs, _as_paragraphs, _as_divs))(told)

    def _signature(self) -> str:
        name = self.rng.choice(_SIGNED)
        return self.rng.choice((
            f'<p align="right"><b>{name}</b></p>', f"<br><i>{name}</i><br>", f"<p>{name}</p>",
            f"<div>{self._day()}</div>",
        ))  # fmt: skip

    def _tools(self) -> str:
        links = [f'<a href="/print">{self._label("print")}</a>', f'<a href="/send">{self._label("send")}</a>']
        links += [f'<a href="/list">{self._label("back")}</a>'] if self.rng.random() < 0.3 else []
        return self._line(self.rng.choice((" | ", " ", "<br>")).join(links))

    def _counts(self) -> str:
        counted = [
            f"{self._label('section')} {self._label('menu')}",
            f"{self._label('views')} {self.rng.randint(1, 9999)}",
        ]
        return self._line(" | ".join([*counted, f"{self._label('author')} admin", "0.0/0"][: self.rng.randint(1, 4)]))

    def _tags(self) -> str:
        words = [word.strip(".,") for word in self.story.paragraphs[0].split() if len(word) > 5][:4]
        return self._line(f"{self._label('tags')} " + ", ".join(f'<a href="/tag">{escape(word)}</a>' for word in words))

    def _link(self, story: Story) -> str:
        return f'<a href="/{abs(len(story.paragraphs[0]))}.html">{escape(story.headline)}</a>'

    def _column(self) -> str:
        made = [
            self._maybe(0.6, lambda: self._list("latest")),
            self._maybe(0.25, self._poll),
            self._maybe(0.2, self._ad),
        ]
        made += [self._maybe(0.2, lambda: "".join(self._line(escape(line)) for line in self.labels["extra"]))]
        self.rng.shuffle(made)
        return "".join(made)

    def _list(self, kind: str) -> str:
        """A list of other stories, under a label or under none, all set alike."""
        rng = self.rng
        chosen = rng.sample(self.others, rng.randint(3, min(10, len(self.others))))
        has_teasers, has_days, has_more = rng.random() < 0.6, rng.random() < 0.5, rng.random() < 0.25
        entry = rng.choice((
            "{day} {link}<br>{teaser}<br>", "<b>{day}</b> {link} {teaser}<br><br>",
            "<p>{day} {link}</p><p>{teaser}</p>", "<h4>{link}</h4><p>{day} {teaser}</p>",
            "<div>{day}</div><div>{link}</div><div>{teaser}</div>",
            "<li>{day} {link} {teaser}</li>", "<div>{link}<br>{teaser}</div>", "<p>{link}<br>{day} {teaser}</p>",
            '<div class="it"><span>{day}</span> {link}<p>{teaser}</p></div>',
        ))  # fmt: skip
        entries = [
            entry.format(
                day=self._day() if has_days else "",
                link=self._link(story),
                teaser=(escape(story.teaser) if has_teasers else "")
                + (f' <a href="/m">{self._label("more")}</a>' if has_more else ""),
            )
            for story in chosen
        ]
        label = rng.choice(("<b>{}</b><br>", "<h3>{}</h3>", "<div>{}</div>", "<p><b>{}</b></p>")).format(
            self._label(kind)
        )
        return self._maybe(0.85, lambda: label) + "".join(entries)

    def _comments(self) -> str:
        rng = self.rng
        entry = rng.choice((
            "<p><b>{nick}</b> {day}</p><p>{said}</p>", "<div><b>{nick}</b></div><div>{said}</div>",
            "<b>{nick}</b>, {day}<br>{said}<br><br>",
            "<li><b>{nick}</b> <small>{day}</small><p>{said} {reply}</p></li>",
            '<div class="c"><div>{nick} {day}</div><div>{said}</div><div>{reply}</div></div>',
            "<table><tr><td>{nick}<br>{day}</td><td>{said}</td></tr></table>",
        ))  # fmt: skip
        said = [
            entry.format(
                nick=rng.choice((*_NICKS, self._label("guest"))),
                day=self._day(),
                said=escape(_remark(rng, story)),
                reply=self._label("reply"),
            )
            for story in rng.sample(self.others, rng.randint(1, 8))
        ]
        count = rng.choice(("", f" ({len(said)})", f" {len(said)}"))
        form = self._maybe(0.5, lambda: "".join(self._line(escape(line)) for line in self.labels["form"]))
        label = rng.choice(("<h3>{}</h3>", "<p><b>{}</b></p>", "<b>{}</b><br>")).format(self._label("comments") + count)
        return self._maybe(0.9, lambda: label) + "".join(said) + form

    def _poll(self) -> str:
        return "".join(self._line(escape(line)) for line in self.labels["poll"])

    def _ad(self) -> str:
        told = escape(_remark(self.rng, self.rng.choice(self.others)))
        return self._line(f"<b>{self._label('ad')}</b>") + self._line(told)


def _remark(rng: random.Random, story: Story) -> str:
    """One to three sentences from somewhere in a story."""
    told = _SENTENCE.split(rng.choice(story.paragraphs))
    first = rng.randrange(len(told))
    return " ".join(told[first : first + rng.randint(1, 3)])[:500]


def _as_breaks(lines: Sequence[str]) -> str:
    return "<br><br>".join(lines) + "<br>"


def _as_single_breaks(lines: Sequence[str]) -> str:
    return "<br>&nbsp;&nbsp;&nbsp;".join(lines) + "<br>"


def _as_paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _as_divs(lines: Sequence[str]) -> str:
    return "".join(f"<div>{line}</div>" for line in lines)
