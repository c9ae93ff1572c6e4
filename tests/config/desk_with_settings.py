"""A small press on loopback, with a settings file beside its feed list, and runs against it as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.command import newsbeam
from tests.committed_rows import committed_rows
from tests.web_server import Answer, Asked, WebServer

STORY = (
    "The harbour board of Musterhausen met on Monday and agreed on the new bridge after four hours of talks. "
    "The mayor said that work would begin in spring and that ferries would go on until then. "
)
FED = "A second bridge was promised in the feed alone, said the board's own letter to its readers on Monday. "


def page(title: str, text: str = STORY, section: str | None = None, language: str = "en") -> bytes:
    """An article's page."""
    stated = f'<meta property="article:section" content="{section}">' if section else ""
    body = "".join(
        f"<p>{text} {number}. {title} went on for a while, and the board listened.</p>" for number in range(3)
    )
    head = f"<head><title>{title}</title>{stated}</head>"
    return f"<html lang={language}>{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()


def feed(web: WebServer, *items: tuple[str, str], content: str = "", host: str = "127.0.0.1") -> bytes:
    """An RSS feed of (path, title)."""
    fed = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    listed = "".join(
        f"<item><title>{title}</title><link>{web.url(path, host)}</link><guid>{path}</guid>{fed}</item>"
        for path, title in items
    )
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Press</title>'
        f"{listed}</channel></rss>"
    ).encode()


def only_for(header: str, value: str, answer: Answer) -> Callable[[Asked], Answer]:
    """An answer for those who show a header; 401 for others."""
    return lambda asked: answer if asked.headers.get(header) == value.encode() else Answer(401, b"who are you?")


class Press:
    """A server, a folder with feed list and settings file, and a lake."""

    def __init__(self, web: WebServer, folder: Path) -> None:
        self.web = web
        self.folder = folder

    def lists(self, *paths: str) -> None:
        """Write the feed list."""
        (self.folder / "feeds.txt").write_text("\n".join(map(self.web.url, paths)) + "\n")

    def settings(self, text: str) -> None:
        """Write the settings file; ``PORT`` stands for the server's."""
        (self.folder / "newsbeam.toml").write_text(text.replace("PORT", str(self.web.port)))

    def run(self, *more: str, minute: int = 0) -> dict[str, Any]:
        """The summary of a run that was committed."""
        done = newsbeam(
            "ingest", "--feeds", str(self.folder / "feeds.txt"), "--output", str(self.folder / "lake"), "--json",
            "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--compact", "off",
            "--now", f"2026-03-02T08:{minute:02}:00Z", *more,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        self.said = done.stdout + done.stderr
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The committed rows of a table."""
        return committed_rows(self.folder / "lake", table)
