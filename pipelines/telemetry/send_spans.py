"""Sends spans to an OpenTelemetry collector, by OTLP over HTTP. Imported only where traces are asked for."""

from __future__ import annotations

from importlib import metadata

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode, Tracer, set_span_in_context

from pipelines.telemetry.run_spans import Span

_NAME = "newsbeam"
_US_NS = 1000


class SpanSender:
    """Sends each run's spans in the background, so that no run waits for a collector.

    Where to, with which headers, in which batches and with what beside them is said by OpenTelemetry's own environment
    variables (``OTEL_EXPORTER_OTLP_ENDPOINT``, …). What cannot be sent is logged by OpenTelemetry and lost.
    """

    def __init__(self) -> None:
        version = metadata.version("newsbeam")
        resource = Resource.create({"service.version": version})
        if str(resource.attributes["service.name"]).startswith("unknown_service"):  # the environment gives no other
            resource = resource.merge(Resource({"service.name": _NAME}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer(_NAME, version)

    def send(self, span: Span) -> None:
        """Send a span and those below it, as one trace."""
        _record(self._tracer, span)

    def close(self) -> None:
        """Send what is left, for as long as ``OTEL_EXPORTER_OTLP_TIMEOUT`` allows (10 s)."""
        self._provider.shutdown()


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
