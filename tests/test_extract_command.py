"""One page on the command line: as JSON, and why its text is what it is."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.command import newsbeam
from tests.transforms.extract.pages_to_isolate import HEADLINE, PARAGRAPHS, RELATED, SIGN_UP, SUBHEADING, news_page

URL = ("--url", "https://example.org/2026/03/02/bridge")


def extract(*arguments: str) -> subprocess.CompletedProcess[str]:
    return newsbeam("extract", *arguments)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(news_page(f"<div class='newsletter-signup'><p>{SIGN_UP}</p></div>"), encoding="utf-8")
    return str(path)


def test_a_page_becomes_json(page: str) -> None:
    done = extract(page, *URL)
    assert done.returncode == 0, done.stderr
    article = json.loads(done.stdout)
    assert article["headline"] == HEADLINE
    assert article["article_body"].split("\n") == [*PARAGRAPHS[:3], SUBHEADING, *PARAGRAPHS[3:]]
    assert article["removed"] == [{"text": SIGN_UP, "reason": "promotion"}]


def test_a_page_becomes_markdown(page: str) -> None:
    done = extract(page, *URL, "--markdown")
    assert done.returncode == 0, done.stderr
    parts = [f"# {HEADLINE}", *PARAGRAPHS[:3], f"## {SUBHEADING}", *PARAGRAPHS[3:]]
    assert done.stdout == "\n\n".join(parts) + "\n"


def test_links_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(news_page(f"<p>{PARAGRAPHS[1]} See <a href='/map'>the map</a>.</p>"), encoding="utf-8")
    assert json.loads(extract(str(path), *URL).stdout)["links"] is None
    [link] = json.loads(extract(str(path), *URL, "--keep_links").stdout)["links"]
    assert link["url"] == "https://example.org/map"
    assert "See [the map](https://example.org/map).\n" in extract(str(path), *URL, "--keep_links", "--markdown").stdout


def test_structs_and_maps_are_printed_as_objects(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    first = "LONDON (Reuters) - Mayor Alba Example opened the bridge on Monday. Alba Example had promised it for years."
    path.write_text(news_page(f"<p>{first}</p>").replace(PARAGRAPHS[0], first), encoding="utf-8")
    article = json.loads(extract(str(path), *URL).stdout)
    assert article["facts_sources"]["wire_sources"] == "opening"
    (found,) = [one for one in article["entities"] if one["name"] == "Alba Example"]
    assert (found["kind"], found["count"]) == ("person", 2)


def test_days_and_instants_are_printed_as_iso_text(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    stated = '<meta property="article:published_time" content="2026-03-02T00:30:00+01:00">'
    path.write_text(news_page().replace("</head>", f"{stated}</head>"), encoding="utf-8")
    done = extract(str(path), *URL)
    assert done.returncode == 0, done.stderr
    article = json.loads(done.stdout)
    names = ("published_day", "date_offset_minutes", "date_published")
    assert [article[name] for name in names] == ["2026-03-02", 60, "2026-03-01T23:30:00.000000Z"]


def test_explained_on_the_terminal_each_block_has_its_fate_and_score(page: str) -> None:
    done = extract(page, *URL, "--explain")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    [sign_up] = [line for line in lines if "[promotion]" in line]
    assert sign_up.startswith("−")
    [story] = [line for line in lines if PARAGRAPHS[0][:40] in line]
    assert story.split()[0] in {"0.99", "1.00"}
    [left_out] = [line for line in lines if RELATED[0] in line]
    assert left_out.startswith("·")
    assert "6 kept, 1 removed, 0 recovered" in done.stdout


class _Blocks(HTMLParser):
    """The list items of a page by class, and whether it asks for anything else."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: list[str] = []
        self.asks_for: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.classes.append(dict(attrs)["class"] or "")
        if tag in ("script", "link", "img", "iframe"):
            self.asks_for.append(tag)


def test_explained_as_a_page_it_needs_nothing_else(page: str, tmp_path: Path) -> None:
    written = tmp_path / "why.html"
    done = extract(page, *URL, "--explain", str(written))
    assert done.returncode == 0, done.stderr
    text = written.read_text(encoding="utf-8")
    blocks = _Blocks()
    blocks.feed(text)
    assert (blocks.classes.count("kept"), blocks.classes.count("removed")) == (6, 1)
    assert not blocks.asks_for
    assert "url(" not in text
    assert "http" not in text.replace(URL[1], "")


def test_a_hostile_text_stays_text_in_the_page(tmp_path: Path) -> None:
    body = news_page(
        "<p>The mayor wrote &lt;script&gt;alert(1)&lt;/script&gt; on the wall of the old bridge, twice.</p>"
    )
    (tmp_path / "page.html").write_text(body, encoding="utf-8")
    done = extract(str(tmp_path / "page.html"), *URL, "--explain", str(tmp_path / "why.html"))
    assert done.returncode == 0, done.stderr
    assert "<script" not in (tmp_path / "why.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_a_mistake_of_the_user(page: str, tmp_path: Path) -> None:
    done = extract(page, *URL, "--explain", str(tmp_path / "nowhere" / "why.html"))
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr
