"""Which entries the user's rules drop. Pure."""

from __future__ import annotations

from schemas.feed import FeedEntry
from transforms.web.chosen.feed_settings import FeedSettings
from transforms.web.chosen.patterns import folded, has_pattern, has_word


def rule_against(entry: FeedEntry, chosen: FeedSettings) -> str | None:
    """The rule that drops an entry: the name of its key in the settings file; None if the entry stays.

    Patterns are looked for in the entry's address, words in its title, summary and keywords.
    """
    if chosen.drop_urls and any(has_pattern(entry.url, pattern) for pattern in chosen.drop_urls):
        return "drop_urls"
    if chosen.keep_urls and not any(has_pattern(entry.url, pattern) for pattern in chosen.keep_urls):
        return "keep_urls"
    if not chosen.drop_words and not chosen.keep_words:
        return None
    said = "\n".join(folded(text) for text in (entry.title, entry.summary, *entry.keywords) if text)
    if chosen.drop_words and has_word(said, chosen.drop_words):
        return "drop_words"
    if chosen.keep_words and not has_word(said, chosen.keep_words):
        return "keep_words"
    return None
