"""An example of each command, which the tests parse, and the page that tells more of it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Shown(NamedTuple):
    """What the page of commands shows of a command beyond its help."""

    examples: tuple[str, ...]
    """Command lines as a user types them, without ``newsbeam``."""
    page: str = ""
    """A page in docs/ that tells more."""


_LAKE: Final = "--output lake"
_CONTACT: Final = "--contact https://example.org/about-our-crawler"
_DESK: Final = "--contact desk@example.org"
_FEED: Final = "https://example.org/news/rss.xml"
_STORY: Final = "https://example.org/2026/03/02/story"

SHOWN: Final[dict[str, Shown]] = {
    "ingest": Shown(
        (
            f"ingest --feeds feeds.opml {_LAKE} {_CONTACT}",
            f"ingest --feeds feeds.opml {_LAKE} {_CONTACT} --revisit 1h,6h,24h,7d --metrics_file newsbeam.prom",
            f"ingest --feeds feeds.opml {_LAKE} {_CONTACT} --direct_num_workers=2 "
            "--direct_running_mode=multi_processing",
        ),
        "running.md",
    ),
    "stream": Shown(
        (
            f"stream --feeds feeds.opml {_LAKE} {_CONTACT} --tick 5m",
            f"stream --feeds feeds.opml {_LAKE} {_CONTACT} --websub https://news.example.org/websub/",
            f"stream --feeds feeds.opml --output s3://bucket/lake {_CONTACT} "
            "--flink_rest http://localhost:8081 --runner=PortableRunner",
        ),
        "running.md#a-stream",
    ),
    "backfill": Shown((f"backfill --warc 'crawl/*.warc.gz' {_LAKE}",), "archives.md"),
    "workers": Shown(("workers --host 127.0.0.1 --port 50000",), "flink.md"),
    "report": Shown(
        (
            f"report {_LAKE}",
            f"report {_LAKE} --run 20260302T080000.000000Z --json",
            f"report {_LAKE} --html report.html",
            f"report {_LAKE} --history 20",
        ),
        "report.md",
    ),
    "check": Shown(
        (f"check {_LAKE} --rules rules.toml --notify 'mail -s \"the lake\" desk@example.org' --remember told.json",),
        "monitoring.md",
    ),
    "views": Shown((f"views {_LAKE}",), "reading.md"),
    "files": Shown((f"files {_LAKE} --table articles",), "reading.md"),
    "register": Shown(
        (f"register {_LAKE} --catalog sqlite:///catalog.db --namespace newsbeam --tables articles,pages",),
        "reading.md",
    ),
    "repair": Shown((f"repair {_LAKE} --json",), "lake_care.md#verify-and-repair-is-it-whole"),
    "verify": Shown((f"verify {_LAKE} --json",), "lake_care.md#verify-and-repair-is-it-whole"),
    "retain": Shown(
        (f"retain {_LAKE} --pages 90d --failures 1000d --feed_polls 365d --articles forever --dry_run",),
        "lake_care.md#retain-drop-what-is-old",
    ),
    "forget": Shown(
        (f'forget {_LAKE} {_STORY} example.com --reason "asked by mail"', f"forget {_LAKE} --list"),
        "howto/forget.md",
    ),
    "rebuild": Shown(
        (
            f"rebuild {_LAKE} --since 2026-03-02 --until 2026-03-09 --dry_run --examples 5",
            f"rebuild {_LAKE} --from failures --reason wall",
        ),
        "rebuild.md",
    ),
    "compact": Shown((f"compact {_LAKE} --target_mb 128 --grace 1h",), "lake_care.md#compact-few-large-files"),
    "export pages": Shown(
        (
            f"export pages {_LAKE} --warc pages.warc.gz",
            f"export pages {_LAKE} --wacz pages.wacz --since 2026-03-01 --hosts example.org,example.com",
        ),
        "archives.md",
    ),
    "export articles": Shown(
        (f"export articles {_LAKE} --to news --since 90d --languages en,de --without_copies",), "export.md"
    ),
    "dedupe": Shown(("dedupe texts.parquet --output marked.parquet",), "export.md"),
    "extract": Shown(
        (
            f"extract page.html --url {_STORY}",
            f"extract page.html --url {_STORY} --explain why.html",
            f"extract {_STORY} {_DESK}",
        ),
        "python.md",
    ),
    "feeds discover": Shown((f"feeds discover https://example.org/ --opml found.opml {_DESK}",), "feeds_desk.md"),
    "feeds check": Shown((f"feeds check feeds.opml {_DESK}",), "feeds_desk.md"),
    "feeds import": Shown(("feeds import feeds.opml --to feeds.csv",), "feeds_desk.md"),
    "feeds status": Shown((f"feeds status {_LAKE} --feeds feeds.opml",), "feeds_desk.md"),
    "feeds add": Shown(
        (f"feeds add --feeds feeds.opml --folder Papers https://example.org/ https://example.com/feed.json {_DESK}",),
        "feeds_desk.md",
    ),
    "feeds remove": Shown(("feeds remove --feeds feeds.opml https://example.com/feed.json",), "feeds_desk.md"),
    "feeds pause": Shown(
        (f'feeds pause {_LAKE} --reason "their server moves" --until 2030-03-09 {_FEED}',), "feeds_desk.md#orders"
    ),
    "feeds resume": Shown((f"feeds resume {_LAKE} {_FEED}",), "feeds_desk.md#orders"),
    "feeds retire": Shown((f'feeds retire {_LAKE} --reason "nothing but offers" {_FEED}',), "feeds_desk.md#orders"),
    "feeds revive": Shown((f"feeds revive {_LAKE} {_FEED}",), "feeds_desk.md#orders"),
    "feeds force": Shown((f"feeds force {_LAKE} {_FEED}",), "feeds_desk.md#orders"),
    "why": Shown((f"why {_LAKE} {_STORY}",), "feeds_desk.md#what-became-of-it"),
    "diff": Shown((f"diff {_LAKE} --words {_STORY}",), "feeds_desk.md#what-became-of-it"),
    "demo": Shown(("demo --output demo-lake",)),
    "config check": Shown((f"config check newsbeam.toml --for {_FEED}",), "settings.md#mistakes"),
    "config schema": Shown(("config schema",), "settings.md#mistakes"),
}
