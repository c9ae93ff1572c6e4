"""A page's text to a tree: as it is, or where the parser's limits would lose the article, after a cheap repair."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, fromstring

from transforms.extract.library import library_call
from transforms.extract.parsing.as_read import as_read, end_readings
from transforms.extract.parsing.documents import one_document
from transforms.extract.parsing.flatten_html import flatten_html
from transforms.extract.parsing.slim_html import LONG_TAG_CHARS, slim_html, slim_tags
from transforms.extract.parsing.swallowed import free_swallowed
from transforms.extract.parsing.without_code import without_code

_MANY_TAGS = 50_000
"""Where so many are, their lengths are not looked at: the list would be larger than the page."""

_MAX_TAGS = 500_000
"""Fifty times what the largest of a thousand news pages has; a tree of more would not fit into a worker's memory."""

_COSTLY_ELEMENTS = 15_000
_COSTLY_CHILDREN = 5_000
_CHILDREN = ("td", "th", "tr", "li", "dd", "dt", "option")
_HEAD_CHARS = 50

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r") | {0x7F})
_REFERENCES = re.compile(
    rb"&#(?:0*+(?:[1-8]|1[124-9]|2\d|3[01]|127)(?!\d)|[xX]0*+(?:[1-8bBcCeEfF]|1[\da-fA-F]|7[fF])(?![\da-fA-F]));?+"
)
"""Control characters as references, which word processors leave in texts. libxml2 takes them, and lxml then refuses
to write the text back, so that the article would be lost."""
_NONCHARACTERS = ("\ufffe", "\uffff")
_DOCTYPE = re.compile(r"\s*+<!\s*+doctype[^<>]*+>", re.IGNORECASE)
"""Says nothing that the parser heeds, and misspelt it hides the html element."""

_ENDED_HTML = re.compile(r"(\s*+<html\b(?:[^<>/\s]++|/(?!>)|\s++(?!/>))*+)\s*+/>", re.IGNORECASE)
"""Closed at once, it would hold no page."""


def parse_page(text: str) -> HtmlElement | None:
    """The tree of a page in linear time and bounded memory, or None where `text` is no HTML document.

    A look at its counts first: attributes beyond reason are taken out of a tag (libxml2 compares each with each:
    50,000 take 2 s) and what follows the 500,000th tag is cut off. Then it is parsed as it is. Where libxml2 2.14
    says that it reached a limit (256 nested elements, a text or attribute of 10 MB), behind which it would lose
    everything, the markup is slimmed and flattened and parsed again without limits. (Its own way to lift them, to 2,048
    levels, only moves the loss, and is deeper than what recursive code can walk.)

    Several documents in a row are one page (`one_document`), and the words are those that are read (`as_read`). Code is
    taken out first (`without_code`), so that no other pass has to go through it.
    Raises LibraryError where lxml does anything but parse.
    """
    text = end_readings(one_document(without_code(text)))
    if text.count(">") > _MANY_TAGS or has_long_tag(text):
        text = slim_tags(text)
    tree, is_whole = _tree(text, huge=False)
    if not is_whole:
        tree, _ = _tree(flatten_html(slim_html(text)), huge=True)
    if tree is None or ("html" not in text[:_HEAD_CHARS].lower() and len(tree) < 2):
        return None
    free_swallowed(tree)
    as_read(tree)
    return tree


def has_long_tag(text: str) -> bool:
    """Whether a tag is longer than any that a reader's page needs. Scripts are longer, but no tags."""
    start = 0  # of what stands between two ends of tags; where ends stand close, many are passed at once
    while len(text) - start > LONG_TAG_CHARS:
        end = text.rfind(">", start, start + LONG_TAG_CHARS + 1)
        if end < 0:
            end = text.find(">", start)
            end = end if end >= 0 else len(text)
            begin = text.rfind("<", start, end)
            if begin < 0 or end - begin > LONG_TAG_CHARS:
                return True
        start = end + 1
    return False


def is_costly(tree: HtmlElement) -> bool:
    """Whether a page has so much of something that steps whose time grows by the square would take many seconds.

    trafilatura 2.3.1 needs 6 s for 10,000 cells of a table or items of a list, and 4 s for 20,000 links in a
    paragraph; of 1,035 real news pages none has more than 6,000 elements, or 1,000 cells.
    """
    elements = tree.xpath("count(//*)")
    if elements <= _COSTLY_CHILDREN:
        return False
    return elements > _COSTLY_ELEMENTS or sum(1 for _ in tree.iter(*_CHILDREN)) > _COSTLY_CHILDREN


def _tree(text: str, *, huge: bool) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether the parser came to the end without reaching one of its limits."""
    if len(text) > _MAX_TAGS and text.count("<") > _MAX_TAGS:
        text = text[: next(islice(re.finditer("<", text), _MAX_TAGS, None)).start()]
    if doctype := _DOCTYPE.match(text):
        text = text[doctype.end() :]
    if html := _ENDED_HTML.match(text):
        text = f"{html[1]}>{text[html.end() :]}"
    for character in _NONCHARACTERS:  # no XML either; libxml2 would take them, and lxml not give them back
        text = text.replace(character, "")
    markup = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    markup = _REFERENCES.sub(b"", markup)
    parser = HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )
    # lxml.html asks a Python function for the class of each element that is touched; one class for all is enough here.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    with library_call("lxml"):
        try:
            tree = fromstring(markup, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it that could be an element
            tree = None
    last = parser.error_log.last_error
    return tree, last is None or last.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT
