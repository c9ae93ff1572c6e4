"""The list of rules that an ablation switches off names rules that are there."""

from __future__ import annotations

from functools import reduce
from importlib import import_module

import pytest

from benchmarks.ablated import Rule
from benchmarks.ablated_rules import rules


@pytest.mark.parametrize("rule", list(rules()), ids=str)
def test_a_rule_that_can_be_switched_off_is_there(rule: Rule) -> None:
    assert reduce(getattr, rule.name.split("."), import_module(rule.module)) is not None
    assert rule.ways
