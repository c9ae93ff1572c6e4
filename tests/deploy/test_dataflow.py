"""The parameters of the Flex Template are options of the command, in the form that Dataflow documents."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.parser import command_parser

ROOT = Path(__file__).resolve().parents[2]
DATAFLOW = ROOT / "deploy/dataflow"
METADATA = json.loads((DATAFLOW / "metadata.json").read_text())
PARAMETERS = {parameter["name"]: parameter for parameter in METADATA["parameters"]}

_FIELDS = {"name", "label", "helpText", "isOptional", "regexes", "paramType"}
_KINDS = {"TEXT", "GCS_READ_FILE"}  # of those documented
_VALUES = {
    "feeds": ("gs://bucket/feeds.opml", "feeds.opml"),
    "output": ("gs://bucket/lake", "lake"),
    "contact": ("https://example.org/about", "nobody"),
    "tick": ("5m", "often"),
    "max_pages": ("all", "0"),
    "max_run_minutes": ("none", "-1"),
    "host_delay": ("2.5", "slow"),
    "extract_workers": ("2", "two"),
}
"""Of each parameter a value that is taken, and one that is not."""


def test_the_template_has_the_documented_fields_only() -> None:
    assert set(METADATA) == {"name", "description", "streaming", "parameters"}
    assert METADATA["streaming"] is True
    for parameter in PARAMETERS.values():
        assert {"name", "label", "helpText", "paramType"} <= set(parameter) <= _FIELDS
        assert parameter["paramType"] in _KINDS
        assert parameter.get("isOptional", True) is True
    assert {name for name, parameter in PARAMETERS.items() if "isOptional" not in parameter} == {
        "feeds",
        "output",
        "contact",
    }


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_takes_what_the_command_takes(name: str) -> None:
    good, bad = _VALUES[name]
    matches = [[bool(re.search(one, value)) for one in PARAMETERS[name]["regexes"]] for value in (good, bad)]
    assert matches == [[True], [False]]
    needed = [f"--{one}={_VALUES[one][0]}" for one in ("feeds", "output", "contact")]
    given, unknown = command_parser().parse_known_args(["stream", *needed, f"--{name}={good}"])
    assert unknown == []
    assert hasattr(given, name)


def test_the_launchers_program_is_the_stream() -> None:
    done = subprocess.run(
        [sys.executable, DATAFLOW / "main.py", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0
    assert "usage: newsbeam stream" in done.stdout
