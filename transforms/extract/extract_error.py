"""How the extraction of a page ends without an article, and why a page is built plainly. Imports no parser."""

from __future__ import annotations

from enum import StrEnum

from schemas.failure import ReasonedError


class ExtractError(ReasonedError):
    """The page holds no article, for a reason of the closed list."""


class Plainly(StrEnum):
    """Why a page is built by our own `plain_text`, without trafilatura and the model."""

    TOO_LARGE = "too_large"
    LIBRARY_ERROR = "library_error"
    SECOND_TRY = "second_try"
