"""What a settings file says, and all that is wrong with it at once."""

from __future__ import annotations

import pytest

from pipelines.config.config import Config
from pipelines.config.mistakes import ConfigError
from pipelines.config.option_values import options_of
from pipelines.config.read_config import read_config
from pipelines.parser import command_parser
from schemas.credentials import Credentials
from transforms.web.chosen.feed_settings import TextFrom

COMMANDS = dict(options_of(command_parser()))
FEED = "https://example.org/rss.xml"


def config(text: str) -> Config:
    return read_config(text.encode(), "newsbeam.toml", COMMANDS)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as failed:
        config(text)
    return [str(one) for one in failed.value.mistakes]


def test_every_key_of_a_feed_becomes_what_it_means() -> None:
    chosen = config(
        f'[feed."{FEED}"]\ntitle = " Example News "\ninterval = "90m"\npause = false\ntags = "daily"\n'
        'language = "pt-BR"\ncountry = "br"\ntext = "feed"\n'
        'keep_urls = ["/news/"]\ndrop_urls = []\nkeep_words = ["vote"]\ndrop_words = ["star*"]\n'
        'keep_languages = "pt"\ndrop_languages = ["en"]\nkeep_sections = ["Politics"]\ndrop_sections = ["Sport*"]\n'
        'credentials = { user_env = "A_USER", password_env = "A_PASSWORD" }\n'
    ).feeds.of(FEED)
    assert (chosen.title, chosen.interval_s, chosen.pause, chosen.tags) == ("Example News", 5400, False, ("daily",))
    assert (chosen.language, chosen.country, chosen.text) == ("pt-BR", "BR", TextFrom.FEED)
    assert (chosen.keep_urls, chosen.drop_urls) == (("/news/",), ())
    assert (chosen.keep_words, chosen.drop_words) == (("vote",), ("star*",))
    assert (chosen.keep_languages, chosen.drop_languages) == (("pt",), ("en",))
    assert (chosen.keep_sections, chosen.drop_sections) == (("Politics",), ("Sport*",))
    assert chosen.credentials == Credentials("A_PASSWORD", user_env="A_USER")


def test_every_key_of_a_host_becomes_what_it_means() -> None:
    read = config(
        '[host."Example.org:8080"]\ndelay = "1m"\nplain_http = true\nproxy = "http://proxy.example.org:3128/"\n'
        'credentials = { value_env = "A_TOKEN" }\nproxy_credentials = { user = "desk", password_env = "P" }\n'
        "interval = 0\n"
    )
    host = read.hosts.of("example.org:8080")
    assert (host.delay_s, host.plain_http, host.proxy) == (60.0, True, "http://proxy.example.org:3128")
    assert (host.credentials, host.proxy_credentials) == (Credentials("A_TOKEN"), Credentials("P", user="desk"))
    assert read.feeds.of("http://example.org:8080/rss").interval_s == 0
    assert read.hosts.of("example.org").delay_s is None


def test_a_feeds_address_is_read_in_any_spelling() -> None:
    read = config('[feed."HTTPS://Example.org:443/a/../rss.xml#top"]\npause = true\n')
    assert read.feeds.of(FEED).pause is True


def test_all_mistakes_are_told_at_once_each_with_its_line_and_the_nearest_name() -> None:
    assert mistakes(
        'host_delai = 2\nhost_delay = "2.5"\ncompact = "often"\nmax_pages = 1.5\nforce = "yes"\n'
        'interval = 3\noutput = ["a"]\n'
        '[command.streem]\ntick = "5m"\n[command.stream]\ntick = "5 minutes"\ncompakt = "off"\ntarget_mb = 4\n'
        f'[feed."{FEED}"]\nintervall = "1h"\ndelay = 2\npause = "yes"\ntags = [1]\ncountry = "Austria"\n'
        '[host."example.org/"]\ndelay = "soon"\ntitle = "x"\n[feeds]\nx = 1\n'
    ) == [
        "line 1, host_delai: there is no such key; did you mean host_delay?",
        "line 2, host_delay: give a number, not a text",
        "line 3, compact: 'often' is none of auto, off",
        "line 4, max_pages: give a whole number or 'all', not a number",
        "line 5, force: give true or false, not a text",
        'line 6, interval: this key stands in a table [feed."…"] or [host."…"]',
        'line 7, output: give one value, not a list (for newsbeam ingest; see [command."ingest"])',
        "line 8, command.streem: there is no such key; did you mean stream?",
        "line 11, command.stream.tick: '5 minutes' is no length of time: write it like 90s, 15m, 12h or 7d",
        "line 12, command.stream.compakt: there is no such key; did you mean compact?",
        "line 13, command.stream.target_mb: newsbeam compact has this option, and this command has not",
        f'line 15, feed."{FEED}".intervall: there is no such key; did you mean interval?',
        f'line 16, feed."{FEED}".delay: this key stands in a table [host."…"]',
        f'line 17, feed."{FEED}".pause: give true or false',
        f'line 18, feed."{FEED}".tags: give a text of at most 1000 characters that is not empty',
        f"line 19, feed.\"{FEED}\".country: 'Austria' is no country: write it like GB (ISO 3166-1 alpha-2)",
        'line 20, host."example.org/": this is no host: write it like example.org or example.org:8080',
        "line 21, host.\"example.org/\".delay: 'soon' is no length of time: write it like 90s, 15m, 12h or 7d",
        'line 22, host."example.org/".title: this key stands in a table [feed."…"]',
        "line 23, feeds: there is no such key; did you mean feed?",
    ]


@pytest.mark.parametrize(
    ("credentials", "why"),
    [
        ('{ user = "desk", password = "hunter2" }', "password: there is no such key; did you mean password_env?"),
        ('{ secret = "hunter2" }', "a secret never stands in the file"),
        ('{ user = "desk", password_env = "hunter2!" }', "give the name of an environment variable"),
        ('{ user = "a:hunter2", password_env = "P" }', "has no colon"),
        ('{ password_env = "P" }', "give user, or user_env"),
        ('{ user = "desk", value_env = "V" }', "a user belongs to password_env"),
        ('{ value_env = "V", header = "Cookie" }', "no header for credentials"),
        ('{ value_env = "V", header = "hunter2:" }', "no header for credentials"),
        ('{ value_env = "V", password_env = "P" }', "one of both"),
        ('"hunter2"', "give a table"),
    ],
)
def test_no_message_on_credentials_repeats_a_value(credentials: str, why: str) -> None:
    (said,) = mistakes(f'[feed."{FEED}"]\ncredentials = {credentials}\n')
    assert why in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[feed."https://desk:hunter2@example.org/rss"]\npause = true', "without user or password"),
        ('[feed."https://desk:hunter2@example.org/*"]\npause = true', "no user or password"),
        ('[host."desk:hunter2@example.org"]\ndelay = 1', "this is no host"),
        ('[host."example.org"]\nproxy = "http://desk:hunter2@proxy.example.org"', "belong into proxy_credentials"),
    ],
)
def test_no_message_on_an_address_repeats_its_password(text: str, why: str) -> None:
    (said,) = mistakes(text)
    assert why in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[feed."*"]\ncredentials = { value_env = "V" }', "credentials are for one origin"),
        ('[feed."https://*.example.org/rss"]\ncredentials = { value_env = "V" }', "credentials are for one origin"),
        ('[host."*.example.org"]\ncredentials = { value_env = "V" }', "credentials are for one host"),
        ('[host."a b*"]\ndelay = 1', "no pattern of hosts"),
        ('[host."example.org"]\nproxy = "socks5://proxy.example.org"', "is no proxy"),
        ('[host."example.org"]\nproxy = "none"\nproxy_credentials = { user = "a", password_env = "P" }', "no proxy to"),
        ('host = "0.0.0.0"', "[command.workers]"),
        ('[beam]\nrunner = ["a"]', "give one value"),
        ('[feed."*"]\ndrop_words = ["*"]', "a word or phrase has letters"),
        ('[feed."*"]\ninterval = "8d"', "is not from 0 to 1d"),
        ('since = "yesterday"', "for newsbeam backfill"),
    ],
)
def test_what_cannot_be_is_refused(text: str, why: str) -> None:
    (said,) = mistakes(text)
    assert why in said


def test_a_pattern_with_one_origin_may_have_credentials() -> None:
    read = config('[feed."https://example.org/*"]\ncredentials = { value_env = "V" }\n')
    assert read.feeds.of(FEED).credentials == Credentials("V")
    assert read.feeds.of("https://example.org.example.com/rss").credentials is None
