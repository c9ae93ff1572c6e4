from __future__ import annotations

from pipelines.config.lines import lines_of


def test_keys_and_headers_have_the_lines_they_stand_on() -> None:
    text = """# host_delay = 1
a = 1  # b = 2
[feed."https://example.org/?a=b"]
interval = "1h"
"drop_urls" = [
  "x=y",
]
credentials = { user = "u", password_env = "P" }
[host."example.org".credentials]
user = "u"
[[wrong]]
c.d = 3
"""
    feed = ("feed", "https://example.org/?a=b")
    assert lines_of(text) == {
        ("a",): 2,
        feed: 3,
        (*feed, "interval"): 4,
        (*feed, "drop_urls"): 5,
        (*feed, "credentials"): 8,
        (*feed, "credentials", "user"): 8,
        (*feed, "credentials", "password_env"): 8,
        ("host", "example.org", "credentials"): 9,
        ("host", "example.org", "credentials", "user"): 10,
        ("wrong",): 11,
        ("wrong", "c"): 12,
        ("wrong", "c", "d"): 12,
    }
