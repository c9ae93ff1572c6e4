"""Which drafts the user's rules drop, by the language and the section of their articles. Pure."""

from __future__ import annotations

from transforms.compare.run_drafts import RunDrafts
from transforms.web.chosen.feed_settings import FeedChoices, FeedSettings
from transforms.web.chosen.patterns import folded, matches


def dropped_drafts(drafts: RunDrafts, choices: FeedChoices) -> dict[str, str]:
    """The rule against each draft that one drops, by page id; reads four columns of the drafts.

    None drops the news that an article was withdrawn: the lake holds that article, whatever the rules are by now.
    """
    if not choices.judge_drafts:
        return {}
    chosen: dict[str, FeedSettings] = {}
    found: dict[str, str] = {}
    pages = drafts.columns("fingerprint", ("page_id",))
    articles = drafts.columns("article", ("feed_url", "in_language", "article_section", "withdrawn_at"))
    for ids, some in zip(pages, articles, strict=True):
        values = (column.to_pylist() for column in (*ids.columns, *some.columns))
        for page_id, feed_url, language, section, withdrawn_at in zip(*values, strict=True):
            if withdrawn_at is not None:
                continue
            if feed_url not in chosen:
                chosen[feed_url] = choices.of(feed_url)
            rule = rule_against(language, section, chosen[feed_url])
            if rule is not None:
                found[page_id] = rule
    return found


def rule_against(language: str | None, section: str | None, chosen: FeedSettings) -> str | None:
    """The rule that drops a draft: the name of its key in the settings file; None if the draft stays.

    A rule of a language ("en") also speaks of its regions ("en-GB"), not the other way about. What has no language, or
    no section, fits no rule: it stays under a drop rule, and goes under a keep rule.
    """
    if chosen.drop_languages and _is_in(chosen.drop_languages, language):
        return "drop_languages"
    if chosen.keep_languages and not _is_in(chosen.keep_languages, language):
        return "keep_languages"
    if chosen.drop_sections and _is_section(chosen.drop_sections, section):
        return "drop_sections"
    if chosen.keep_sections and not _is_section(chosen.keep_sections, section):
        return "keep_sections"
    return None


def _is_in(rules: tuple[str, ...], language: str | None) -> bool:
    tag = (language or "").lower()
    return any(tag == rule.lower() or tag.startswith(f"{rule.lower()}-") for rule in rules)


def _is_section(rules: tuple[str, ...], section: str | None) -> bool:
    name = folded(section or "")
    return bool(name) and any(matches(folded(rule), name) for rule in rules)
