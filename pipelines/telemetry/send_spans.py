"""Sends spans to an OpenTelemetry collector, by OTLP over HTTP. Imported only where traces are asked for."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from importlib import metadata
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, StatusCode, Tracer, set_span_in_context

from pipelines.printable import masked
from pipelines.telemetry.options import collector_in
from pipelines.telemetry.run_spans import Span

_LOG = logging.getLogger("newsbeam.telemetry")
_LIBRARY_LOG: Final = logging.getLogger(OTLPSpanExporter.__module__)
_MAX_REASON_CHARS: Final = 300
_NAME = "newsbeam"
_US_NS = 1000


class SpanSender:
    """Sends each run's spans in the background, so that no run waits for a collector.

    Where to, with which headers, in which batches and with what beside them is said by OpenTelemetry's own environment
    variables (``OTEL_EXPORTER_OTLP_ENDPOINT``, …). What cannot be sent is lost; an outage is one line in the log.
    """

    def __init__(self) -> None:
        version = metadata.version("newsbeam")
        resource = Resource.create({"service.version": version})
        if str(resource.attributes["service.name"]).startswith("unknown_service"):  # the environment gives no other
            resource = resource.merge(Resource({"service.name": _NAME}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(_TellingExporter()))
        self._tracer = self._provider.get_tracer(_NAME, version)

    def send(self, span: Span) -> None:
        """Send a span and those below it, as one trace."""
        _record(self._tracer, span)

    def close(self) -> None:
        """Send what is left, for as long as ``OTEL_EXPORTER_OTLP_TIMEOUT`` allows (10 s)."""
        self._provider.shutdown()


class _TellingExporter(SpanExporter):
    """Sends spans, and tells once that this fails; again only for an outage after spans had been taken.

    OpenTelemetry's exporter has a line for each of its tries, which are shown where all logs are asked for.
    """

    def __init__(self) -> None:
        self._exporter = OTLPSpanExporter()
        self._is_out = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Never raises for a collector that is out of reach or refuses."""
        heard = _Heard()
        _LIBRARY_LOG.addFilter(heard)
        try:
            result = self._exporter.export(spans)
        finally:
            _LIBRARY_LOG.removeFilter(heard)
        is_out = result is not SpanExportResult.SUCCESS
        if is_out and not self._is_out:
            collector, reason = masked(collector_in(os.environ)), heard.reason or "unknown"
            _LOG.warning("traces cannot be sent and are lost", extra={"collector": collector, "reason": reason})
        self._is_out = is_out
        return result

    def shutdown(self) -> None:
        """Gives up waiting for another try."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


class _Heard(logging.Filter):
    """Keeps what the library says first, which has the cause, and drops its lines unless all logs are asked for."""

    reason: str | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        if self.reason is None:
            errors = [one for one in record.args or () if isinstance(one, Exception)]
            said = _innermost(errors[0]) if errors else record.getMessage().partition(" encountered while")[0]
            self.reason = said[:_MAX_REASON_CHARS]
        return logging.getLogger().isEnabledFor(logging.INFO)


def _innermost(error: BaseException) -> str:
    """What lies below an error that wraps others: "Connection refused"."""
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    words = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
    return masked(words)


def _record(tracer: Tracer, span: Span, parent: Span | None = None, context: object = None) -> None:
    recorded = tracer.start_span(
        span.name,
        context=context,  # type: ignore[arg-type]
        start_time=span.started_us * _US_NS,
        attributes=dict(span.attributes),
    )
    if span.error is not None:
        recorded.set_status(Status(StatusCode.ERROR, span.error))
    for child in span.children:
        _record(tracer, child, span, set_span_in_context(recorded))
    recorded.end(end_time=span.ended_us * _US_NS)
