"""The environment of all tests: it has no one's credentials, and object stores in it are at a port where none listens.

Without credentials obstore asks the address at which the machines of a cloud give them, and without an endpoint the
cloud itself. Here both are on loopback, also for the processes that tests start; `tests/s3` names its own server.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Final

NOBODY: Final = "http://127.0.0.1:9"
KEY_ID: Final = "MADE-UP-KEY-ID"
SECRET: Final = "made-up/secret+key"

ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": KEY_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": NOBODY,
    "AWS_ALLOW_HTTP": "true",
    "AWS_METADATA_ENDPOINT": NOBODY,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AZURE_STORAGE_ACCOUNT_NAME": "madeup",
    "AZURE_STORAGE_ACCOUNT_KEY": "bWFkZSB1cA==",
    "AZURE_STORAGE_ENDPOINT": NOBODY,
    "AZURE_ALLOW_HTTP": "true",
    "GOOGLE_BASE_URL": NOBODY,
    "GOOGLE_SKIP_SIGNATURE": "true",
    "GOOGLE_ALLOW_HTTP": "true",
}
_CLOUDS: Final = ("AWS_", "AZURE_", "GOOGLE_", "DUCKDB_S3_", "IDENTITY_", "MSI_")


def keep_on_loopback(environment: MutableMapping[str, str] = os.environ) -> None:
    """Replace every variable of a cloud in the environment by ours."""
    for name in list(environment):
        if name.upper().startswith(_CLOUDS):
            del environment[name]
    environment.update(ENVIRONMENT)
