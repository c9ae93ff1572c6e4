"""What is known of an article before its page is asked for again. Pure."""

from __future__ import annotations

from schemas.feed import SAID, FeedEntry
from schemas.fingerprint import Fingerprint
from schemas.page import Page
from schemas.revisit import DueRevisit, Revisit
from schemas.state import Seen


def due_revisit(row: Revisit, page: Page, former: Fingerprint, seen: Seen | None) -> DueRevisit:
    """The revisit of a row, by its stored page, the latest revision of its article, and what is known of its entry.

    The validators are those of the last answer with the known words, else those of the page.
    """
    if row.validator_url is not None:
        validators = (row.validator_url, row.etag, row.last_modified)
    else:
        validators = (page.final_url, _header(page, "etag"), _header(page, "last-modified"))
    return DueRevisit(
        row,
        _entry(page, seen),
        page.final_url,
        *validators,
        printed=former.page_hash or former.content_hash,
        is_withdrawn=former.withdrawn_at_us is not None,
    )


def _entry(page: Page, seen: Seen | None) -> FeedEntry:
    """What the feed said when the page was stored, with the update that was remembered since: otherwise the feed's next
    listing would look like news of an edit."""
    said = {name: getattr(page, f"entry_{name}") for name in SAID}
    if seen is not None and seen.updated_us is not None:
        said["updated_us"] = max(seen.updated_us, page.entry_updated_us or seen.updated_us)
    return FeedEntry(page.feed_url, page.entry_id, page.url, page.url_key, page.feed_title, **said)


def _header(page: Page, name: str) -> str | None:
    """A header of the stored answer: its bytes as latin-1 text, as requests send them back."""
    sent = (header.value for header in page.response_headers if header.name.lower() == name)
    kept = (header.value.encode().decode("latin-1") for header in page.headers if header.name == name)
    return next(sent, None) or next(kept, None)
