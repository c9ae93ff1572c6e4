"""Rules that tell from a single block whether it is furniture, and of which kind.

Each rule sees one block without its surroundings; `clean_text` decides where in a text a rule applies. The rules look
at who speaks to whom (a site to its reader, a form to its user, a desk about its own work), never at a publisher's
name.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from transforms.clean.phrases import Phrases
from transforms.text.lines import BodyLine, words_of
from transforms.text.phrases.phrase_set import Endings
from transforms.text.phrases.pointer_labels import pointer_label
from transforms.text.sentences import ends_sentence

_LONGEST_NOTICE = 120
_LONGEST_LINK = 25
_LONGEST_CHANNEL = 12
_LONGEST_CREDIT = 60
_LONGEST_PHOTO_CREDIT = 10
_LONGEST_HEADLINE = 60
_INITIAL = re.compile(r"(?:^|[\s.])\w\.$")
_SENTENCE_GAP = re.compile(r"(?<=[.!?;。])\s+(?=\S)")
_RIGHTS_SIGN = re.compile(r"[-\s(\[]*+(?:©|\([cC]\)\s)")
_QUESTION = re.compile(r"[?？؟]")
_PARTED = re.compile(r"[:：.]")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
# A desk's initials alone in a block: "(dpa)", "(AFP)", "(SDA/ret)", "dpa/kan", "/ANSA".
_INITIALS = re.compile(
    r"[(\[](?:[A-Z]{2,6}|[a-z]{2,5})(?:[/,-][A-Za-z]{2,8})*[)\]]\.?|[a-zA-Z]{2,6}(?:/[a-z]{2,6}){1,3}|/\s?[A-Z]{3,8}/?\.?"
)


def is_cookie_notice(block: BodyLine, phrases: Phrases) -> bool:
    """Whether a site asks its reader for consent: "This website uses cookies … your …"."""
    if phrases.consent.fills(block.words):
        return True
    if len(block.words) > _LONGEST_NOTICE:
        return False
    asks = phrases.consent_starts.prefix_length(block.words) > 0
    return (
        asks or (_speaks_of_cookies_first(block, phrases) and _addresses_reader(block, phrases))
    ) and not block.is_quoting


def mentions_cookies(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block has a word for cookies anywhere."""
    lowered = block.text.casefold()
    return any(word in lowered for word in phrases.cookie_words)


def _speaks_of_cookies_first(block: BodyLine, phrases: Phrases) -> bool:
    starts = phrases.cookie_starts.prefix_length(block.words)
    if not starts and not block.text.isascii():
        starts = phrases.cookie_starts.prefix_length(_words_up_to_cookies(block.text))
    return starts > 0 and mentions_cookies(block, phrases)


def _addresses_reader(block: BodyLine, phrases: Phrases) -> bool:
    if not phrases.reader_signs.isdisjoint(block.words):
        return True
    return not block.text.isascii() and any(len(s) > 1 and s in block.text for s in phrases.reader_signs)


def _words_up_to_cookies(text: str) -> list[str]:
    """The words of a text in a script without spaces, up to its first mention of cookies; [] if there is none."""
    folded = text.casefold()
    for mark in ("cookie", "クッキー"):
        at = folded.find(mark)
        if at >= 0:
            return words_of(folded[: at + len(mark)])
    return []


def is_ad_slot(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is an advertisement's placeholder: "your ad here", "Anzeige"."""
    return phrases.advertisement.fills(block.words)


def is_comment_form(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is a line of a comment form: "Leave a Reply", "Required fields are marked *"."""
    return phrases.comment_form.fills(block.words)


def is_form_label(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is a label that belongs to a comment form only if one is near: "Name *", "Website"."""
    return phrases.comment_labels.fills(block.words)


def is_share_line(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is a share button or the heading of a list of links: "Share this:", "Lesen Sie auch"."""
    return phrases.promotion.fills(block.words)


def is_link_line(block: BodyLine) -> bool:
    """Whether the block points to another article: "Read more: …", "À lire aussi : …". A sentence behind a dash is the
    story's: "Read more – that was her advice."."""
    if len(block.words) > _LONGEST_LINK:
        return False
    label = pointer_label(block.text)
    if label is None or not (label.is_reading and label.parting):
        return False
    return not (label.has_dash and ends_sentence(block.text))


def is_sign_up(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block invites the reader to subscribe or follow: "Sign up for our weekly newsletter here."."""
    if len(block.words) > _LONGEST_LINK:
        return False
    return phrases.promotion_starts.prefix_length(block.words) > 0 and not block.is_quoting


def asks_and_invites(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is a question to the reader and an invitation: "Want more of this? Sign up for our newsletter."
    No story has this form."""
    if len(block.words) > _LONGEST_LINK or block.is_quoting or not _QUESTION.search(block.text):
        return False
    sentences = _sentences(block.text)
    return (
        len(sentences) == 2
        and _QUESTION.search(sentences[0]) is not None
        and phrases.promotion_starts.prefix_length(words_of(sentences[1])) > 0
    )


def names_own_channel(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block is a short line about a channel of the site's own: "See more on our YouTube channel!"."""
    if len(block.words) > _LONGEST_CHANNEL or block.is_quoting:
        return False
    return any(phrases.own_channels.prefix_length(block.words, at) for at in range(len(block.words)))


def is_credit(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block says who worked on the text: "A and B contributed to this report.", "Mit Material von dpa".

    Initials alone count too: "(dpa)". Otherwise every sentence must be a credit. A credit names names: besides its set
    phrase and the small words between names, it has hardly a word in lower case. "Reporting by rights groups shows …"
    is a story.
    """
    if len(block.words) > _LONGEST_CREDIT or not block.words:
        return False
    if _INITIALS.fullmatch(block.text):
        return True
    starts, ends = phrases.credit_starts, phrases.credit_ends
    if not starts.prefix_length(block.words) and not _holds_an_end(block.words, ends):
        return False
    return all(_is_credit_sentence(sentence, phrases) for sentence in _sentences(block.text))


def is_photo_credit(block: BodyLine, phrases: Phrases) -> bool:
    """Whether the block says who took a picture or holds its rights: "Photo: Bo Berg / Example Images", "© AFP".

    What follows the label is short and no sentence: "Photo: The bridge on the day it was opened." is a caption.
    """
    if len(block.words) > _LONGEST_PHOTO_CREDIT or ends_sentence(block.text):
        return False
    if _RIGHTS_SIGN.match(block.text):
        return len(block.words) > 0
    length = phrases.photo_starts.prefix_length(block.words)
    if not 0 < length < len(block.words):
        return False
    parted = _PARTED.search(block.text)
    if parted is not None and len(words_of(block.text[: parted.start()])) == length:
        return True
    names = _WORD.findall(block.text)[length:]
    return block.words[length - 1] in phrases.credit_joins and _names_only(names, phrases, at_least=2)


def _holds_an_end(words: list[str], ends: Endings) -> bool:
    return any(ends.suffix_length(words[:end]) for end in range(len(words), 0, -1))


def _sentences(text: str) -> list[str]:
    """The sentences of a text, also split at semicolons. An initial ("John F. Smith") ends no sentence."""
    sentences: list[str] = []
    for part in _SENTENCE_GAP.split(text):
        if sentences and _INITIAL.search(sentences[-1]):
            sentences[-1] += " " + part
        else:
            sentences.append(part)
    return sentences


def _is_credit_sentence(sentence: str, phrases: Phrases) -> bool:
    printed = _WORD.findall(sentence)
    words = words_of(sentence)
    length = phrases.credit_starts.prefix_length(words)
    if length:
        return length < len(printed) and _names_only(printed[length:], phrases)
    length = phrases.credit_ends.suffix_length(words)
    return bool(length) and _names_only(printed[:-length], phrases, at_least=2)


def _names_only(printed: list[str], phrases: Phrases, at_least: int = 0) -> bool:
    rest = [word for word in printed if word.casefold().replace("’", "'") not in phrases.credit_joins]
    lower = sum(word[0].islower() for word in rest)
    return lower <= 1 + len(rest) // 6 and len(rest) - lower >= at_least


def is_headline(block: BodyLine, headline_words: list[str]) -> bool:
    """Whether the block repeats the page's headline: the same words, except for a few or for a site's name."""
    words = block.words
    if not words or not headline_words:
        return False
    if words == headline_words:
        return True
    shorter, longer = sorted((words, headline_words), key=len)
    if len(shorter) < 4 or len(shorter) < 0.6 * len(longer) or len(longer) > _LONGEST_HEADLINE:
        return False
    if longer is headline_words and longer[: len(shorter)] == shorter:
        return True
    return SequenceMatcher(None, shorter, longer, autojunk=False).ratio() >= 0.85
