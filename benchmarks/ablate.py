"""What each rule of copies, extraction and cleaning is good for: switched off, one at a time, on development data.

    python -m benchmarks.ablate [--only PATTERN] [--set NAME]… [--first_way] [--all_data] [--write docs/rules.md]

The rules and the ways to switch them off stand in `benchmarks.ablated_rules`. Measured are copies (pairwise F1 and the
kinds, one run), text (F1 of 4-word shingles, a folder at a time) and metadata (right titles, author sets and days, and
authors not invented), each where the rule's module has a part in it; `tests` looks for the test that fails. Each is
measured in a process of its own, one at a time. Samples are taken; `--all_data` takes all. Answers are kept in
`--cache`, and asked for again when a source of theirs changes. The data are those of NEWSBEAM_SHARED (`../shared`).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from benchmarks.ablated import ROOT, Failed, Off, Rule, in_process, our_modules, source_of, switch
from benchmarks.ablated_rules import rules
from benchmarks.ablated_sets import Copies, Facts, Figures, Measure, Texts
from benchmarks.ablated_table import is_needed, unproven, written
from benchmarks.ablated_tests import failing_anyhow, pinning_test

SETS: Final = ("copies", "text", "metadata", "tests")
_TIME_LIMIT_S: Final = 300.0
_TEXT_PAGES: Final = {"aeb-dev": 40, "fundus-dev": 41, "news-sites-dev": 40, "wcxb-dev": 40, "daniel-dev": 20}
_FACT_PAGES: Final = {"fundus-dev": 41, "news-sites-dev": 20, "wcxb-dev": 80, "dates-dev": 50, "snippets-dev": 50}
_COPY_SHARES: Final = 2

Answers = dict[str, dict[str, Any]]


class Cache:
    """Answers by rule, way and set, with a digest of what they depend on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: Answers = json.loads(path.read_text()) if path.is_file() else {}

    def get(self, key: str, digest: str | None) -> Any:
        """The answer, or None where there is none or what it depends on has changed; without a digest, the last one."""
        kept = self._answers.get(key)
        return kept["answer"] if kept is not None and digest in (None, kept["digest"]) else None

    def sample(self, name: str) -> str:
        """What the answers of a set were last measured on."""
        return self.get(name, None) or "not measured"

    def put(self, key: str, digest: str, answer: Any) -> None:
        """Keep an answer, on disk at once."""
        self._answers[key] = {"digest": digest, "answer": answer}
        partly = self._path.with_suffix(".new")
        partly.write_text(json.dumps(self._answers))
        partly.replace(self._path)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="PATTERN", help="rules whose name it is found in")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets", help="may be given several times")
    parser.add_argument("--first_way", action="store_true", help="only the first way to switch each rule off")
    parser.add_argument("--unproven", action="store_true", help="tests only of rules that no measured set needs")
    parser.add_argument("--near", action="store_true", help="of tests only those of the rule's module and its users")
    parser.add_argument("--all_data", action="store_true", help="no samples")
    parser.add_argument("--as_kept", action="store_true", help="answers of the cache alone, whatever has changed since")
    parser.add_argument("--write", type=Path, help="the table, from what is in the cache")
    parser.add_argument("--cache", type=Path, default=ROOT / ".ablate.json")
    given = parser.parse_args()
    chosen = [rule for rule in rules() if re.search(given.only, str(rule))]
    cache = Cache(given.cache)
    shared = Path(os.environ.get("NEWSBEAM_SHARED", ROOT.parent / "shared")).resolve()
    os.environ["NEWSBEAM_SHARED"] = str(shared)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    samples = {}
    for name in given.sets or SETS:
        if given.as_kept:
            samples[name] = cache.sample(name)
            for rule, off in _asked(chosen, None, given.first_way):
                if (answer := cache.get(f"{rule}|{off.told}|{name}", None)) is not None:
                    found.setdefault((str(rule), off.told), {})[name] = answer
            continue
        measure = None if name == "tests" else _measure(name, shared, given.all_data)
        samples[name] = measure.sample if measure else "the tests of the rule's room, but those of times and processes"
        cache.put(name, "sample", samples[name])
        print(f"{name}: {samples[name]}", flush=True)
        if measure is None and not given.near and (failing := in_process(failing_anyhow, _TIME_LIMIT_S)):
            raise SystemExit(f"{failing} fails with all rules on: mend it first")
        digest = _digest(name, measure)
        for rule, off in _asked(chosen, measure, given.first_way):
            before = found.setdefault((str(rule), off.told), {})
            if name == "tests" and _is_known(found, rule, given.unproven):
                continue
            key = f"{rule}|{off.told}|{name}"
            answer = cache.get(key, digest)
            if answer is None:
                started = time.monotonic()
                answer = _answer(rule, off, measure, given.near)
                if answer or not given.near:  # that no near test fails does not say that none does
                    cache.put(key, digest, answer)
                print(f"  {rule} ({off.told}): {_told(answer)}  [{time.monotonic() - started:.1f} s]", flush=True)
            before[name] = answer
    for rule in unproven(chosen, found):
        print(f"gains nothing, and no test fails: {rule}")
    if given.write:
        given.write.write_text(written(list(rules()), found, samples))


def _measure(name: str, shared: Path, all_data: bool) -> Measure:
    folders = shared / "data/extraction"
    if name == "copies":
        return Copies(shared, 0 if all_data else _COPY_SHARES)
    sizes = _TEXT_PAGES if name == "text" else _FACT_PAGES
    taken = {folders / folder: 0 if all_data else most for folder, most in sizes.items()}
    return Texts(taken) if name == "text" else Facts(taken)


def _asked(chosen: Iterable[Rule], measure: Measure | None, first_way: bool) -> Iterator[tuple[Rule, Off]]:
    for rule in chosen:
        if measure is None or rule.module in measure.modules():
            for off in rule.ways[: 1 if first_way else None]:
                yield rule, off


def _answer(rule: Rule, off: Off, measure: Measure | None, near: bool) -> Figures | str:
    work: Callable[[], Figures | str] = (
        partial(_gains, rule, off, measure) if measure else partial(pinning_test, rule, off, near)
    )
    answer: Figures | str | Failed = in_process(work, _TIME_LIMIT_S)
    if isinstance(answer, Failed):
        return f"fails: {answer.error}" if measure is None else {f"_{answer.error}": 0.0, "runs": -1.0}
    return answer


def _gains(rule: Rule, off: Off, measure: Measure) -> Figures:
    switch(rule, off)
    return {name: gain for name, gain in measure.gains(rule.module).items() if abs(gain) > 1e-9}


def _is_known(found: dict[tuple[str, str], dict[str, Any]], rule: Rule, unproven: bool) -> bool:
    """Whether no test is to be looked for any more: one is found, or only rules without another proof are asked."""
    ways = [found.get((str(rule), off.told), {}) for off in rule.ways]
    proven = unproven and any(is_needed(one[name]) for one in ways for name in one if name != "tests")
    return proven or any(one.get("tests") for one in ways)


def _told(answer: Figures | str) -> str:
    if isinstance(answer, str):
        return answer or "no test fails"
    return ", ".join(f"{name.lstrip('_')} {gain:+.4g}" for name, gain in answer.items()) or "nothing changes"


def _digest(name: str, measure: Measure | None) -> str:
    digest = blake2b(digest_size=8)
    digest.update(f"{name} {measure.sample if measure else ''}".encode())
    files = [source_of(module) for module in sorted(measure.modules() if measure else our_modules())]
    if measure is None:
        files += sorted((ROOT / "tests/transforms").rglob("*.py"))
    for file in filter(None, files):
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
