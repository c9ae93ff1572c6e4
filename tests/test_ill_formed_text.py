"""No text that a feed or a list holds stops a run: it ends with its rows, whatever was written where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas.feed import FEED_CURSORS, FEED_POLLS, PENDING, FeedPoll, FeedSpec
from tests.command import newsbeam
from tests.committed_rows import committed_rows
from tests.web_server import Answer, running_server
from transforms.feeds.parsing.entries import entries_of
from transforms.feeds.parsing.parse_feed import parse_feed
from transforms.feeds.scheduling.cursor import after_poll
from transforms.feeds.scheduling.poll_facts import PollFacts
from transforms.feeds.scheduling.poll_settings import PollSettings

HALF = "\ud83d"
BAD = f"x{HALF}\x00\x1b\x7fy"
REFERENCES = "x&#xD83D;&#0;&#x1b;&#55357;&#99999999999;&#xFFFF;y"
NOW_US = 1_772_452_800_000_000
ABSURD = ["9" * 4000, "1e999", "-1", "null", "[]", "{}", "true", "[[[1]]]"]


def json_feed(value: object) -> bytes:
    item = dict.fromkeys(("title", "summary", "content_text", "content_html", "language", "date_published"), value)
    item |= {"id": value, "url": "/a?q=1", "authors": [{"name": value}], "tags": [value], "image": value}
    head = {"version": "https://jsonfeed.org/version/1.1", "title": value, "language": value, "home_page_url": value}
    linked = [item, item | {"url": f"/b{value}"}, item | {"url": None, "external_url": f"https://x.example/{value}"}]
    return json.dumps(head | {"items": linked}).encode()


def xml_feeds(text: str) -> list[bytes]:
    item = "".join(
        f"<{name}>{text}</{name}>" for name in "title description author category guid pubDate language".split()
    )
    html = f"<![CDATA[<p>{text}</p>]]>"
    atom = (
        f'<title type="html">{text}</title><id>{text}</id><link href="/a?{text}"/><updated>{text}</updated>'
        f"<author><name>{text}</name></author><category term='{text}'/><content mode='base64' type='image/png'>"
        "eADtAB8AYQ==</content>"
    )
    news = f"<publication><name>{text}</name><language>{text}</language></publication><title>{text}</title>"
    ttl = "<ttl>99999999999999999999</ttl><skipHours><hour>99</hour></skipHours>"
    return [
        f"<rss version='2.0'><channel><title>{text}</title><language>{text}</language><link>/{text}</link>{ttl}<item>"
        f"{item}<link>/a{text}</link><description>{html}</description></item></channel></rss>".encode(
            "utf-8", "replace"
        ),
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{text}</title><entry>{atom}</entry></feed>".encode(
            "utf-8", "replace"
        ),
        f"<urlset><url><loc>/a{text}</loc><news>{news}<keywords>{text}</keywords></news></url></urlset>".encode(
            "utf-8", "replace"
        ),
    ]


def absurd_json(value: str) -> bytes:
    names = "id title summary content_text content_html language date_published date_modified authors tags image"
    fields = ", ".join(f'"{name}": {value}' for name in names.split())
    return (
        f'{{"version": "https://jsonfeed.org/version/1.1", "title": {value}, "language": {value}, "authors": {value}, '
        f'"items": [{{"url": "/a", {fields}, "attachments": [{value}]}}, {{"url": {value}}}, {value}]}}'
    ).encode()


@pytest.mark.parametrize(
    "body",
    [json_feed(BAD), *xml_feeds(REFERENCES), *xml_feeds("x\x00\x1b\x7fy\ufffe"), *map(absurd_json, ABSURD)],
)
def test_every_feed_gives_rows_that_arrow_takes(body):
    parsed = parse_feed(body, None, "https://paper.example/feed")
    read = entries_of(parsed, FeedSpec("https://paper.example/feed"), NOW_US)
    assert read.entries
    rows = PENDING.to_arrow(read.entries)
    assert PENDING.from_arrow(rows) == sorted(read.entries, key=lambda entry: entry.url_key)
    assert "\\x1b" not in repr((parsed, rows.to_pylist()))
    facts = PollFacts(200, ttl_s=parsed.ttl_s, skip_hours=parsed.skip_hours, skip_days=parsed.skip_days)
    cursor = after_poll(None, "https://paper.example/feed", facts, NOW_US, PollSettings())
    assert FEED_CURSORS.from_arrow(FEED_CURSORS.to_arrow([cursor])) == [cursor]
    FEED_POLLS.to_arrow([FeedPoll("f", None, "ok", NOW_US, "run", title=parsed.title, format=parsed.format)])


PAGE = (
    "<html lang='en'><head><title>Council votes to close the market</title></head><body><article>"
    "<h1>Council votes to close the market</h1>"
    + "".join(
        f"<p>{line}</p>"
        for line in [
            "The harbour council voted on Monday to close the old fish market before the end of the summer.",
            "Traders said that they had learned of the plan from a notice which was taped to the gate last week.",
            "A decision on the future of the building itself is expected in the autumn, after a survey of its roof.",
        ]
    )
    + "</article></body></html>"
)


def test_a_run_over_ill_formed_feeds_from_an_ill_formed_list_ends_with_rows(tmp_path: Path) -> None:
    with running_server() as web:
        bodies = [json_feed(BAD), *xml_feeds(REFERENCES), absurd_json("[1]")]
        for number, body in enumerate(bodies):
            web.on(f"/{number}", Answer(200, body))
        web.on("/a?q=1", Answer(200, PAGE.encode(), {"Content-Type": "text/html"}))
        origin = f"http://127.0.0.1:{web.port}"
        feeds = [{"url": f"{origin}/{n}", "title": f"{HALF} {n}", "language": HALF} for n in range(len(bodies))]
        feeds.append({"url": f"{origin}/{HALF}", "title": "No such feed"})
        listed = tmp_path / "feeds.json"
        listed.write_text(json.dumps(feeds))
        options = ["--allow_networks", "127.0.0.0/8", "--host_delay", "0.01", "--json"]
        done = newsbeam("ingest", "--feeds", str(listed), "--output", str(tmp_path / "lake"), *options)
    assert done.returncode == 0, done.stderr[-4000:]
    counts = json.loads(done.stdout.splitlines()[-1])["counts"]
    assert (counts["polls.ok"], counts["polls.failed"]) == (len(bodies), 1)
    articles = committed_rows(tmp_path / "lake", "articles")
    assert [row["headline"] for row in articles] == ["Council votes to close the market"]
