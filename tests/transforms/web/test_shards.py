"""Where work goes: together by registrable domain or by page, the same in every process."""

from __future__ import annotations

from schemas.feed import FeedEntry
from transforms.web.politeness.shards import shard_key, shard_name, shard_of_host, shard_of_page, shard_of_url


def test_a_host_always_belongs_to_the_same_shard() -> None:
    assert [shard_of_host(host, 7) for host in ("news.example", "a.example:8080", "127.0.0.1")] == [0, 4, 1]


def test_all_hosts_of_a_domain_and_their_addresses_belong_together() -> None:
    hosts = ("paper.com", "www.paper.com", "feeds.paper.com:8080")
    found = {shard_of_host(host, 97) for host in hosts} | {shard_of_url(f"https://{host}/a", 97) for host in hosts}
    assert len(found) == 1


def test_an_address_without_a_host_has_a_shard_too() -> None:
    assert 0 <= shard_of_url("http://user@news.example/\ud83d", 7) < 7


def test_entries_of_one_page_belong_together_whatever_feed_lists_them() -> None:
    entries = [FeedEntry(feed, feed, "https://p.example/a", "ab" * 16) for feed in ("https://a/f", "https://b/f")]
    assert len({shard_of_page(entry, 1_000) for entry in entries}) == 1


def test_a_key_names_the_run_and_the_shard() -> None:
    key = shard_key("20260302T080000.000000Z", 3)
    assert (key, shard_name(key)) == ("20260302T080000.000000Z/00003", "00003")
