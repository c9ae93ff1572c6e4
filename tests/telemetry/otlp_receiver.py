"""A collector of traces on loopback: takes what OpenTelemetry's exporter posts, and reads it as Protocol Buffers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Receiver:
    """What was received."""

    port: int = 0
    status: int = 200
    """How the next posts are answered; only 200 takes their spans."""
    paths: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    resource: dict[str, str | int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The value of OTEL_EXPORTER_OTLP_ENDPOINT."""
        return f"http://127.0.0.1:{self.port}"

    def roots(self) -> list[Span]:
        """The spans without a parent, in order of time."""
        return sorted(
            (span for span in self.spans if not span.parent_span_id), key=lambda span: span.start_time_unix_nano
        )

    def below(self, parent: Span) -> list[Span]:
        """The spans below a span of its trace, in order of time."""
        found = [span for span in self.spans if span.parent_span_id == parent.span_id]
        assert {span.trace_id for span in found} <= {parent.trace_id}
        return sorted(found, key=lambda span: (span.start_time_unix_nano, span.end_time_unix_nano))


def attributes(given: list[KeyValue]) -> dict[str, str | int]:
    """Attributes by name: texts and whole numbers."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in given}


@contextmanager
def otlp_receiver() -> Iterator[Receiver]:
    """A collector for the block."""
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/x-protobuf"
            posted = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
            received.paths.append(self.path)
            if received.status != 200:
                self.send_response(received.status)
                self.end_headers()
                return
            for of_resource in posted.resource_spans:
                received.resource.update(attributes(list(of_resource.resource.attributes)))
                for of_scope in of_resource.scope_spans:
                    received.spans.extend(of_scope.spans)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
