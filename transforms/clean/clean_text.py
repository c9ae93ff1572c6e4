"""Moves the page's furniture out of an article's text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

from schemas.article import Article, RemovalReason, Removed
from transforms.clean import rules
from transforms.clean.about import is_about_heading, is_self_description
from transforms.clean.bylines import is_byline, is_dated_byline, is_time_line, signers
from transforms.clean.phrases import Phrases, load_phrases
from transforms.text.body_blocks import without_lines
from transforms.text.lines import BodyLine, body_line, body_lines, words_of

_HEAD_BLOCKS = 3
_ABOUT_BLOCKS = 10
# A few lines that no rule knows may follow the last paragraph (a copyright, a tag); more are a list of the story.
_UNKNOWN_TAIL_LINES = 4

_Rule = Callable[[BodyLine, Phrases], bool]
_ANYWHERE: tuple[tuple[RemovalReason, _Rule], ...] = (
    (RemovalReason.PROMOTION, lambda block, _: rules.is_link_line(block)),
    (RemovalReason.PROMOTION, lambda block, phrases: len(block.words) > 1 and rules.is_share_line(block, phrases)),
    (RemovalReason.PROMOTION, rules.asks_and_invites),
    (RemovalReason.CREDITS, rules.is_photo_credit),
)
_AT_THE_END: tuple[tuple[RemovalReason, _Rule], ...] = (
    (RemovalReason.COMMENT_FORM, rules.is_comment_form),
    (RemovalReason.CREDITS, rules.is_credit),
    (RemovalReason.TIMES, is_time_line),
    (RemovalReason.PROMOTION, rules.is_share_line),
    (RemovalReason.PROMOTION, rules.is_sign_up),
    (RemovalReason.PROMOTION, rules.names_own_channel),
)
_BY_NAME: tuple[tuple[RemovalReason, _Rule], ...] = (
    (RemovalReason.COOKIES, rules.is_cookie_notice),
    (RemovalReason.ADVERTISEMENT, rules.is_ad_slot),
    *_ANYWHERE,
    *_AT_THE_END,
)


def clean_article(article: Article) -> Article:
    """The article with its furniture moved from `article_body` to `removed`, in text order, each piece with a reason.

    Only whole blocks (lines of the body) move: no word is lost or changed, and cleaning a second time changes nothing.
    Blocks that the model removed before get the reason of the rule that knows them, if there is one. Deterministic. A
    text of nothing but furniture comes back with an empty body.
    """
    blocks = body_lines(article.article_body)
    phrases = load_phrases()
    before = tuple(_named(removed, blocks, article, phrases) for removed in article.removed)
    gone: dict[int, RemovalReason] = {}
    # Removing furniture makes other blocks the first or last ones, so look again until nothing is found.
    while found := _furniture([block for block in blocks if block.line not in gone], article, phrases):
        gone.update(found)
    if not gone and before == article.removed:
        return article
    taken = tuple(Removed(block.text, str(gone[block.line])) for block in blocks if block.line in gone)
    left_out = {removed.text for removed in taken}
    recovered = tuple(text for text in article.recovered if text not in left_out)
    return replace(without_lines(article, gone), removed=before + taken, recovered=recovered)


def _named(removed: Removed, blocks: Sequence[BodyLine], article: Article, phrases: Phrases) -> Removed:
    """A removed block; if the model removed it, with the reason of the rule that would have."""
    if removed.reason != RemovalReason.MODEL:
        return removed
    block = body_line(removed.text)
    reason = _first_reason(block, _BY_NAME, phrases)
    if rules.is_headline(block, words_of(article.headline or "")):
        reason = RemovalReason.HEADLINE
    elif reason is None and is_self_description(block, blocks, article, phrases):
        reason = RemovalReason.AGENCY_ABOUT
    return removed if reason is None else removed._replace(reason=str(reason))


def _furniture(blocks: list[BodyLine], article: Article, phrases: Phrases) -> dict[int, RemovalReason]:
    """The blocks that are furniture now: line numbers with reasons."""
    found = _ad_slots(blocks, phrases) | _cookie_notices(blocks, phrases)
    for block in blocks:
        if block.line not in found and (reason := _first_reason(block, _ANYWHERE, phrases)):
            found[block.line] = reason
    found |= _head([block for block in blocks if block.line not in found], article, phrases)
    return found | _tail([block for block in blocks if block.line not in found], article, phrases)


def _head(blocks: list[BodyLine], article: Article, phrases: Phrases) -> dict[int, RemovalReason]:
    """Lines to remove above and between the first paragraphs: the page's headline, share lines and sign-up lines; and
    above the first one, who wrote the text and when."""
    found: dict[int, RemovalReason] = {}
    headline, names = words_of(article.headline or ""), signers(article)
    kept = 0
    has_begun = False
    for block in blocks:
        has_begun = has_begun or block.is_story
        if kept == 0 and rules.is_headline(block, headline):
            found[block.line] = RemovalReason.HEADLINE
        elif (not has_begun and is_byline(block, names, phrases)) or is_dated_byline(block, names, phrases):
            found[block.line] = RemovalReason.CREDITS
        elif not has_begun and is_time_line(block, phrases):
            found[block.line] = RemovalReason.TIMES
        elif rules.is_sign_up(block, phrases) or rules.is_share_line(block, phrases):
            found[block.line] = RemovalReason.PROMOTION
        else:
            kept += 1
        if kept == _HEAD_BLOCKS:
            break
    return found


def _first_reason(
    block: BodyLine, table: tuple[tuple[RemovalReason, _Rule], ...], phrases: Phrases
) -> RemovalReason | None:
    """The reason of the first rule in the table that matches the block; None if none does."""
    return next((reason for reason, rule in table if rule(block, phrases)), None)


def _ad_slots(blocks: list[BodyLine], phrases: Phrases) -> dict[int, RemovalReason]:
    """Placeholders of advertisements. A one-word label that the story uses twice may be its subheading, and stays."""
    slots = [block for block in blocks if rules.is_ad_slot(block, phrases)]
    if not slots:
        return {}
    labels = {block.words[0] for block in slots if len(block.words) == 1}
    told = {label: sum(block.words.count(label) for block in blocks if len(block.words) > 3) for label in labels}
    return {
        block.line: RemovalReason.ADVERTISEMENT for block in slots if len(block.words) > 1 or told[block.words[0]] < 2
    }


def _cookie_notices(blocks: list[BodyLine], phrases: Phrases) -> dict[int, RemovalReason]:
    """Cookie notices anywhere. In a story that mentions cookies itself, only those above or below the whole story."""
    notices = {block.line for block in blocks if rules.is_cookie_notice(block, phrases)}
    if not notices:
        return {}
    told = any(rules.mentions_cookies(block, phrases) for block in blocks if block.line not in notices)
    if told:
        above = takewhile(notices.__contains__, (block.line for block in blocks))
        below = takewhile(notices.__contains__, (block.line for block in reversed(blocks)))
        notices = {*above, *below}
    return dict.fromkeys(notices, RemovalReason.COOKIES)


def _tail(blocks: list[BodyLine], article: Article, phrases: Phrases) -> dict[int, RemovalReason]:
    """Furniture after the story's last paragraph, found from the end upwards."""
    found: dict[int, RemovalReason] = {}
    labels: list[BodyLine] = []
    has_form = False
    unknown = 0
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        reason = _first_reason(block, _AT_THE_END, phrases)
        if reason is None and len(blocks) - number <= _ABOUT_BLOCKS:
            below = blocks[number + 1] if number + 1 < len(blocks) else None
            described = below if below and found.get(below.line) is RemovalReason.AGENCY_ABOUT else None
            is_heading = described is not None and is_about_heading(block, described, phrases)
            if is_heading or is_self_description(block, blocks[:number], article, phrases):
                reason = RemovalReason.AGENCY_ABOUT
        if reason is not None:
            found[block.line] = reason
            has_form = has_form or reason is RemovalReason.COMMENT_FORM
        elif rules.is_form_label(block, phrases):
            labels.append(block)
        elif block.is_story or unknown == _UNKNOWN_TAIL_LINES:
            break
        else:
            unknown += 1
    if has_form:
        found.update({label.line: RemovalReason.COMMENT_FORM for label in labels})
    return found
