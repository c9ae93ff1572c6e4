"""Client and workers run one version, or the run is refused."""

from __future__ import annotations

import re

import pytest

from transforms.common.this_code import OtherVersionError, check_version, this_code, this_version


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
