"""Which usage directives object to the training of models, or to text and data mining; see docs/tables.md for their
forms. The query there and this file say the same, which a test holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Objection(StrEnum):
    """How a publisher says that an article is not for training, or not without terms."""

    NO_AI = "no_ai"
    NO_MINING = "no_mining"
    NO_TRAINING = "no_training"
    TERMS = "terms"
    CRAWLERS = "crawlers"


MEANINGS: Final = {
    Objection.NO_AI: "`noai` or `noml` in robots directives",
    Objection.NO_MINING: "text and data mining is reserved (`tdm-reservation=1`)",
    Objection.NO_TRAINING: "no training, by Content-Usage or a content signal",
    Objection.TERMS: "licensing terms (RSL), to be read first",
    Objection.CRAWLERS: "robots.txt keeps an AI crawler out",
}

_NO_AI: Final = re.compile(r"(?:[a-z0-9 _.-]+:)?no(?:ai|ml)")


def objection_in(statement: str) -> Objection | None:
    """The objection in one usage directive; None for any other statement. Silence is not consent."""
    if _NO_AI.fullmatch(statement):
        return Objection.NO_AI
    if statement == "tdm-reservation=1":
        return Objection.NO_MINING
    if statement.endswith(("content-usage:train-ai=n", "content-signal:ai-train=no")):
        return Objection.NO_TRAINING
    if "rsl:" in statement:
        return Objection.TERMS
    if statement.startswith("robots.txt:") and statement.endswith("=disallow"):
        return Objection.CRAWLERS
    return None


def objections_in(statements: Iterable[str] | None) -> frozenset[Objection]:
    """The kinds of objection among an article's usage directives."""
    return frozenset(found for one in statements or () if (found := objection_in(one)) is not None)
