"""The pages of docs/howto with the newsroom in place of their examples, and what their reader has at the start."""

from __future__ import annotations

from pathlib import Path

from newsroom import Newsroom
from schemas.run import iso

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/howto"

THREE = (0, 1, 4)
"""Which of the newsroom's feeds a page's reader has: an agency's and those of two papers, as in the tutorial."""

EXAMPLES = {
    "story": "https://example.org/2026/03/02/story",
    "domain": " example.com ",
    "members": "https://example.org/members.xml",
    "host": '"example.org"',
    "plain_http": "# plain_http",
    "endpoint": "https://s3.example.org:9000",
}


def given(room: Newsroom, folder: Path) -> dict[str, str]:
    """Write the reader's feed list; gives what no reader of real feeds needs, as variables."""
    (folder / "feeds.opml").write_text("\n".join(room.feeds[one] for one in THREE))
    return {
        "NEWSBEAM_ALLOW_NETWORKS": "127.0.0.0/8",
        "NEWSBEAM_HOST_DELAY": "0.01",
        "NEWSBEAM_NOW": iso(room.now_us),
    }


def told(name: str, **instead: str) -> str:
    """A page, with what is real in place of its examples."""
    text = (FOLDER / f"{name}.md").read_text()
    for example, real in instead.items():
        assert EXAMPLES[example] in text
        text = text.replace(EXAMPLES[example], real)
    return text
