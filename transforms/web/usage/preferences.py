"""Reads stated preferences of use: `Content-Usage` of the IETF's AI Preferences, and `Content-Signal`.

Both are dictionaries of structured fields (RFC 9651, 3.2) whose values are tokens: ``train-ai=n, search=y`` and
``search=yes, ai-train=no``. The labels are not a closed list, since they are still debated: whatever label has a value
that can be one is kept. Sources: draft-ietf-aipref-vocab-08, draft-ietf-aipref-attach-05; contentsignals.org.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from http_sf import StructuredFieldError, Token, parse

PREFERENCE_FIELDS: Final = ("content-usage", "content-signal")

_ANSWERS: Final = {"content-usage": ("y", "n"), "content-signal": ("yes", "no", "immediate", "reference", "full")}
"""The values of each field, of which the first two allow and disallow; the others are those of the signal `use`."""

_MAX_CHARS: Final = 4_000
_MAX_LABELS: Final = 20
_MAX_LABEL_CHARS: Final = 60


def preferences(field: str, value: str) -> dict[str, str]:
    """The answers in a field's value by label; empty where it is no dictionary, or longer than 4,000 characters.

    As the drafts ask: the last value of a label counts, parameters and values of other kinds are ignored, and one
    mistake anywhere leaves nothing, so that no half of a statement is taken for the whole.
    """
    if len(value) > _MAX_CHARS:
        return {}
    try:
        stated = parse(value.encode(), tltype="dictionary")
    except StructuredFieldError:
        return {}
    assert isinstance(stated, dict)
    answers = ((label, item[0]) for label, item in stated.items() if isinstance(item, tuple))
    known = (
        (label, str(answer))
        for label, answer in answers
        if isinstance(answer, Token) and str(answer) in _ANSWERS[field] and len(label) <= _MAX_LABEL_CHARS
    )
    return dict(islice(known, _MAX_LABELS))


def strictest(field: str, statements: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Several statements as one: a use that any of them disallows is disallowed (draft-ietf-aipref-vocab-08, 5.1)."""
    disallowed = _ANSWERS[field][1]
    combined: dict[str, str] = {}
    for statement in statements:
        for label, answer in statement.items():
            if combined.get(label) != disallowed:
                combined[label] = answer
    return combined
