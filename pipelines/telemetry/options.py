"""The options of metrics and traces, and their checks before Beam is loaded."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pipelines.checks import UsageError
from pipelines.given.listen_address import LOOPBACK, ListenAddress, listen_address

PORT: Final = 9464
"""The port that OpenTelemetry's specification names for a Prometheus endpoint."""

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_COLLECTOR: Final = "http://localhost:4318"
"""Where OpenTelemetry sends traces to if the environment names no collector."""
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL: Final = "http/protobuf"


def add_metrics_address(parser: argparse.ArgumentParser) -> None:
    """Add the option of a process that goes on between runs."""
    parser.add_argument(
        "--metrics_address",
        nargs="?",
        const=ListenAddress(LOOPBACK, PORT),
        type=listen_address,
        metavar="HOST:PORT",
        help=f"answer Prometheus with metrics there (without a value {LOOPBACK}:{PORT}; a port alone is on {LOOPBACK})",
    )


def add_telemetry(parser: argparse.ArgumentParser) -> None:
    """Add the options of all that makes runs."""
    group = parser.add_argument_group("metrics and traces")
    group.add_argument(
        "--metrics_file",
        type=_metrics_file,
        metavar="FILE.prom",
        help="after each run, also a failed one, write metrics for the textfile collector of Prometheus' node_exporter",
    )
    group.add_argument(
        "--traces",
        action="store_true",
        help="send a trace of each run to the OTLP collector that OTEL_EXPORTER_OTLP_ENDPOINT names "
        f"(without it {_COLLECTOR}); needs pip install 'newsbeam[traces]'",
    )


def check_telemetry(given: argparse.Namespace) -> None:
    """Raise UsageError for a metrics file that cannot be written, or traces that cannot be sent."""
    path = getattr(given, "metrics_file", None)
    if path is not None:
        _check_metrics_file(path)
    if getattr(given, "traces", False):
        if is_missing := missing_extra():
            raise UsageError(f"--traces needs {is_missing}: pip install 'newsbeam[traces]'")
        if protocol := other_protocol(os.environ):
            raise UsageError(f"--traces: traces are sent by {_PROTOCOL}, and the environment asks for {protocol}")


def _check_metrics_file(path: Path) -> None:
    try:
        if not path.parent.is_dir():
            raise UsageError(f"--metrics_file: there is no folder {path.parent}")
        if path.exists() and not path.is_file():  # to open a pipe would be to wait for whoever writes into it
            raise UsageError(f"--metrics_file: {path} is {'a folder' if path.is_dir() else 'no regular file'}")
    except OSError as error:  # such as a name that is too long
        raise UsageError(f"--metrics_file: {path}: {error.strerror}") from None
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"--metrics_file: no file can be made in {path.parent}, where a new one replaces the old")


def asks_for_traces(given: argparse.Namespace, environment: Mapping[str, str]) -> bool:
    """Whether traces are to be sent: by ``--traces``, or because the environment names a collector, as OpenTelemetry's
    variables do for all programs; unless the environment switches them off."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none":
        return False
    return bool(getattr(given, "traces", False)) or any(environment.get(name) for name in _ENDPOINTS)


def collector_in(environment: Mapping[str, str]) -> str:
    """The address of the collector that the environment names."""
    return next((value for name in _ENDPOINTS if (value := environment.get(name))), _COLLECTOR)


def missing_extra() -> str | None:
    """The package of the extra `traces` that is not installed; None if all are."""
    try:
        found = find_spec("opentelemetry.exporter.otlp.proto.http") and find_spec("opentelemetry.sdk")
    except ModuleNotFoundError:
        found = None
    return None if found else "opentelemetry-sdk with opentelemetry-exporter-otlp-proto-http"


def other_protocol(environment: Mapping[str, str]) -> str | None:
    """The protocol that the environment asks for, if it is another than ours."""
    asked = next((value for name in _PROTOCOLS if (value := environment.get(name, "").strip().lower())), _PROTOCOL)
    return None if asked == _PROTOCOL else asked


def _metrics_file(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".prom":
        raise argparse.ArgumentTypeError(f"{text}: node_exporter reads only files whose names end in .prom")
    return path
