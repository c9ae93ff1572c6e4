"""``newsbeam check``: tells a monitor what about a lake is unlike its past, or beyond a threshold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipelines.checks import FINDINGS, UNDELIVERED, UsageError, check_output
from pipelines.commands.check.deliver import UndeliveredError, Way, ways
from pipelines.commands.check.memory import Key, remember, remembered
from pipelines.figures.lake_facts import NEEDED, disk_of, lake_facts
from pipelines.figures.lake_tables import lake_tables
from pipelines.given.lakes import lake_at, reading_lake, runs_of
from pipelines.given.rules_file import read_rules
from pipelines.given.times import now_of
from pipelines.printable import json_text, plain
from schemas.run import iso
from transforms.health.finding import Finding
from transforms.health.findings import findings
from transforms.lake.committed import committed
from transforms.text.dates.instants import us_of


def check(given: argparse.Namespace) -> int:
    """0 when all is well, 4 when something was found, 5 when the message could not be delivered."""
    rules = read_rules(given.rules)
    chosen = ways(given.notify, given.webhook)
    before = _told_before(given, chosen)
    now_us = us_of(now_of(given))
    with reading_lake():
        storage = lake_at(given.output)
        runs_of(storage, given.output)
        held = committed(storage)
        with lake_tables(held, NEEDED) as tables:
            newest = tables.live.newest
            found = findings(lake_facts(tables, disk_of(storage)), rules, now_us)
    shown = _shown(given.output, newest, now_us, found, before)
    print(json_text(shown, sort_keys=True) if given.json else shown["text"])
    delivered = _deliver(given, chosen, shown, found, before)
    if not delivered:
        return UNDELIVERED
    return FINDINGS if found else 0


def _told_before(given: argparse.Namespace, chosen: Sequence[Way]) -> frozenset[Key] | None:
    """What the last message told of; None where every message is sent."""
    if given.remember is None:
        return None
    if not chosen:
        raise UsageError("--remember is for messages: give --notify or --webhook too")
    if given.remember == "-":
        raise UsageError("--remember is a file's name")
    check_output(given.remember)
    return remembered(given.remember)


def _shown(
    output: str, run_id: str, now_us: int, found: Sequence[Finding], before: frozenset[Key] | None
) -> dict[str, Any]:
    """The findings as ``--json`` and a message have them. `text` is the whole for people, as chat webhooks take it."""
    keys = {one.key for one in found}
    shown: dict[str, Any] = {
        "output": output,
        "run_id": run_id,
        "checked_at": iso(now_us),
        "status": "findings" if found else "well",
        "findings": [asdict(one) for one in found],
        "text": "\n".join(_lines(output, run_id, found)),
    }
    if before is not None:
        shown["new"] = [dict(zip(("rule", "subject"), key, strict=True)) for key in sorted(keys - before)]
        shown["over"] = [dict(zip(("rule", "subject"), key, strict=True)) for key in sorted(before - keys)]
    return shown


def _lines(output: str, run_id: str, found: Sequence[Finding]) -> list[str]:
    if not found:
        return [plain(f"{output}: all is well at run {run_id}")]
    word = "finding" if len(found) == 1 else "findings"
    told = (f"{one.rule}: {f'{one.subject}: ' if one.subject else ''}{one.message}" for one in found)
    return list(map(plain, (f"{output}: {len(found)} {word} at run {run_id}", *told)))


def _deliver(
    given: argparse.Namespace,
    chosen: Sequence[Way],
    shown: dict[str, Any],
    found: Sequence[Finding],
    before: frozenset[Key] | None,
) -> bool:
    """Whether the message was delivered in every way, or none was due."""
    keys = frozenset(one.key for one in found)
    is_due = bool(found) if before is None else keys != before
    if not is_due:
        return True
    message = json_text(shown, sort_keys=True).encode() + b"\n"
    delivered = True
    for way in chosen:
        try:
            way.send(message)
        except UndeliveredError as error:
            print(f"newsbeam check: {way.name}: {plain(str(error))}", file=sys.stderr)
            delivered = False
    if delivered and given.remember is not None:
        remember(given.remember, keys)
    return delivered
