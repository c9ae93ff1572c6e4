"""Hugging Face's `load_dataset` loads what ``newsbeam export articles`` writes, in both forms, to equal rows."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.command import newsbeam
from tests.readers.lakes import busy_lake

pytestmark = [pytest.mark.readers, pytest.mark.timeout(300)]

_LOAD = """
import json, sys
from datasets import load_dataset

loaded = {}
for form in ("parquet", "jsonl"):
    loaded[form] = load_dataset(f"as_{form}", split="train")
    streamed = load_dataset(f"as_{form}", split="train", streaming=True)
    assert [row["article_id"] for row in streamed] == list(loaded[form]["article_id"])
rows = loaded["parquet"].to_list()
assert loaded["jsonl"].features == loaded["parquet"].features
assert loaded["jsonl"].to_list() == rows
features = {name: str(of) for name, of in loaded["jsonl"].features.items()}
print(json.dumps({"rows": rows, "features": features}, default=str))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sets ``as_parquet`` and ``as_jsonl``, of a lake whose older rows lack columns."""
    folder = tmp_path_factory.mktemp("sets")
    busy_lake(folder)
    for form in ("parquet", "jsonl"):
        given = (
            "--to",
            f"as_{form}",
            "--format",
            form,
            "--without_copies",
            "--all_revisions",
            "--ignore_usage_directives",
        )
        done = newsbeam("export", "articles", "--output", "lake", *given, folder=folder)
        assert (done.returncode, done.stderr) == (0, "")
    return folder


def loaded(environment: Path, folder: Path, code: str) -> Any:
    """What the code prints last, run where Hugging Face's datasets are, without a network."""
    variables = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "cache"), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    command = [environment / "python", "-c", code]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_both_forms_are_loaded_to_the_rows_of_the_files_with_their_types(environment: Path, folder: Path) -> None:
    told = loaded(environment, folder, _LOAD)
    [path] = (folder / "as_parquet/data").iterdir()
    table = pq.read_table(path)
    assert [row["article_id"] for row in told["rows"]] == table.column("article_id").to_pylist()
    assert [row["article_body"] for row in told["rows"]] == table.column("article_body").to_pylist()
    assert len(told["rows"]) > 50
    assert told["features"]["date_published"] == "Value('timestamp[us, tz=UTC]')"
    assert told["features"]["published_date"] == "Value('date32')"
    assert told["features"]["facts_sources"] == "List({'column': Value('string'), 'source': Value('string')})"
    assert told["features"]["links"].startswith("List({'text': Value('string')"), "though all of them are null"


def test_a_file_that_lost_rows_is_noticed(environment: Path, folder: Path) -> None:
    [path] = (folder / "as_parquet/data").iterdir()
    whole = path.read_bytes()
    try:
        pq.write_table(pq.read_table(path).slice(1), path)
        code = """
from datasets import load_dataset
try:
    load_dataset("as_parquet", split="train", cache_dir="other")
    print('"loaded"')
except Exception as error:
    print('"' + type(error).__name__ + '"')
"""
        assert loaded(environment, folder, code) == "NonMatchingSplitsSizesError"
    finally:
        path.write_bytes(whole)


def test_a_set_of_theirs_keeps_its_types_when_copies_are_marked(environment: Path, tmp_path: Path) -> None:
    make = """
from datasets import ClassLabel, Dataset, Features, Value
features = Features({"id": Value("int64"), "text": Value("string"), "kind": ClassLabel(names=["news", "blog"])})
rows = {"id": [1, 2], "text": ["The quay closes for a week."] * 2, "kind": [0, 1]}
Dataset.from_dict(rows, features=features).to_parquet("a.parquet")
print("null")
"""
    assert loaded(environment, tmp_path, make) is None
    done = newsbeam("dedupe", "a.parquet", "--output", "marked.parquet", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    read = """
import json
from datasets import load_dataset
rows = load_dataset("parquet", data_files="marked.parquet", split="train")
print(json.dumps([str(rows.features["kind"]), rows["kind"][:], rows["relation"][:], rows["duplicate_of"][:]]))
"""
    assert loaded(environment, tmp_path, read) == [
        "ClassLabel(names=['news', 'blog'])", [0, 1], ["original", "exact"], [None, 1],
    ]  # fmt: skip
