"""What is known before a revisit is what the page and the latest revision say."""

from __future__ import annotations

from dataclasses import replace

from schemas.page import Header
from schemas.revisit import Revisit
from schemas.state import Seen
from tests.rows import NOON_US, article
from tests.rows import page as stored_page
from transforms.common.clock import HOUR_US
from transforms.compare.copies.fingerprint import fingerprint_of
from transforms.pages.revisit.due_revisit import due_revisit


def test_what_is_known_before_a_revisit_is_what_the_page_and_the_latest_revision_say() -> None:
    answered = stored_page(
        final_url="https://example.org/b",
        headers=(Header("etag", "kept"), Header("last-modified", "Món")),
        response_headers=(Header("ETag", "as sent"), Header("X", "y")),
        entry_title="A title",
        entry_updated_us=NOON_US,
    )
    row = Revisit("a" * 32, "k" * 32, "example.org", NOON_US, NOON_US, NOON_US + HOUR_US)
    former = replace(fingerprint_of(article(), "page"), page_hash="as printed")
    due = due_revisit(row, answered, former, Seen("k" * 32, NOON_US + 5, NOON_US + 9))
    assert (due.url, due.validator_url) == ("https://example.org/b", "https://example.org/b")
    assert due.etag == "as sent"
    assert due.last_modified == "Món".encode().decode("latin-1"), "the bytes of the header, as requests send them"
    assert (due.entry.url, due.entry.title, due.entry.updated_us) == ("https://example.org/a", "A title", NOON_US + 5)
    assert (due.printed, due.is_withdrawn) == ("as printed", False)

    asked = replace(row, validator_url="https://example.org/c", etag=None, last_modified="later")
    again = due_revisit(asked, answered, replace(former, page_hash=None, withdrawn_at_us=NOON_US), None)
    assert (again.validator_url, again.etag, again.last_modified) == ("https://example.org/c", None, "later")
    assert (again.printed, again.is_withdrawn, again.entry.updated_us) == (former.content_hash, True, NOON_US)
