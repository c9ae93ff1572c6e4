"""What deploy/ promises holds: its commands are ones that the house understands, its versions are those in use."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from pipelines.parser import command_parser
from tests.other_pythons import PYTHONS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SYSTEMD, CRON = DEPLOY / "systemd", DEPLOY / "cron/newsbeam.cron"
SERVICES = sorted(SYSTEMD.glob("*.service"))
UNITS = [*SERVICES, *sorted(SYSTEMD.glob("*.timer"))]
WRITTEN = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in (".lock", ".pyc"))
INSTALLED = "/opt/newsbeam/bin/newsbeam"


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return parser


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.M))


def filled(command: str, values: dict[str, str]) -> list[str]:
    return shlex.split(re.sub(r"\$\{?(\w+)\}?", lambda name: values[name[1]], command))


def commands() -> list[tuple[str, list[str]]]:
    env = variables((SYSTEMD / "newsbeam.env").read_text())
    units = [(path.name, filled(unit(path)["Service"]["ExecStart"], env)) for path in SERVICES]
    job = re.search(r"^[\d*]\S* \S+ \S+ \S+ \S+ (.*?) >>", CRON.read_text(), re.M)
    assert job, "newsbeam.cron has no job"
    return [*units, (CRON.name, filled(job[1], variables(CRON.read_text())))]


def containers() -> dict[str, list[str]]:
    """The command lines of newsbeam in the manifests of Kubernetes, by the container's name."""
    found = {}
    for path in DEPLOY.rglob("*.yaml"):
        for line in pods(yaml.safe_load_all(path.read_text())):
            words = ["newsbeam", "stream"] if line["command"][:2] == ["sh", "-c"] else line["command"]
            if words[0] == "newsbeam":
                found[line["name"]] = [*words, *line.get("args", [])]
    return found


def pods(tree: Any) -> Iterator[dict[str, Any]]:
    """All containers with a command that are described below a node of a manifest."""
    if isinstance(tree, dict) and isinstance(tree.get("command"), list) and "image" in tree:
        yield tree
    for branch in tree.values() if isinstance(tree, dict) else () if isinstance(tree, str) else tree or ():
        if not isinstance(branch, (str, int, float)):
            yield from pods(branch)


def pins(lock: Path) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", lock.read_text(), re.M))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_file_says_how_it_was_checked(path: Path) -> None:
    text = json.loads(path.read_text())["description"] if path.suffix == ".json" else path.read_text()
    assert re.search(r"\bChecked:" if path.suffix == ".json" else r"^(# )?Checked:", text, re.M)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_has_its_sections_and_a_description(path: Path) -> None:
    assert unit(path)["Unit"]["Description"].startswith("newsbeam")
    assert unit(path).has_section(path.suffix.removeprefix(".").title())


@pytest.mark.parametrize(("name", "words"), commands(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_scheduled_command_has_only_options_that_the_command_knows(name: str, words: list[str]) -> None:
    assert words[0] == INSTALLED
    given, unknown = command_parser().parse_known_args(words[1:])
    assert unknown == []
    assert given.command == ("stream" if "stream" in name else "ingest")
    assert given.contact.startswith("https://example.org/")
    assert given.log_format == "json"


@pytest.mark.parametrize(("name", "words"), containers().items())
def test_a_container_has_only_options_that_the_command_or_beam_knows(name: str, words: list[str]) -> None:
    given, unknown = command_parser().parse_known_args(words[1:])
    beams = ("--runner=", "--job_endpoint=", "--environment_type=", "--environment_config=", "--parallelism=")
    assert [word for word in unknown if not word.startswith(beams)] == []
    assert given.command == {"newsbeam": "ingest", "worker-pool": "workers"}.get(name, "stream")
    if name == "client":
        pool = command_parser().parse_args(containers()["worker-pool"][1:])
        assert f"--environment_config={pool.host}:{pool.port}" in unknown


def test_the_images_of_the_manifests_are_those_of_the_dockerfiles() -> None:
    named = {name for path in DEPLOY.rglob("*.yaml") for name in re.findall(r"image: (\S+)", path.read_text())}
    built = {name for path in DEPLOY.rglob("Dockerfile") for name in re.findall(r"build .*-t (\S+)", path.read_text())}
    assert named <= built
    beam = re.search(r"<beam.version>(\d+\.\d+)", (DEPLOY / "flink/pom.xml").read_text())
    flink = re.search(r"^FROM flink:(\S+)-java", (DEPLOY / "flink/Dockerfile").read_text(), re.M)
    assert beam
    assert flink
    assert f"newsbeam-flink:{flink[1]}-{beam[1]}" in named
    assert f"flink-s3-fs-hadoop-{flink[1]}.jar" in (DEPLOY / "flink/stream.yaml").read_text()


def test_both_services_are_hardened_alike() -> None:
    batch, stream = (dict(unit(path)["Service"]) for path in SERVICES)
    own = {"Type", "ExecStart", "TimeoutStartSec", "TimeoutStopSec", "Restart", "RestartSec", "KillMode"}
    assert {name: batch[name] for name in batch.keys() - own} == {name: stream[name] for name in stream.keys() - own}


def test_sigterm_reaches_only_the_main_process_of_the_stream() -> None:
    assert unit(SYSTEMD / "newsbeam-stream.service")["Service"]["KillMode"] == "mixed"


def test_the_image_has_the_beam_and_the_python_in_use_and_our_version() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    worker = re.search(r"^FROM apache/beam_python(\S+)_sdk:(\S+) AS", dockerfile, re.M)
    assert worker
    assert worker[2] == metadata.version("apache-beam")
    bases = set(re.findall(r"^FROM python:(\d+\.\d+)-", dockerfile, re.M))
    assert bases == {worker[1]} == {min(PYTHONS)}
    assert f'image.version="{project["version"]}"' in dockerfile


def test_all_places_that_name_pythons_name_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [line.rpartition(":: ")[2] for line in project["classifiers"] if re.search(r":: \d\.\d+$", line)]
    assert tuple(named) == PYTHONS
    assert project["requires-python"] == ">=3.11,<3.14"
    pick, makefile = (DEPLOY / "pick_python.sh").read_text(), (ROOT / "Makefile").read_text()
    assert "set -- python3.11 python3.12 python3.13 python3\n" in pick
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in pick
    assert f"for python in {' '.join(PYTHONS)}; do" in makefile
    assert set(re.findall(r"--python-version (\d.*?) ", makefile)) == {min(PYTHONS)}, (
        "the lock is for all from there on"
    )


def test_all_places_that_name_our_version_name_that_of_the_project_and_the_changelog_has_it() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    texts = {path.relative_to(DEPLOY).as_posix(): path.read_text() for path in WRITTEN}
    named = {name: set(re.findall(r"\bnewsbeam(?:-dataflow)?:(\d[\w.]*)", text)) for name, text in texts.items()}
    images = (
        "Dockerfile",
        "dataflow/Dockerfile",
        "flink/stream.yaml",
        "kubernetes/ingest.yaml",
        "kubernetes/stream.yaml",
    )
    assert {name: found for name, found in named.items() if found} == {name: {version} for name in images}
    newest = re.findall(r"^## \[(.*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)[:2]
    assert newest[0] == "Unreleased"
    assert newest[1] == version or ".dev" in version


def test_the_image_does_not_run_as_root_and_copies_only_what_the_ignore_file_lets_in() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"^USER (.*)$", dockerfile, re.M) == ["10001:10001"]
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert patterns[0] == "*"
    let_in = {line[1:] for line in patterns if line.startswith("!")}
    assert all((ROOT / path).exists() for path in let_in)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name.rstrip("*") for name in packages} <= let_in


def test_what_runs_there_is_what_is_tested_here() -> None:
    ours, all_pins = pins(DEPLOY / "requirements.lock"), pins(ROOT / "requirements.lock")
    assert ours < all_pins, "run `make lock`"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=]", line)[0].lower().replace("_", "-") for line in project["dependencies"]}
    assert wanted <= {pin.split("==")[0] for pin in ours}, "run `make lock`"


@pytest.mark.parametrize(
    "lock", [DEPLOY / "requirements.lock", ROOT / "requirements.lock"], ids=lambda path: path.parent.name
)
def test_a_lock_file_has_one_version_with_hashes_of_each_package_for_each_python(lock: Path) -> None:
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(), flags=re.M)
    entries = re.findall(r"^(\S.*?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", text, re.M)
    rest = re.sub(r"^(\S.*?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", "", text, flags=re.M)
    assert rest.strip() == "", "a line that is no pin with hashes: pip would refuse it, or take another index"
    needs = [Requirement(entry) for entry, _ in entries]
    for python in PYTHONS:
        for machine in ("x86_64", "aarch64"):
            here = {
                "python_version": python,
                "python_full_version": f"{python}.0",
                "implementation_name": "cpython",
                "platform_python_implementation": "CPython",
                "platform_system": "Linux",
                "sys_platform": "linux",
                "platform_machine": machine,
                "extra": "",
            }
            names = [need.name for need in needs if need.marker is None or need.marker.evaluate(here)]
            assert len(names) == len(set(names))
            assert len(names) == len(needs), f"on Python {python} some package is left out"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace(INSTALLED, sys.executable))
    verify = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
    about_ours = [line for line in done.stderr.splitlines() if "newsbeam" in line]
    assert (done.returncode, about_ours) == (0, [])
