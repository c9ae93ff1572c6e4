"""A folder behind HTTP on loopback, whose server answers ranges or does not."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def behind_http(folder: Path, *, knows_ranges: bool = True) -> Iterator[str]:
    """The address under which the folder's files are to be had."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._send(with_body=False)

        def do_GET(self) -> None:
            self._send(with_body=True)

        def _send(self, *, with_body: bool) -> None:
            path = folder / self.path.lstrip("/")
            data = path.read_bytes() if path.is_file() else b""
            asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")) if knows_ranges else None
            body = data[int(asked[1]) : int(asked[2]) + 1] if asked else data
            self.send_response(404 if not path.is_file() else 206 if asked else 200)
            if asked:
                last = int(asked[1]) + len(body) - 1
                self.send_header("Content-Range", f"bytes {asked[1]}-{last}/{len(data)}")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Last-Modified", "Mon, 02 Mar 2026 08:00:00 GMT")
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
