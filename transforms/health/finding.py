"""A finding: one thing about a lake that is unlike its own past, or beyond a threshold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found by which rule, about what: a feed, a site, a stage and reason; "" where it is the whole lake.

    `value` is what was measured, `limit` the threshold that it has passed, both in the unit that the message names.
    `subject` and `message` hold foreign text.
    """

    rule: str
    subject: str
    message: str
    value: float
    limit: float

    @property
    def key(self) -> tuple[str, str]:
        """What tells one finding from another, however its figures change: rule and subject."""
        return self.rule, self.subject
