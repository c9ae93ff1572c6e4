"""Facts of a run as tests compare them: a step's time, which no test knows, by the step's name."""

from __future__ import annotations

from typing import Any

from schemas.run import StepTime


def timeless(fact: Any) -> Any:
    """The fact, or for a step's time ``("step", its name)``; also of facts by run id."""
    if isinstance(fact, StepTime):
        return "step", fact.step
    if isinstance(fact, tuple) and isinstance(fact[1], StepTime):
        return fact[0], timeless(fact[1])
    return fact


def is_count(fact: Any) -> bool:
    """Whether a fact by run id is a count."""
    return isinstance(fact[1], tuple)
