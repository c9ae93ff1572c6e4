"""The SBOM names all that an installation runs, with licences and hashes, and is the same each time."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from deploy.sbom import locked_hashes, main, with_hashes
from tests.own_environment import own_environment

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "deploy/requirements.lock").read_text()
WITHOUT_LICENCE = {"multidict", "protobuf"}
"""Packages whose own metadata state no licence in a form that the tool reads: Apache-2.0 and BSD-3-Clause."""


def test_hashes_are_read_from_a_lock_file_and_given_to_each_package() -> None:
    hashes = [f"\n    --hash=sha256:{one}" for one in ("aa", "bb", "cc")]
    lock = f"# made\nOne.two==1.0 \\{hashes[0]} \\{hashes[1]}\nsix==2 ; x != 'y' \\{hashes[2]}\n"
    assert locked_hashes(lock) == {"one-two": ["aa", "bb"], "six": ["cc"]}
    assert locked_hashes(LOCK).keys() == {name.lower() for name in re.findall(r"^([\w.-]+)==", LOCK, re.M)}
    assert sum(map(len, locked_hashes(LOCK).values())) == LOCK.count("--hash=sha256:")
    sbom = {"version": 1, "components": [{"name": "one_two", "version": "1.0"}]}
    (component,) = with_hashes(sbom, locked_hashes(lock))["components"]
    (files,) = component["externalReferences"]
    assert files["type"] == "distribution"
    assert files["url"] == "https://pypi.org/project/one-two/1.0/#files"
    assert files["hashes"] == [{"alg": "SHA-256", "content": "aa"}, {"alg": "SHA-256", "content": "bb"}]
    with pytest.raises(KeyError, match="other"):
        with_hashes({"components": [{"name": "other", "version": "1"}]}, locked_hashes(lock))


@pytest.mark.deploy
@pytest.mark.timeout(600)
def test_the_sbom_holds_all_of_the_lock_file_by_the_schema_and_twice_the_same(tmp_path: Path) -> None:
    files = [tmp_path / "one/sbom.json", tmp_path / "two/sbom.json"]
    for path in files:
        assert main([str(path)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()

    sbom = json.loads(files[0].read_text())
    pins = {line.split("==")[0]: line.split("==")[1] for line in re.findall(r"^[\w.-]+==\S+", LOCK, re.M)}
    named = {re.sub("[._]", "-", one["name"]).lower(): one for one in sbom["components"]}
    assert {name: one["version"] for name, one in named.items()} == pins
    assert {name for name, one in named.items() if not one.get("licenses")} == WITHOUT_LICENCE
    assert all(one["purl"].startswith("pkg:pypi/") for one in named.values())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = sbom["metadata"]["component"]
    assert (ours["name"], ours["version"]) == ("newsbeam", project["version"])
    needs = {one["ref"]: one.get("dependsOn", []) for one in sbom["dependencies"]}
    assert len(needs[ours["bom-ref"]]) == len(project["dependencies"])
    assert named["lxml"]["bom-ref"] in needs[named["trafilatura"]["bom-ref"]]

    python = own_environment(ROOT / "deploy/sbom.txt", ROOT / ".tools/sbom") / "python"
    script = (
        "import sys; from cyclonedx.schema import SchemaVersion; from cyclonedx.validation.json import *;"
        "print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()))"
    )
    done = subprocess.run([python, "-c", script, files[0]], capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.returncode) == ("None\n", 0), done.stderr
