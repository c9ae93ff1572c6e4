"""Client and workers run one version, or the run is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.internal import pickler
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline as beam_pipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.run import Run
from transforms.common.same_version import SameVersion, _checker
from transforms.common.this_code import OtherVersionError, check_version, commit, this_code, this_version
from transforms.lake.files.parts import writer_of


def test_a_version_says_what_results_depend_on() -> None:
    python = rf"Python {sys.version_info.major}\.{sys.version_info.minor}"
    expected = rf"newsbeam \S+ \(code {this_code()[:12]}, Beam 2\.\d+\.\d+, {python}\)"
    assert re.fullmatch(expected, this_version())
    assert re.fullmatch("[0-9a-f]{32}", this_code())


def git(folder: Path, *words: str) -> str:
    own = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *own, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_checkout_knows_its_commit_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("one = 1\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "One")
    git(tmp_path, "tag", "v0.1.0")
    head = git(tmp_path, "rev-parse", "HEAD")[:12]
    assert commit(tmp_path) == head
    (tmp_path / "code.py").write_text("two = 2\n")
    assert commit(tmp_path) == f"{head}-changed"
    (tmp_path / "unpacked").mkdir()
    assert commit(tmp_path / "unpacked") == "", "of another project's checkout around it"


def test_a_package_knows_its_commit_without_git_and_a_broken_checkout_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    assert commit(tmp_path) == ""
    monkeypatch.setenv("PATH", "/nowhere")
    assert commit(tmp_path) == ""
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines/COMMIT").write_text("1a2b3c4d5e6f\n")
    assert commit(tmp_path) == "1a2b3c4d5e6f"


def test_the_same_version_passes_and_another_is_refused_with_both_in_one_line() -> None:
    check_version(this_version())
    other = this_version().replace(this_code()[:12], "0" * 12)
    with pytest.raises(OtherVersionError) as refused:
        check_version(other)
    assert str(refused.value) == (
        f"a worker runs {this_version()}, this command {other}; install one version, with its libraries, on both"
    )


def test_the_given_element_comes_once_the_version_is_checked() -> None:
    with beam_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        assert_that(pipeline | SameVersion(this_version(), "run"), equal_to(["run"]))
    with pytest.raises(OtherVersionError), beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = pipeline | SameVersion("newsbeam 0", "run")


def test_a_worker_without_newsbeam_loads_the_check_and_says_what_it_lacks(tmp_path: Path) -> None:
    """`-S -I` leaves only the standard library, to which the folders of Beam and cloudpickle are added."""
    (tmp_path / "check").write_bytes(pickler.dumps(_checker()))
    libraries = Path(beam.__file__).parents[1]
    code = (
        f"import sys; sys.path.append({str(libraries)!r})\n"
        "from apache_beam.internal import pickler\n"
        f"check = pickler.loads(open({str(tmp_path / 'check')!r}, 'rb').read())\n"
        "check('newsbeam 7')"
    )
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "RuntimeError: OtherVersionError: a worker has no newsbeam that it can load (No module named 'transforms'); "
        "install newsbeam 7 there too"
    )


def test_no_worker_of_another_version_writes_to_a_lake() -> None:
    run = Run("20260302T080000.000000Z", 0, "lake", version=this_version())
    assert writer_of(run).run_id == run.run_id
    with pytest.raises(OtherVersionError):
        writer_of(Run("20260302T080000.000000Z", 0, "lake", version="newsbeam 0"))
