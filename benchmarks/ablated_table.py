"""docs/rules.md out of what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from benchmarks.ablated import Rule

Found = Mapping[tuple[str, str], Mapping[str, Any]]
"""The answers of each set, by the rule and the way it was off."""

_HEAD: Final = """# Rules, and what each is good for

Written by `python -m benchmarks.ablate --write docs/rules.md`; do not edit. Each rule of copies, extraction and
cleaning was switched off alone, and the development data measured again. A figure is what changed: below nothing is
what the rule is worth there. An empty cell: the rule has no part in that set. The test is the first that fails with
the rule off in one of its ways (looked for as long as none is found). Bounds on what a hostile page may ask for
(`_MAX_…`) are no rules and are left out.

Measured on samples, for processor time: a figure of .0005 here may be chance on all data. Of rules before the model
(parsing, other stories, the seed) every third page was taken. Of a rule without a test here none was looked for, unless
the last section names it. A way without a row was not asked.

{samples}
"""
_ROOMS: Final = {"compare": "Copies and sites", "clean": "Cleaning", "extract": "Extraction"}


def is_needed(gains: Mapping[str, float]) -> bool:
    """Whether anything is lost without the rule."""
    return any(gain < 0 for name, gain in gains.items() if not name.startswith("_"))


def written(rules: Sequence[Rule], found: Found, samples: Mapping[str, str]) -> str:
    """The document."""
    parts = [_HEAD.format(samples="\n".join(f"- {name}: {sample}" for name, sample in samples.items()))]
    for room, title in _ROOMS.items():
        some = [rule for rule in rules if str(rule).startswith(f"{room}.")]
        for module, here in groupby(some, key=lambda rule: str(rule).removesuffix(f".{rule.name}")):
            parts.append(f"\n## {title}: `{module}`\n\n" + "\n".join(_rows(list(here), found)) + "\n")
    parts.append(_unproven(rules, found))
    return "".join(parts)


def _rows(rules: Sequence[Rule], found: Found) -> Iterator[str]:
    yield "| rule | off | copies | text | metadata | test |\n| --- | --- | --- | --- | --- | --- |"
    for rule in rules:
        test = next(filter(None, (_of(found, rule, n).get("tests") for n in range(len(rule.ways)))), "")
        for number, off in enumerate(rule.ways):
            answers = _of(found, rule, number)
            if number and not answers:
                continue
            cells = [_cell(name, answers[name]) if name in answers else "" for name in ("copies", "text", "metadata")]
            first = (f"`{rule.name}`", _test(test)) if number == 0 else ("", "")
            yield f"| {first[0]} | {off.told} | {' | '.join(cells)} | {first[1]} |"


def _of(found: Found, rule: Rule, number: int) -> Mapping[str, Any]:
    return found.get((str(rule), rule.ways[number].told), {})


def _cell(name: str, gains: Mapping[str, float]) -> str:
    if "runs" in gains:
        return "cannot run"
    if name == "metadata":
        return ", ".join(f"{what} {gain:+.0f}" for what, gain in gains.items()) or "±0"
    if name == "text":
        pages = gains.get("_pages worse", 0), gains.get("_pages better", 0)
        if not any(pages):
            return "±0"
        folders = [(gain, what) for what, gain in gains.items() if what.endswith(" F1")]
        least = f"{_share(min(folders)[0])} {min(folders)[1].removesuffix('-dev F1')}, " if folders else ""
        return f"{least}{pages[0]:.0f} pages worse, {pages[1]:.0f} better"
    kinds = {what.lstrip("_"): gain for what, gain in gains.items() if what.startswith("_") and "strangers" not in what}
    mixed = {what[1:].partition(" ")[0]: gain for what, gain in gains.items() if what.endswith("without strangers")}
    told = [f"{what} {_share(gains[what])}" for what in ("F1", "P", "R") if abs(gains.get(what, 0)) >= 0.00005]
    for some, form in ((kinds, _share), (mixed, "{:+.0f} texts apart from strangers".format)):
        if some and (worst := min(some, key=lambda what: some[what])) and some[worst] < 0:
            told.append(f"{worst} {form(some[worst])}")
    return ", ".join(told) or "±0"


def _share(gain: float) -> str:
    return f"{gain:+.4f}".replace("0.", ".", 1)


def _test(node: str) -> str:
    if not node:
        return ""
    path, _, name = node.partition("::")
    return f"`{path.rpartition('/')[2]}`: {name.partition('[')[0].removeprefix('test_').replace('_', ' ')}"


def unproven(rules: Sequence[Rule], found: Found) -> Iterator[Rule]:
    """The rules that no set and no test needs, in any way of switching them off."""
    for rule in rules:
        answers = [answer for number in range(len(rule.ways)) if (answer := _of(found, rule, number))]
        is_known = any("tests" in answer for answer in answers)
        if is_known and not any(
            answer.get("tests") or any(is_needed(gains) for name, gains in answer.items() if name != "tests")
            for answer in answers
        ):
            yield rule


def _unproven(rules: Sequence[Rule], found: Found) -> str:
    names = [f"`{rule}`" for rule in unproven(rules, found)]
    said = ", ".join(names) if names else "none"
    return f"\n## Rules that gain nothing on development data and that no test pins\n\n{said}\n"
