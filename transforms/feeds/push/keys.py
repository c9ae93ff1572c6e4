"""The callbacks and secrets of subscriptions, which follow from one key, and the signatures of pushes. Pure.

Nothing secret has to be kept: whoever reads the lake cannot make the callback's address or the secret of a
subscription without the key, which stands in an environment variable.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from schemas.subscription import Subscription

TOKEN = re.compile(r"[0-9a-f]{40}", re.ASCII)
"""The last part of a callback's address: 160 bits, which nobody guesses."""

_SIGNATURE = re.compile(r"\s*+(sha1|sha256|sha384|sha512)=([0-9a-f]{40,128}+)\s*+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PushKey:
    """The key of a stream's subscriptions."""

    key: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """A name of the key that does not tell it."""
        return self._derived("id")[:16]

    def token_of(self, one: Subscription) -> str:
        """The last part of the address of a subscription's callback."""
        return self._derived("callback", *one.urls)[:40]

    def secret_of(self, one: Subscription) -> str:
        """The secret with which the hub is to sign."""
        return self._derived("secret", *one.urls)

    def _derived(self, *of: str) -> str:
        # Each part with its length, so that no two lists of parts are one text.
        text = "".join(f"{len(part)}:{part}" for part in of)
        return hmac.new(self.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


class Signed:
    """Whether a body that comes piece by piece is signed with a secret, as its X-Hub-Signature header says.

    Nothing is kept of the body. Without a header that can be read, or by another method than SHA-1 or SHA-2, nothing is
    signed.
    """

    def __init__(self, header: str, secret: str) -> None:
        stated = _SIGNATURE.fullmatch(header)
        self._stated = stated[2].lower() if stated is not None else ""
        self._hmac = hmac.new(secret.encode(), digestmod=stated[1].lower()) if stated is not None else None

    def add(self, piece: bytes) -> None:
        """Take the next piece of the body."""
        if self._hmac is not None:
            self._hmac.update(piece)

    @property
    def is_right(self) -> bool:
        """Whether what came so far is what was signed; compared in constant time."""
        return self._hmac is not None and hmac.compare_digest(self._hmac.hexdigest(), self._stated)
