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
from transforms.common.this_code import OtherVersionError, check_version, this_code, this_version
from transforms.lake.files.parts import writer_of


def test_a_version_says_what_results_depend_on() -> None:
    expected = rf"newsbeam \S+ \(code {this_code()[:12]}, Beam 2\.\d+\.\d+, Python 3\.11\)"
    assert re.fullmatch(expected, this_version())
    assert re.fullmatch("[0-9a-f]{32}", this_code())


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
