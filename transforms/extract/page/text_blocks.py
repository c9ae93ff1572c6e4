"""The text of a parsed page as blocks in page order, each with the element that holds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

from lxml import etree
from lxml.html import HtmlElement

from transforms.extract.page.anchors import Anchor, AnchorsOfWalk

_SKIPPED = frozenset(
    "head script style noscript template svg math iframe object embed applet canvas audio video map select option "
    "datalist button input textarea progress meter frameset dialog".split()
)
"""Elements whose text is not part of what an article's reader sees."""

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
"""Elements that begin a block of their own (HTML Standard, section 15.3: display: block, and table parts)."""

CELLS = frozenset(("td", "th"))
"""Cells of tables."""

_UNSEEN = re.compile(
    r"\bsr-only\b|visually-?hidden|screen-?reader|clip:\s*rect\(0|clip-path:\s*inset\(50%|display:\s*none"
    r"|\bmaterial-(?:icons|symbols)",
    re.IGNORECASE,
)
"""The last are fonts that draw an icon where its name stands: "arrow_forward"."""

_LARGE_CHARS = 1 << 20
_BLANKS = re.compile(r"\s+")
_MAX_NAME_CHARS = 200
_NAMING = frozenset(("id", "itemprop", "role", "data-testid", "data-component", "data-type"))
"""Attributes besides class in which templates name their parts."""

_DIALOG_ROLES = frozenset(("dialog", "alertdialog"))
"""Roles of what opens above the page. Its name is the one that most templates give it: "dialog" may be an interview."""

_WORD = re.compile("[A-Z]++[a-z]*+|[a-z]++")
_LOWER_WORD = re.compile("[a-z]{2,}+")
_SENTENCE_CHARS = 30
_ECHOED_SENTENCES = 3
_SENTENCE_GAP = re.compile(r"[.!?。]\s*")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


_KINDS = {
    **dict.fromkeys(_BLOCKS, "block"),
    **dict.fromkeys(_SKIPPED, "skipped"),
    **dict.fromkeys(("span", "small", "i", "em"), "phrase"),
    **dict.fromkeys(("b", "strong"), "strong"),
    "a": "link",
    "br": "break",
}
"""The kind of each element that matters to the walk; all other elements only hold text."""


Value = TypeVar("Value")


class Place(NamedTuple):
    """A block-level element that holds text, and its `holder`: the block-level element around it.

    `number` counts places in page order, so a place's number is higher than its holder's. `signature` is the tag with
    the class, as templates repeat them. `names` are class, id and similar attributes.
    """

    number: int
    tag: str
    signature: str
    names: str
    is_hidden: bool
    holder: Place | None
    depth: int = 0

    @property
    def words(self) -> frozenset[str]:
        """The words of its names."""
        return class_words(self.names)

    def path(self) -> list[Place]:
        """This place and all places around it, up to the root."""
        found: list[Place] = []
        place: Place | None = self
        while place is not None:
            found.append(place)
            place = place.holder
        return found


def inherited(place: Place, known: dict[int, Value], root: Value, entered: Callable[[Place, Value], Value]) -> Value:
    """What holds inside a place: `entered` says what a place makes of what holds around it, at first of `root`.

    `known` has what was found before, by the places' numbers.
    """
    if place.number in known:  # most blocks stand where another one stands
        return known[place.number]
    unknown: list[Place] = []
    here: Place | None = place
    while here is not None and here.number not in known:
        unknown.append(here)
        here = here.holder
    value = known[here.number] if here is not None else root
    for one in reversed(unknown):
        value = known[one.number] = entered(one, value)
    return value


class TextBlock(NamedTuple):
    """A run of text that no block-level element or line break divides, with white space collapsed.

    `anchors` are its links, where they were asked for.
    """

    text: str
    place: Place
    link_chars: int
    links: int
    strong_chars: int
    after_break: bool
    anchors: tuple[Anchor, ...] = ()


_ROOT = Place(0, "html", "html", "", False, None)


def text_blocks(tree: HtmlElement, *, keep_links: bool = False) -> list[TextBlock]:
    """The blocks of a page, with their links if `keep_links`. Time and memory are linear in the size of the tree."""
    return _Walk(AnchorsOfWalk() if keep_links else None).blocks_of(tree)


@dataclass(slots=True)
class _Walk:
    """One pass over a tree, which gathers text until a block-level element begins or ends, or a line breaks."""

    linked: AnchorsOfWalk | None = None
    blocks: list[TextBlock] = field(default_factory=list)
    place: Place = _ROOT
    places: int = 0
    texts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: int = 0
    strong_chars: int = 0
    in_link: int = 0
    in_strong: int = 0
    after_break: bool = False

    def blocks_of(self, tree: HtmlElement) -> list[TextBlock]:
        texts = self.texts
        walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            kind = _KINDS.get(element.tag)
            if event == "start":
                if kind is not None:
                    if kind == "skipped" or (kind == "phrase" and _is_unseen(element)):
                        walk.skip_subtree()
                        continue
                    self._open(kind, element)
                text = element.text
            else:
                if kind is not None and event == "end":
                    self._close(kind)
                text = element.tail if element is not tree else None
            if text:
                texts.append(text)
                if self.in_link:
                    self.link_chars += len(text)
                if self.in_strong:
                    self.strong_chars += len(text)
        if texts:
            self._flush()
        return self.blocks

    def _open(self, kind: str, element: HtmlElement) -> None:
        if kind == "block":
            if self.texts:
                self._flush()
            self.place = self._enter(element, self.place)
        elif kind == "link":
            self.in_link += 1
            self.links += 1
            if self.linked is not None:
                self.linked.open(element, self.texts)
        elif kind == "strong":
            self.in_strong += 1
        elif kind == "break":
            if self.texts:
                self._flush()
            self.after_break = True

    def _close(self, kind: str) -> None:
        if kind == "block":
            if self.texts:
                self._flush()
            self.place = self.place.holder or _ROOT
        elif kind == "link":
            self.in_link -= 1
            if self.linked is not None:
                self.linked.close(self.texts)
        elif kind == "strong":
            self.in_strong -= 1

    def _enter(self, element: HtmlElement, holder: Place) -> Place:
        self.places += 1
        tag, css, names, is_hidden = element.tag, "", "", holder.is_hidden
        for name, value in element.items():
            if name == "class":
                css = value[:_MAX_NAME_CHARS]
                names = f"{names} {css}"
            elif name in _NAMING:
                names = f"{names} {value[:_MAX_NAME_CHARS]}"
                if name == "role" and value in _DIALOG_ROLES:
                    names = f"{names} modal"
            elif name == "hidden" or (name == "style" and _HIDDEN.search(value[:_MAX_NAME_CHARS])):
                is_hidden = True
        return Place(self.places, tag, f"{tag}.{css}" if css else tag, names, is_hidden, holder, holder.depth + 1)

    def _flush(self) -> None:
        raw = "".join(self.texts)
        anchors = self.linked.take(self.texts) if self.linked is not None else ()
        if text := _collapsed(raw):
            link_chars, strong_chars = min(self.link_chars, len(text)), min(self.strong_chars, len(text))
            block = TextBlock(text, self.place, link_chars, self.links, strong_chars, self.after_break, anchors)
            self.blocks.append(block)
            self.after_break = False
        self.texts.clear()
        self.link_chars = self.strong_chars = 0
        self.links = 1 if self.in_link else 0


def _collapsed(text: str) -> str:
    """The text with each run of white space as one blank. Splitting is quicker, but holds each word in memory."""
    return " ".join(text.split()) if len(text) < _LARGE_CHARS else _BLANKS.sub(" ", text).strip()


def _is_unseen(element: HtmlElement) -> bool:
    """Whether a phrase is there for screen readers only, such as "(opens in a new tab)", or is the name of an icon."""
    css, style = element.get("class"), element.get("style")
    return bool((css and _says_unseen(css)) or (style and _says_unseen(style)))


@lru_cache(maxsize=4096)
def _says_unseen(value: str) -> bool:
    return _UNSEEN.search(value[:_MAX_NAME_CHARS]) is not None


@lru_cache(maxsize=2048)
def class_words(names: str) -> frozenset[str]:
    """The lower-case words in class names and ids: "articleBody story-text" has four."""
    if names.islower():  # as in nearly all templates
        return frozenset(_LOWER_WORD.findall(names))
    return frozenset(word.lower() for word in _WORD.findall(names) if len(word) > 1)


def sentences(text: str) -> list[str]:
    """The sentences of 30 characters and more, by which a repeated text is recognised."""
    if len(text) < _SENTENCE_CHARS:
        return []
    return [sentence for sentence in _SENTENCE_GAP.split(text) if len(sentence) >= _SENTENCE_CHARS]


def without_echoes(blocks: list[TextBlock]) -> list[TextBlock]:
    """The blocks without echoes: blocks of three or more sentences, of which shorter blocks tell four in five.

    Some templates carry the whole text a second time, hidden and in one lump, for machines or for another screen.
    """
    pieces = [sentences(block.text) for block in blocks]
    every = list(chain.from_iterable(pieces))
    if len(every) - len(set(every)) < _ECHOED_SENTENCES:  # on nearly all pages
        return blocks
    told: set[str] = set()
    echoes: set[int] = set()
    for number in sorted(range(len(blocks)), key=lambda n: (len(pieces[n]), blocks[n].place.is_hidden, n)):
        again = sum(sentence in told for sentence in pieces[number])
        if len(pieces[number]) >= _ECHOED_SENTENCES and again >= 0.8 * len(pieces[number]):
            echoes.add(number)
        told.update(pieces[number])
    return [block for number, block in enumerate(blocks) if number not in echoes] if echoes else blocks
