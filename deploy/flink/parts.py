"""The processes of a Flink cluster on one machine, and their configuration.

Checked: by tests/flink.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.flink.processes import Part

POOL_NAME = "worker-pool"
"""The name by which each task manager finds its own worker pool, as it would find a side-car in its pod."""

_OPENS = tuple(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "util", "net", "nio"))
_FIXED = {
    "jobmanager.rpc.address": "localhost",
    "jobmanager.bind-host": "localhost",
    "jobmanager.memory.process.size": "768m",
    "taskmanager.host": "localhost",
    "taskmanager.bind-host": "localhost",
    "rest.address": "localhost",
    "rest.bind-address": "localhost",
    # Flink's own scripts reckon these from the size of the machine; here nobody does.
    "taskmanager.cpu.cores": "1",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.task.heap.size": "512m",
    "taskmanager.memory.task.off-heap.size": "0m",
    "taskmanager.memory.network.min": "128m",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.managed.size": "128m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
    "state.backend.type": "hashmap",
    "heartbeat.interval": "4000",
    "heartbeat.timeout": "20000",
    # Beam's classes are on the cluster's class path; loaded once more with each job they would fill the metaspace.
    "classloader.resolve-order": "parent-first",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: `task_managers` with `slots` each, files below `folder`, ports from `ports_from`.

    No restart strategy is chosen, so Flink's own holds: a job that fails is started again, without limit, if it writes
    checkpoints, and a bounded job never is. Beam has no option by which a bounded job could choose.
    """

    folder: Path
    jars: Path
    preload: Path
    ports_from: int
    task_managers: int = 2
    slots: int = 1
    python: str = sys.executable

    @property
    def rest_port(self) -> int:
        """The port of the job manager's REST interface."""
        return self.ports_from

    @property
    def job_port(self) -> int:
        """The port of Beam's job server."""
        return self.ports_from + 1

    @property
    def pool_port(self) -> int:
        """The port of the worker pools, each on an address of its own."""
        return self.ports_from + 2

    @property
    def beam_options(self) -> list[str]:
        """The options by which a Beam pipeline, such as newsbeam's, runs on this cluster."""
        return [
            "--runner=PortableRunner",
            f"--job_endpoint=localhost:{self.job_port}",
            "--environment_type=EXTERNAL",
            f"--environment_config={POOL_NAME}:{self.pool_port}",
            f"--parallelism={self.task_managers * self.slots}",
        ]

    @property
    def stream_options(self) -> list[str]:
        """The options for ``newsbeam stream``."""
        return [*self.beam_options, f"--flink_rest=http://localhost:{self.rest_port}"]


PORTS = 6
"""The number of ports in a row that a plan needs, whatever its size."""


def pool_address(number: int) -> str:
    """The loopback address of worker pool `number`, counted from 1. Linux answers on all of 127.0.0.0/8."""
    return f"127.0.1.{number}"


def configuration(plan: Plan) -> str:
    """Flink's ``config.yaml``."""
    chosen = {
        "jobmanager.rpc.port": plan.ports_from + 3,
        "rest.port": plan.rest_port,
        "taskmanager.numberOfTaskSlots": plan.slots,
        "parallelism.default": plan.task_managers * plan.slots,
        "state.checkpoints.dir": (plan.folder / "checkpoints").as_uri(),
        "io.tmp.dirs": plan.folder / "tmp",
    }
    return "".join(f"{name}: {value}\n" for name, value in (_FIXED | chosen).items())


def hosts_file(number: int) -> str:
    """The names that task manager `number` knows. Java reads it in place of the system's."""
    return f"127.0.0.1 localhost\n127.0.0.1 {socket.gethostname()}\n{pool_address(number)} {POOL_NAME}\n"


def parts(plan: Plan) -> Iterator[Part]:
    """All processes of the cluster, in the order in which they start."""
    yield _java(plan, "job-manager", "512m", _ENTRY + "StandaloneSessionClusterEntrypoint", "--configDir", "conf")
    for number in range(1, plan.task_managers + 1):
        yield task_manager(plan, number)
        yield worker_pool(plan, number)
    flags = {
        "flink-master": f"localhost:{plan.rest_port}",
        "job-host": "localhost",
        "job-port": plan.job_port,
        "artifact-port": plan.ports_from + 4,
        "expansion-port": plan.ports_from + 5,
        "artifacts-dir": plan.folder / "tmp/artifacts",
    }
    yield _java(
        plan,
        "job-server",
        "384m",
        "org.apache.beam.runners.flink.FlinkJobServerDriver",
        *(f"--{name}={value}" for name, value in flags.items()),
        address=("localhost", plan.job_port),
    )


_ENTRY = "org.apache.flink.runtime.entrypoint."


def task_manager(plan: Plan, number: int) -> Part:
    """Task manager `number`, which finds worker pool `number` by the name `POOL_NAME`."""
    return _java(
        plan,
        f"task-manager-{number}",
        "640m",
        "-XX:MaxDirectMemorySize=384m",
        f"-Djdk.net.hosts.file={plan.folder}/conf/hosts-{number}",
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        "--configDir",
        "conf",
    )


def worker_pool(plan: Plan, number: int) -> Part:
    """Beam's pool of Python workers for task manager `number`: each worker is a process, started when a job asks."""
    address = pool_address(number)
    return Part(
        f"worker-pool-{number}",
        [plan.python, "-m", "pipelines.cli", "workers", "--host", address, "--port", str(plan.pool_port)],
        {},
        (address, plan.pool_port),
    )


def _java(plan: Plan, name: str, heap: str, *arguments: str, address: tuple[str, int] | None = None) -> Part:
    logs = "-Dorg.slf4j.simpleLogger.showDateTime=true"
    command = ["java", *_OPENS, f"-Xmx{heap}", "-XX:+UseSerialGC", logs, "-cp", f"{plan.jars}/*", *arguments]
    environment = {"LD_PRELOAD": str(plan.preload), "FLINK_CONF_DIR": str(plan.folder / "conf")}
    return Part(name, command, environment, address)
