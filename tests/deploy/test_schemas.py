"""The manifests of deploy/ hold against the schemas of Kubernetes and of Flink's operator, which registries have."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.crd import faults
from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = sorted((ROOT / "deploy").rglob("*.yaml"))
TOOLS = ROOT / ".tools/schemas"
NEEDED = Path(__file__).parent / "schemas.txt"
OPERATOR = "1.10.0"
"""The newest version of the operator whose API jar is on Maven Central."""
_CRD = "META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml"

pytestmark = pytest.mark.deploy


@pytest.fixture(scope="module")
def validator() -> Path:
    """The program kubernetes-validate in an environment of its own, which is made once."""
    return own_environment(NEEDED, TOOLS / "validator") / "kubernetes-validate"


@pytest.fixture(scope="module")
def flink_deployment() -> dict[str, Any]:
    """The schema of a FlinkDeployment."""
    jar = TOOLS / f"flink-kubernetes-operator-api-{OPERATOR}.jar"
    if not jar.exists():
        if shutil.which("mvn") is None:
            pytest.skip("Maven is not installed, which fetches the operator's schema")
        artifact = f"-Dartifact=org.apache.flink:flink-kubernetes-operator-api:{OPERATOR}"
        subprocess.run(["mvn", "-q", "-B", "dependency:copy", artifact, f"-DoutputDirectory={TOOLS}"], check=True)
    with zipfile.ZipFile(jar) as files:
        definition = yaml.load(files.read(_CRD), yaml.CSafeLoader)
    (version,) = definition["spec"]["versions"]
    assert version["name"] == "v1beta1"
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    return schema


def objects(path: Path, kind: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one["kind"] == kind]


@pytest.mark.parametrize("version", ["1.29", "1.37"])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_kubernetes_knows_every_field(validator: Path, path: Path, version: str) -> None:
    command = [validator, "--strict", "--kubernetes-version", version, path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told = (done.stdout + done.stderr).splitlines()
    foreign = [one["kind"] for one in yaml.safe_load_all(path.read_text()) if "flink.apache.org" in one["apiVersion"]]
    assert done.returncode == 0, told
    assert [line for line in told if "find schema for kind" in line] == [line for line in told if "WARN" in line]
    assert len([line for line in told if "WARN" in line]) == len(foreign)


def test_a_field_that_kubernetes_does_not_know_is_found(validator: Path, tmp_path: Path) -> None:
    (cron_job,) = objects(ROOT / "deploy/kubernetes/ingest.yaml", "CronJob")
    cron_job["spec"]["jobTemplate"]["spec"]["backofLimit"] = 4
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump(cron_job))
    done = subprocess.run([validator, "--strict", tmp_path / "wrong.yaml"], capture_output=True, check=False)
    assert done.returncode != 0


def test_the_operator_knows_every_field_of_the_cluster(flink_deployment: dict[str, Any]) -> None:
    (cluster,) = objects(ROOT / "deploy/flink/stream.yaml", "FlinkDeployment")
    assert list(faults(cluster["spec"], flink_deployment["properties"]["spec"], "spec")) == []


def test_what_the_operator_would_not_take_is_found(flink_deployment: dict[str, Any]) -> None:
    (cluster,) = objects(ROOT / "deploy/flink/stream.yaml", "FlinkDeployment")
    spec = cluster["spec"]
    spec["flinkVersion"] = "v9_9"
    spec["flinkConfiguration"]["taskmanager.numberOfTaskSlots"] = 1
    spec["taskManager"]["podTemplate"]["spec"]["containers"][1]["comand"] = ["newsbeam"]
    del spec["jobManager"]["resource"]["cpu"]
    spec["jobManager"]["resource"]["memory"] = True
    assert [fault.partition(" ")[0].rstrip(":") for fault in faults(spec, flink_deployment["properties"]["spec"])] == [
        ".flinkVersion",
        ".flinkConfiguration.taskmanager.numberOfTaskSlots",
        ".jobManager.resource.memory",
        ".taskManager.podTemplate.spec.containers[1].comand",
    ]
