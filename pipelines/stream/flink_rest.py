"""Cancels a job, or waits for its end, by Flink's own REST interface: Beam's job server only forgets it."""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from http.client import HTTPException
from typing import Any, Final

from pipelines.checks import UsageError

_LOG = logging.getLogger("newsbeam.stream")

_WAIT_S: Final = 60.0
"""How long a job may take to end; pieces of a run under way are interrupted."""
_LOOK_S: Final = 0.5
_SILENT_S: Final = 600.0
"""How long Flink may give no answer before nobody waits for its job any more."""
_ANSWER_S: Final = 10.0
_NO_FLINK: Final = (OSError, HTTPException, ValueError, KeyError, TypeError)
"""What it raises to ask where nobody answers, or somebody else."""
_ENDED: Final = frozenset({"CANCELED", "FAILED", "FINISHED"})


def check_flink(address: str) -> None:
    """Raise UsageError unless Flink's REST interface answers at `address`."""
    try:
        is_flink = "flink-version" in _asked(f"{address}/overview")
    except _NO_FLINK:
        is_flink = False
    if not is_flink:
        raise UsageError(
            f"--flink_rest {address} is not Flink's REST interface: give that of its web page, http://HOST:PORT"
        )


def cancel_job(address: str, name: str) -> bool:
    """Whether all jobs of this name have ended, after asking Flink at `address` to cancel them."""
    until_s = time.monotonic() + _WAIT_S
    try:
        while jobs := [job for job in _asked(f"{address}/jobs/overview")["jobs"] if _is_left(job, name)]:
            if time.monotonic() > until_s:
                return False
            for job in jobs:
                if job["state"] != "CANCELLING":
                    _asked(f"{address}/jobs/{job['jid']}?mode=cancel", "PATCH")
            time.sleep(_LOOK_S)
    except _NO_FLINK:
        return False
    return True


def await_job(address: str, name: str) -> bool:
    """Whether all jobs of this name have ended, after waiting for it; False if Flink does not answer for long."""
    heard_s = time.monotonic()
    while time.monotonic() - heard_s < _SILENT_S:
        try:
            if not any(_is_left(job, name) for job in _asked(f"{address}/jobs/overview")["jobs"]):
                return True
            heard_s = time.monotonic()
        except _NO_FLINK:
            _LOG.debug("Flink does not answer", extra={"address": address})
        time.sleep(_ANSWER_S * _LOOK_S)
    return False


def _is_left(job: Any, name: str) -> bool:
    return job["name"] == name and job["state"] not in _ENDED


def _asked(url: str, method: str = "GET") -> Any:
    request = urllib.request.Request(url, method=method)  # noqa: S310  (the user's own cluster)
    with urllib.request.urlopen(request, timeout=_ANSWER_S) as answer:  # noqa: S310
        return json.load(answer)
