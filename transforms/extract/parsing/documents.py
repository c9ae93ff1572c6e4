"""One document out of a page's markup, for servers that send several documents in a row or end one too early."""

from __future__ import annotations

import re

_PAGE_END = re.compile(r"</html\b[^<>]*+>", re.IGNORECASE)
_END = re.compile(r"</(html|body)\b[^<>]*+>", re.IGNORECASE)
_BEGIN = re.compile(r"(?:\s++|<[!?](?!doctype)[^<>]*+>)*+<(?:!\s*+doctype|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]*+>[^<]*+</title\b[^<>]*+>", re.IGNORECASE)
_HEADLINE = re.compile(r"<h1\b", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_PROSE = re.compile(r">([^<>]{80,}+)")
_STORY_CHARS = 250


def one_document(text: str) -> str:
    """The markup as a single document that a parser reads to its end. Linear in its length.

    Browsers put the text after ``</body>`` or ``</html>`` into the body; libxml2 drops it, so these end tags are
    removed. Where several documents follow each other (a loading screen, then the page; the page, then the next story),
    the first with a headline and a story is the page. If it has a title, documents before it lose theirs; later
    documents with a headline and a story of their own are left out.
    """
    ends = list(_END.finditer(text))
    if any(end[1].lower() == "html" and _BEGIN.match(text, end.end()) for end in ends):
        return _END.sub(" ", " ".join(_of_one_page(_PAGE_END.split(text))))
    starts, stops = [0, *(end.end() for end in ends)], [*(end.start() for end in ends), len(text)]
    return " ".join([text[start:stop] for start, stop in zip(starts, stops, strict=True)])


def _of_one_page(pieces: list[str]) -> list[str]:
    """The documents of a page that has several; text behind an end that opens no new document stays with the last."""
    documents: list[str] = []
    for piece in pieces:
        if documents and not _BEGIN.match(piece):
            documents[-1] += f" {piece}"
        else:
            documents.append(piece)
    stories = [_HEADLINE.search(document) is not None and _has_story(document) for document in documents]
    own = stories.index(True) if True in stories else 0
    if _TITLE.search(documents[own]):
        documents[:own] = [_TITLE.sub(" ", document) for document in documents[:own]]
    return documents[: own + 1] + [
        document for document, is_story in zip(documents[own + 1 :], stories[own + 1 :], strict=True) if not is_story
    ]


def _has_story(document: str) -> bool:
    return sum(map(len, _PROSE.findall(_CODE.sub(" ", document)))) >= _STORY_CHARS
