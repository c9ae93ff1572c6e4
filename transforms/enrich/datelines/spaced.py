"""Reads openings in scripts that leave spaces between words."""

from __future__ import annotations

import re

from transforms.enrich.datelines.segments import Kind, is_source, read_segment
from transforms.enrich.datelines.shape import Mark, Opening

_WINDOW = 180
_LONGEST_SEGMENT = 70
_DELIMITER = re.compile(
    r"(?=[\s(\[（［/.—―–:：։|•,،፣।-])(?:"  # what any of these begins with, so that letters are passed quickly
    r"\s?(?P<bracket>[(\[（［][^()\[\]（）［］\n]{2,60}[)\]）］])"
    r"|(?:(?<=[\s.,\d])|^)(?P<slashes>/[^/\n]{2,40}/)"
    r"|(?P<dash>\.\s?[-–—]{1,2}\s?|\s?[—―–]{1,2}\s?|\s-{1,2}(?=\s|$)|\s?--\s?|(?<=[)\]）］/])-\s?|(?<=\w)-(?=\s))"
    r"|(?P<colon>\s?[:：։](?=\s|$))"
    r"|(?P<pipe>\s?[|•](?=\s))"
    r"|(?P<comma>[,،፣])"
    r"|(?P<stop>(?<!\b[SFMP]t)(?<!\b[SFMP]T)\.(?=\s|$)|।)"
    r"|(?P<slash>(?<=\w)/(?=\s)|(?<=\s)/(?=\s))"  # "بغداد/ واع", "3 مارس/ وام /"
    r")"
)
_NEXT = re.compile(r"[\s\"“”„«»'‘’(¡¿-]*+(.?)")
_FIRST_WORD = re.compile(r"\s*(\w{3,12})\s[^\W_a-zа-я]")
_ABBREVIATION = re.compile(r"\w{1,5}|(?:\w\.)+\w")


def parse_spaced(block: str) -> Opening | None:
    """The opening at the beginning of a block; None if it does not begin with one.

    Goes from mark to mark as long as places, dates and sources stand between them. The opening ends at the last mark
    that can end one: a comma cannot. Linear, in the first characters of the block.
    """
    return _Reader(block[:_WINDOW], len(block) <= _WINDOW).read()


class _Reader:
    """Reads one window; `is_whole` says that it is the whole block."""

    def __init__(self, window: str, is_whole: bool) -> None:
        self._window = window
        self._is_whole = is_whole
        self._places: list[str] = []
        self._sources: list[str] = []
        self._is_dated = False
        self._has_ended = False  # a mark stands behind the place: what looks like another place begins the story
        self._best: Opening | None = None

    def read(self) -> Opening | None:
        at = 0
        while (mark := _DELIMITER.search(self._window, at)) is not None:
            if not self._take(self._window[at : mark.start()], mark):
                return self._unparted(at) or self._best
            self._pass(mark)
            at = mark.end()
        rest = self._window[at:]
        if rest.strip() and self._is_whole and self._take(rest, None) and (self._places or self._sources):
            self._best = self._opening(Mark.LINE, len(self._window))
        return self._best

    def _unparted(self, at: int) -> Opening | None:
        """The opening of "Baku, March 3, AZERTAC The council …", in which nothing parts agency and sentence."""
        source = _FIRST_WORD.match(self._window, at)
        is_parted = self._is_dated or self._window[:at].rstrip().endswith("/")  # "أنقرة / الأناضول …"
        if not self._places or not is_parted or source is None or not is_source(source[1]):
            return None
        self._sources.append(source[1])
        return self._opening(Mark.DASH, source.end(1))

    def _take(self, text: str, mark: re.Match[str] | None) -> bool:
        """Take the pieces of a segment; False where the story begins."""
        if not text.strip():
            return True
        pieces = read_segment(text, bool(self._places)) if len(text) <= _LONGEST_SEGMENT else None
        if pieces is None or (self._has_ended and any(kind is Kind.PLACE for kind, _ in pieces)):
            return False
        for kind, piece in pieces:
            if kind is Kind.PLACE:
                self._places.append(piece + self._full_stop(piece, mark))
            elif kind is Kind.SOURCE:
                self._sources.append(piece)
            else:
                self._is_dated = True
        return True

    def _full_stop(self, piece: str, mark: re.Match[str] | None) -> str:
        """The full stop of a state's abbreviation: "CHARLESTON, Ill. (AP)"."""
        is_short = bool(self._places) and mark is not None and _ABBREVIATION.fullmatch(piece) is not None
        return "." if is_short and mark is not None and mark[0].startswith(".") else ""

    def _pass(self, mark: re.Match[str]) -> None:
        """Note what a mark says, and the opening that ends here."""
        name = mark.lastgroup or ""
        if name == "comma":
            # "МОСКВА, 3 мар — РИА Новости, Иван Примеров. …": the reporter's name is no part of it
            if self._sources and self._has_ended and self._is_dated:
                self._best = self._opening(Mark.DASH, mark.end())
            return
        if name in ("bracket", "slashes"):
            inside = read_segment(mark[name][1:-1])
            if inside is not None and all(kind is Kind.DATE for kind, _ in inside):
                self._is_dated = True
            else:
                self._sources.append(mark[name])
            name = "bracket"
        if self._places or self._sources or self._is_dated:
            self._has_ended = self._has_ended or bool(self._places)
            self._best = self._opening(Mark(name), mark.end())

    def _opening(self, mark: Mark, end: int) -> Opening:
        following = _NEXT.match(self._window, end)
        begins = following[1] if following is not None else ""
        return Opening(tuple(self._places), tuple(self._sources), mark, self._is_dated, begins)
