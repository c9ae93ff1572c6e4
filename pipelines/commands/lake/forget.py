"""``newsbeam forget``: takes addresses and domains out of the lake for good, and shows the record of that."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from pipelines.checks import CommandError, UsageError
from pipelines.commands.lake.upkeep import upkeep
from pipelines.given.lakes import lake_at, reading_lake
from pipelines.printable import json_text, plain
from schemas.forgotten import ForgottenAddress, ForgottenKind
from schemas.run import iso
from transforms.compare.sites.site_blocks import hashes_of
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage
from transforms.lake.forget.asked import ToForget, asked_for
from transforms.lake.forget.forget import Forgetting, forget, look
from transforms.lake.forget.record import read_record


def forget_command(given: argparse.Namespace) -> int:
    """0, after forgetting what is asked for or listing what was forgotten. Raises UsageError for what is neither an
    address nor a domain, and CommandError where the user, asked at a terminal, does not mean it."""
    if given.list:
        if given.what:
            raise UsageError("--list shows the record and forgets nothing: leave out the addresses")
        with reading_lake():
            _show_record(given, read_record(lake_at(given.output)))
        return 0
    if not given.what:
        raise UsageError("name what to forget: an address with https:// or http://, or a domain")
    try:
        asked = list(dict.fromkeys(map(asked_for, given.what)))
    except ValueError as error:
        raise UsageError(str(error)) from None

    if not _is_meant(given, asked):
        raise CommandError("nothing was forgotten")

    def work(storage: Storage, generation: int, now_us: int) -> None:
        if given.dry_run:
            _, what = look(PartReader(storage), committed(storage), asked)
            _show(given, asked, what, None)
            return
        manifest, what = forget(storage, generation, now_us, asked, given.reason, hashes_of)
        _show(given, asked, what, manifest.run_id)

    return upkeep(given, work)


def _is_meant(given: argparse.Namespace, asked: Sequence[ToForget]) -> bool:
    """Whether the user means it: asked before the lake is locked, and only where a terminal can answer."""
    if given.yes or given.dry_run or sys.stdin is None or not sys.stdin.isatty():
        return True
    names = plain(", ".join(one.text for one in asked))
    print(f"Forget {names} in {plain(given.output)} for good? This cannot be undone. [y/N] ", end="", file=sys.stderr)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _show(given: argparse.Namespace, asked: Sequence[ToForget], what: Forgetting, edition: str | None) -> None:
    files = sum(map(len, what.changed.values()))
    if given.json:
        shown = {
            "output": given.output,
            "dry_run": given.dry_run,
            "asked": [one.text for one in asked],
            "edition": edition,
            "rows": dict(sorted(what.rows.items())),
            "files": files,
            "pages_by_reference": what.by_reference,
        }
        print(json_text(shown, sort_keys=True))
        return
    verb = "would go" if given.dry_run else "forgotten"
    print(plain(f"{', '.join(one.text for one in asked)}: {verb}"))
    for table, rows in sorted(what.rows.items()):
        print(f"  {table}: {rows:,} rows")
    if what.rows:
        print(f"{files:,} files {'would be written' if given.dry_run else 'were written'} anew or deleted.")
    else:
        print("  nothing of it is there")
        for one in asked:
            if one.kind is ForgottenKind.URL and not urlsplit(one.text).path.strip("/"):
                print(
                    plain(
                        f"{one.text} is one page; for all of its site, name the domain: {urlsplit(one.text).hostname}"
                    )
                )
    if what.by_reference:
        print(f"{what.by_reference:,} of these pages lie in WARC files outside of the lake, which are not touched.")
    if not given.dry_run:
        print("It is never fetched again; newsbeam forget --list shows the record.")


def _show_record(given: argparse.Namespace, rows: Sequence[ForgottenAddress]) -> None:
    if given.json:
        print(json_text({"output": given.output, "forgotten": [_as_json(row) for row in rows]}))
        return
    also: dict[str, int] = {}
    for row in rows:
        also[row.run_id] = also.get(row.run_id, 0) + (row.asked is None)
    for row in (row for row in rows if row.asked is not None):
        gone = ", ".join(f"{one.rows:,} {one.table}" for one in row.rows) or "nothing was there"
        others = f"; and {also[row.run_id]:,} other addresses of its articles" if also[row.run_id] else ""
        why = f" ({row.reason})" if row.reason else ""
        print(plain(f"{iso(row.forgotten_at_us)[:19]}Z  {row.kind}  {row.asked}{why}: {gone}{others}"))
    if not rows:
        print("Nothing was forgotten.")


def _as_json(row: ForgottenAddress) -> dict[str, object]:
    values = asdict(row)
    values["forgotten_at"] = iso(values.pop("forgotten_at_us"))
    return values | {"rows": {one.table: one.rows for one in row.rows}}
