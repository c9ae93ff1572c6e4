"""A catalog behind Iceberg's REST protocol on loopback, as far as newsbeam asks: over pyiceberg's catalog in SQLite.

Run as ``rest_catalog.py PACKAGES FOLDER WAREHOUSE``; prints its address. Requests without the token are refused.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

sys.path.append(sys.argv[1])

from pyiceberg.catalog.rest import CreateTableRequest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import (
    CommitFailedException,
    NamespaceAlreadyExistsError,
    NoSuchNamespaceError,
    NoSuchTableError,
    TableAlreadyExistsError,
)
from pyiceberg.table import CommitTableRequest, CommitTableResponse, Table

_STATUS = {
    NoSuchTableError: 404,
    NoSuchNamespaceError: 404,
    NamespaceAlreadyExistsError: 409,
    TableAlreadyExistsError: 409,
    CommitFailedException: 409,
}


class Handler(BaseHTTPRequestHandler):
    """One request of the protocol."""

    catalog: SqlCatalog

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0].strip("/").split("/")[1:]
        if path != ["config"] and self.headers.get("Authorization") != "Bearer s3cr3t":
            return self._send(401, {"error": {"message": "no token", "type": "NotAuthorizedException", "code": 401}})
        try:
            return self._send(200, self._done(path, body))
        except tuple(_STATUS) as error:
            code = _STATUS[type(error)]
            return self._send(code, {"error": {"message": str(error), "type": type(error).__name__, "code": code}})
        except Exception as error:
            return self._send(500, {"error": {"message": repr(error), "type": "ServerError", "code": 500}})

    def _done(self, path: list[str], body: bytes) -> Any:
        match path, self.command:
            case ["config"], _:
                return {"defaults": {}, "overrides": {}}
            case ["namespaces"], "POST":
                self.catalog.create_namespace(tuple(json.loads(body)["namespace"]))
                return json.loads(body) | {"properties": {}}
            case ["namespaces", name], _:
                return {"namespace": [name], "properties": self.catalog.load_namespace_properties(name)}
            case ["namespaces", name, "tables"], "POST":
                asked = CreateTableRequest.model_validate_json(json.dumps({"location": None} | json.loads(body)))
                table = self.catalog.create_table(
                    (name, asked.name), asked.table_schema, asked.location, properties=asked.properties
                )
                return self._loaded(table)
            case ["namespaces", name, "tables", table_name], "POST":
                commit = CommitTableRequest.model_validate_json(body)
                table = self.catalog.load_table((name, table_name))
                done = self.catalog.commit_table(table, commit.requirements, commit.updates)
                return {
                    "metadata-location": done.metadata_location,
                    "metadata": json.loads(done.metadata.model_dump_json()),
                }
            case ["namespaces", name, "tables", table_name], _:
                return self._loaded(self.catalog.load_table((name, table_name)))
        raise NoSuchTableError(self.path)

    def _loaded(self, table: Table | CommitTableResponse) -> Any:
        metadata = json.loads(table.metadata.model_dump_json())
        return {"metadata-location": table.metadata_location, "metadata": metadata, "config": {}}

    def _send(self, status: int, answer: Any) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def main(folder: str, warehouse: str) -> None:
    """Serve until killed."""
    from os import environ

    Handler.catalog = SqlCatalog(
        "rest", uri=f"sqlite:///{folder}/rest.db", warehouse=warehouse,
        **{"s3.endpoint": environ["AWS_ENDPOINT_URL"]},
    )  # fmt: skip
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[2:])
