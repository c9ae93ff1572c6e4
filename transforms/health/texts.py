"""Whether a site's texts have become shorter, and whether too many pages were built plainly. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.health.finding import Finding
from transforms.health.rules import PlainPagesRule, TextLengthRule


@dataclass(frozen=True, slots=True)
class SiteTexts:
    """The articles of a site in the last 3 days and in the days before, within 35, and the medians of their words."""

    publisher_domain: str
    recent_articles: int
    recent_words: float | None
    earlier_articles: int
    earlier_words: float | None


def shortened(site: SiteTexts, rule: TextLengthRule) -> Finding | None:
    """The finding that a site's texts have become shorter; None if they have not, or if there are too few."""
    if not rule.on or min(site.recent_articles, site.earlier_articles) < rule.least:
        return None
    if site.recent_words is None or site.earlier_words is None or site.recent_words >= rule.share * site.earlier_words:
        return None
    message = f"articles have {site.recent_words:g} words in the last 3 days, {site.earlier_words:g} before"
    return Finding("text_length", site.publisher_domain, message, site.recent_words, rule.share * site.earlier_words)


def plainly_built(plain: int, articles: int, rule: PlainPagesRule) -> Finding | None:
    """The finding that too many of the last day's `articles` are `plain`; None if not."""
    if not rule.on or plain < rule.least or plain <= rule.share * articles:
        return None
    message = f"{plain} of {articles} articles of the last 24 hours were built plainly ({plain / articles:.0%})"
    return Finding("plain_pages", "", message, round(plain / articles, 4), rule.share)
