"""A Flink cluster on one machine, on loopback only, for Beam pipelines in Python: up, status, down.

    python -m deploy.flink.cluster up --task-managers 2 --slots 1 --folder /tmp/flink
    newsbeam ingest … $(cat /tmp/flink/beam-options)
    python -m deploy.flink.cluster down --folder /tmp/flink

It starts a job manager, task managers with a pool of Python workers beside each, and Beam's job server. All files are
below the folder: logs (``NAME.log``), process numbers (``NAME.pid``), checkpoints, ``beam-options``, and the same for
``newsbeam stream`` in ``stream-options``.

Checked: by tests/flink.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from deploy.flink.parts import PORTS, Plan, configuration, hosts_file, parts
from deploy.flink.prepare import MissingToolError, prepare
from deploy.flink.processes import Part, living, start, stop

_READY_S = 120.0
"""How long a busy machine may take to start the cluster; two free cores take 10 s."""
_LOOK_S = 0.2
_PATHS = ("folder", "jars", "preload")


class ClusterError(Exception):
    """The cluster cannot be started; the message is one line."""


def up(folder: Path, task_managers: int = 2, slots: int = 1, ports_from: int | None = None) -> Plan:
    """Start a cluster and wait until all its parts answer. Raises ClusterError, with nothing left running."""
    folder = folder.absolute()
    if living(folder):
        raise ClusterError(f"a cluster runs in {folder}: end it with `down` first")
    jars, preload = prepare()
    plan = Plan(folder, jars, preload, ports_from or _free_ports(), task_managers, slots)
    for name in ("conf", "tmp", "checkpoints"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "conf/config.yaml").write_text(configuration(plan), encoding="utf-8")
    for number in range(1, task_managers + 1):
        (folder / f"conf/hosts-{number}").write_text(hosts_file(number), encoding="ascii")
    (folder / "plan.json").write_text(json.dumps(asdict(plan), default=str), encoding="utf-8")
    (folder / "beam-options").write_text(" ".join(plan.beam_options) + "\n", encoding="utf-8")
    (folder / "stream-options").write_text(" ".join(plan.stream_options) + "\n", encoding="utf-8")
    try:
        started = list(parts(plan))
        for part in started:
            start(part, folder)
        _await_ready(plan, started)
    except BaseException:
        stop(folder)
        raise
    return plan


def restart(plan: Plan, name: str, environment: Mapping[str, str] | None = None) -> None:
    """Start one part again, such as ``task-manager-1``, whether it lives or not, and wait until the cluster is whole.

    `environment` is what it finds in its environment beside our own. Raises ClusterError, as `up` does, and KeyError if
    the plan has no such part.
    """
    everything = {part.name: part for part in parts(plan)}
    part = everything[name]
    stop(plan.folder, name)
    start(replace(part, environment={**part.environment, **(environment or {})}), plan.folder)
    _await_ready(plan, [part])


def _restart_named(folder: Path, name: str) -> None:
    try:
        written = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ClusterError(f"no cluster was started in {folder}") from None
    values: dict[str, Any] = {key: Path(value) if key in _PATHS else value for key, value in written.items()}
    plan = Plan(**values)
    names = [part.name for part in parts(plan)]
    if name not in names:
        raise ClusterError(f"there is no {name}: the cluster has {', '.join(names)}")
    restart(plan, name)


def down(folder: Path) -> None:
    """End all that `up` has started in this folder, and delete what jobs left there; nothing if there is nothing."""
    stop(folder.absolute())
    shutil.rmtree(folder / "tmp", ignore_errors=True)


def rest(plan: Plan, path: str) -> Any:
    """An answer of the job manager's REST interface. Raises OSError if there is none."""
    with urllib.request.urlopen(f"http://localhost:{plan.rest_port}{path}", timeout=5) as answer:
        return json.load(answer)


def _await_ready(plan: Plan, started: Sequence[Part]) -> None:
    until_s = time.monotonic() + _READY_S
    waiting = [part for part in started if part.address is not None]
    slots = plan.task_managers * plan.slots
    while waiting or _slots(plan) < slots:
        alive = living(plan.folder)
        for part in started:
            if part.name not in alive:
                raise ClusterError(f"{part.name} has ended; see {plan.folder / part.name}.log")
        if time.monotonic() > until_s:
            late = waiting[0].name if waiting else "a task manager"
            raise ClusterError(f"{late} does not answer after {_READY_S:.0f} s; see the logs in {plan.folder}")
        time.sleep(_LOOK_S)
        waiting = [part for part in waiting if part.address is not None and not answers(part.address)]


def _slots(plan: Plan) -> int:
    try:
        return int(rest(plan, "/overview")["slots-total"])
    except OSError:
        return 0


def answers(address: tuple[str, int]) -> bool:
    """Whether something takes connections there."""
    try:
        with socket.create_connection(address, timeout=1):
            return True
    except OSError:
        return False


def _free_ports() -> int:
    """The first of `PORTS` ports in a row that nothing listens on now."""
    for first in range(21_000, 32_000, PORTS):
        with ExitStack() as stack:
            try:
                for port in range(first, first + PORTS):
                    server = stack.enter_context(socket.socket())
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    server.bind(("", port))
            except OSError:
                continue
            return first
    raise ClusterError(f"no {PORTS} ports in a row are free from 21000 to 32000; name some with --ports-from")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the program: 0, or 1 with one line on standard error."""
    parser = argparse.ArgumentParser(prog="cluster", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (
        ("up", "start a cluster"),
        ("status", "say which parts live"),
        ("restart", "start one part again, such as task-manager-1"),
        ("down", "end the cluster"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("--folder", type=Path, required=True, help="for logs, process numbers and checkpoints")
        if name == "restart":
            command.add_argument("part", metavar="NAME", help="as `status` names it")
        if name == "up":
            command.add_argument("--task-managers", type=int, default=2, metavar="N")
            command.add_argument("--slots", type=int, default=1, metavar="S", help="of each task manager (default 1)")
            command.add_argument("--ports-from", type=int, metavar="P", help=f"take ports P to P+{PORTS - 1}")
    given = parser.parse_args(arguments)
    try:
        if given.command == "up":
            plan = up(given.folder, given.task_managers, given.slots, given.ports_from)
            print(*plan.beam_options)
        elif given.command == "restart":
            _restart_named(given.folder.absolute(), given.part)
        elif given.command == "status":
            alive = living(given.folder.absolute())
            for name, pid in alive.items():
                print(name, pid)
            return 0 if alive else 1
        else:
            down(given.folder)
    except (ClusterError, MissingToolError) as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
