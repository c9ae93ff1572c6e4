"""What an opening of a report consists of, in any script."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.text.agency_names import load_agencies


class Mark(StrEnum):
    """What stands between an opening and the first sentence. LINE: nothing, the opening is a block of its own."""

    BRACKET = "bracket"
    DASH = "dash"
    COLON = "colon"
    PIPE = "pipe"
    STOP = "stop"
    SLASH = "slash"
    LINE = "line"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as printed.

    `places` are the place and what follows it behind commas: "BUFFALO", "N.Y.". `sources` are who may be named as the
    source: what stands in brackets or slashes, with these, and agencies and web addresses without. `begins` is the
    first letter of the sentence behind it ("" if none).
    """

    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    mark: Mark = Mark.LINE
    is_dated: bool = False
    begins: str = ""

    @property
    def agencies(self) -> list[str]:
        """The agencies among the sources, each once."""
        return list(dict.fromkeys(name for source in self.sources for name in load_agencies().names_in(source)))

    @property
    def is_bracketed(self) -> bool:
        """Whether an agency stands in brackets or slashes."""
        return any(source[0] in "([/（［【" and load_agencies().names_in(source) for source in self.sources)

    @property
    def goes_on_small(self) -> bool:
        """Whether the sentence behind it goes on with a small letter: then it is no opening, but a part of the
        sentence: "The mayor — no friend of bridges — agreed."."""
        return self.begins.islower()
