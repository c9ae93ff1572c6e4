"""Hostile bodies of the shared set of bad inputs, where that set is at hand."""

from __future__ import annotations

import importlib.util
import tracemalloc
from pathlib import Path
from types import ModuleType

import pytest

from schemas.failure import Reason
from tests.shared_data import SHARED
from transforms.web.errors import FetchError
from transforms.web.http.decoding import decode_content

TOOL = SHARED / "tools" / "bad_inputs.py" if SHARED is not None else None
LIMIT_BYTES = 20 << 20

EXPECTED = {
    "body_gzip_members": Reason.TOO_LARGE,
    "body_brotli_bomb": Reason.TOO_LARGE,
    "body_zstd_bomb": Reason.TOO_LARGE,
    "body_zstd_window": Reason.BAD_ENCODING,
    "body_gzip_truncated": Reason.TRUNCATED,
    "body_gzip_bad_crc": Reason.BAD_ENCODING,
    "body_gzip_trailing": None,
    "body_not_gzip": None,
    "body_unknown_coding": Reason.BAD_ENCODING,
}
"""Left out are the three gzip and deflate bombs: they take seconds to make and end like these."""


def _tool() -> ModuleType:
    assert TOOL is not None
    spec = importlib.util.spec_from_file_location("bad_inputs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.skipif(TOOL is None or not Path(TOOL).exists(), reason="the shared set of bad inputs is not here")
def test_every_hostile_body_ends_with_its_reason_and_within_its_limit() -> None:
    cases = _tool().CASES
    for name, expected in EXPECTED.items():
        _, _, make, facts = cases[name]
        try:
            body = make()
        except ImportError:  # a coding whose library is not installed
            continue
        tracemalloc.start()
        try:
            text = decode_content(body, facts["encoding"], LIMIT_BYTES)
            reason = None
            assert facts.get("must_contain", "").encode() in text
        except FetchError as failed:
            reason = failed.reason
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (name, reason) == (name, expected)
        assert peak_bytes < 4 * LIMIT_BYTES, name
