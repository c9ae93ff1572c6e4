"""Why a block was taken out of a text: the closed list behind `Removed.reason`."""

from __future__ import annotations

from enum import StrEnum


class RemovalReason(StrEnum):
    """What a removed block was."""

    HEADLINE = "headline"
    COOKIES = "cookies"
    COMMENT_FORM = "comment_form"
    ADVERTISEMENT = "advertisement"
    AGENCY_ABOUT = "agency_about"
    CREDITS = "credits"
    PROMOTION = "promotion"
