"""Each kind of setting really acts: whole runs against a press on loopback."""

from __future__ import annotations

import base64
import json
import pickle
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.given.command_line import parsed
from pipelines.given.config_choices import choices_of
from pipelines.run.settings import IngestSettings
from pipelines.stream.piece_files import _unpickled
from tests.command import newsbeam
from tests.config.desk_with_settings import FED, Press, feed, only_for, page
from tests.web_server import Answer
from transforms.web.settings import HttpSettings

pytestmark = pytest.mark.slow

SECRET = "correct-horse-battery-staple"


def counts(summary: dict[str, object], *names: str) -> tuple[int, ...]:
    return tuple(summary["counts"].get(name, 0) for name in names)  # type: ignore[attr-defined]


def test_title_tags_language_and_country_of_a_feed_come_into_the_lake(press: Press) -> None:
    press.web.on("/rss", Answer(200, feed(press.web, ("/a", "A bridge"))))
    press.web.on("/a", Answer(200, page("A bridge")))
    press.lists("/rss")
    press.settings(
        '[feed."http://127.0.0.1:PORT/rss"]\ntitle = "The Harbour"\ntags = ["regional", "daily"]\n'
        '[host."127.0.0.1:PORT"]\ncountry = "at"\nlanguage = "de"\ntags = ["of the host"]\n'
    )
    press.run()
    (stored,), (article,) = press.rows("pages"), press.rows("articles")
    assert stored["feed_title"] == "The Harbour"
    assert stored["entry_language"] == "de"
    assert stored["feed_tags"] == article["feed_tags"] == ["regional", "daily"]
    assert stored["feed_country"] == article["feed_country"] == "AT"


def test_a_paused_feed_is_not_asked_and_counts_as_paused(press: Press) -> None:
    for path in ("/one", "/two"):
        press.web.on(path, Answer(200, feed(press.web)))
    press.lists("/one", "/two")
    press.settings('[feed."http://127.0.0.1:PORT/two"]\npause = true\n')
    assert counts(press.run(), "feeds", "polls.ok", "polls.paused") == (2, 1, 1)
    assert "/two" not in press.web.asked()
    lake, two = str(press.folder / "lake"), press.web.url("/two")
    status = newsbeam("feeds", "status", "--output", lake, "--feeds", str(press.folder / "feeds.txt"))
    assert "paused by settings" in next(line for line in status.stdout.splitlines() if two in line)
    asked = ("--output", lake, "--config", str(press.folder / "newsbeam.toml"), "--json")
    told = json.loads(newsbeam("why", *asked, press.web.url("/nowhere")).stdout)["feeds_of_site"]
    assert [(one["feed_url"], one["paused_by_settings"]) for one in told] == [(press.web.url("/one"), False)]
    list_too = ("--feeds", str(press.folder / "feeds.txt"))
    refused = newsbeam("feeds", "force", *asked, *list_too, two)
    assert (refused.returncode, "the settings file pauses it" in refused.stdout) == (1, True)
    assert newsbeam("feeds", "retire", *asked, *list_too, two).returncode == 0
    assert newsbeam("feeds", "revive", *asked, *list_too, two).returncode == 0
    told = json.loads(newsbeam("why", *asked, two).stdout)["feed"]
    assert (told["state"], told["paused_by_settings"], told["order"]) == ("paused", True, "revive")
    press.settings("")
    assert counts(press.run(minute=1), "polls.not_due", "polls.ok") == (1, 1)


def test_a_feeds_own_interval_counts_and_zero_asks_it_in_every_run(press: Press) -> None:
    for path in ("/often", "/seldom", "/usual"):
        press.web.on(path, Answer(200, feed(press.web)))
    press.lists("/often", "/seldom", "/usual")
    press.settings('[feed."*/often"]\ninterval = 0\n[feed."*/seldom"]\ninterval = "6h"\n')
    press.run()
    press.run(minute=1)
    assert press.web.asked().count("/often") == 2
    press.run(minute=40)
    assert [press.web.asked().count(path) for path in ("/often", "/seldom", "/usual")] == [3, 1, 2]


def test_entries_that_a_rule_drops_are_not_fetched_and_come_when_the_rule_goes(press: Press) -> None:
    listed = [("/news/a", "A bridge"), ("/sport/b", "A match"), ("/news/c", "Your Horoscopes"), ("/news/d", "Vote")]
    press.web.on("/rss", Answer(200, feed(press.web, *listed)))
    for path, title in listed:
        press.web.on(path, Answer(200, page(title)))
    press.lists("/rss")
    rules = 'interval = 0\n[feed."*"]\ndrop_urls = ["/Sport/"]\ndrop_words = ["horoscope*", "match of"]\n'
    press.settings('[feed."http://127.0.0.1:PORT/rss"]\n' + rules)
    summary = press.run()
    assert counts(summary, "entries.listed", "entries.fetch", "entries.dropped") == (4, 2, 2)
    assert counts(summary, "entries_dropped.drop_urls", "entries_dropped.drop_words") == (1, 1)
    assert {path for path in press.web.asked() if path[1:5] in ("news", "spor")} == {"/news/a", "/news/d"}
    again = press.run(minute=1)
    assert counts(again, "entries.listed", "entries.known", "entries.dropped") == (4, 2, 2)
    press.settings('[feed."http://127.0.0.1:PORT/rss"]\ninterval = 0\ndrop_words = ["horoscopes"]\n')
    assert counts(press.run(minute=2), "entries.fetch", "entries.known", "entries.dropped") == (1, 2, 1)
    assert "/sport/b" in press.web.asked()


def test_an_entry_that_waits_is_dropped_when_a_rule_comes(press: Press) -> None:
    press.web.on("/rss", Answer(200, feed(press.web, ("/sport/b", "A match"))))
    press.lists("/rss")
    press.settings("")
    assert counts(press.run("--max_pages", "0"), "fetches.deferred") == (1,)
    press.settings('[feed."*"]\nkeep_urls = ["/news/"]\n')
    assert counts(press.run(minute=1), "entries.pending", "entries.dropped", "rows.pending") == (1, 1, 0)


def test_drafts_of_a_language_or_section_are_dropped_their_pages_stay_and_rebuild_brings_them(
    press: Press,
) -> None:
    german = (
        "Der Gemeinderat von Musterhausen hat am Montag nach langer Sitzung die neue Brücke beschlossen, heißt es. "
    )
    listed = [("/a", "A bridge"), ("/b", "Eine Brücke"), ("/c", "A match was played")]
    press.web.on("/rss", Answer(200, feed(press.web, *listed)))
    press.web.on("/a", Answer(200, page("A bridge", section="Politics")))
    press.web.on("/b", Answer(200, page("Eine Brücke", german, language="de")))
    press.web.on("/c", Answer(200, page("A match was played", section="Sports")))
    press.lists("/rss")
    press.settings('[feed."*"]\nkeep_languages = ["en"]\ndrop_sections = ["sport*"]\n')
    summary = press.run()
    assert counts(summary, "pages.extracted", "articles.article", "articles.dropped") == (3, 1, 2)
    assert counts(summary, "articles_dropped.keep_languages", "articles_dropped.drop_sections") == (1, 1)
    assert [row["headline"] for row in press.rows("articles")] == ["A bridge"]
    assert len(press.rows("pages")) == 3
    lake, file = str(press.folder / "lake"), str(press.folder / "newsbeam.toml")
    done = newsbeam("rebuild", "--output", lake, "--config", file)
    assert (done.returncode, "no settings file" in done.stderr) == (0, False)
    assert len(press.rows("articles")) == 1
    done = newsbeam("rebuild", "--output", lake)
    assert (done.returncode, f"the newest run read {file}" in done.stderr) == (0, True)
    assert len(press.rows("articles")) == 3
    done = newsbeam("rebuild", "--output", lake, "--config", file)
    assert "2 articles are gone (dropped 2)" in done.stdout
    assert [row["headline"] for row in press.rows("articles")] == ["A bridge"]


@pytest.mark.parametrize(("text", "source"), [("feed", "feed"), ("page", "page"), (None, "page")])
def test_texts_come_from_the_feed_or_the_page(press: Press, text: str | None, source: str) -> None:
    fed = "".join(f"<p>{FED} Paragraph {number} of the letter.</p>" for number in range(3))
    press.web.on("/rss", Answer(200, feed(press.web, ("/a", "A bridge"), content=fed)))
    press.web.on("/a", Answer(200, page("A bridge", section="Politics")))
    press.lists("/rss")
    press.settings(f'[feed."*"]\ntext = "{text}"\n' if text else "")
    press.run()
    (article,) = press.rows("articles")
    assert article["body_source"] == source
    assert ("second bridge" in article["article_body"]) == (source == "feed")
    assert (article["headline"], article["article_section"]) == ("A bridge", "Politics")


def test_with_text_from_the_page_the_feed_never_stands_in(press: Press) -> None:
    fed = "".join(f"<p>{FED} Paragraph {number} of the letter.</p>" for number in range(3))
    press.web.on("/rss", Answer(200, feed(press.web, ("/a", "A bridge"), content=fed)))
    press.web.on("/a", Answer(200, b"<html><title>A bridge</title><body><p>Soon.</p></body></html>"))
    press.lists("/rss")
    press.settings('[feed."*"]\ntext = "page"\n')
    assert counts(press.run(), "failures.extract", "articles.article") == (1, 0)


def test_a_host_of_its_own_pause_is_asked_at_that_pace(press: Press) -> None:
    listed = [(f"/{number}", f"Story {number}") for number in range(3)]
    press.web.on("/rss", Answer(200, feed(press.web, *listed)))
    for path, title in listed:
        press.web.on(path, Answer(200, page(title)))
    press.lists("/rss")
    press.settings('[host."127.0.0.1:PORT"]\ndelay = 0.4\n')
    press.run()
    times = [(one.came_s, one.answered_s) for one in press.web.log]
    pauses = [later[0] - earlier[1] for earlier, later in pairwise(times)]
    assert len(pauses) == 4
    assert min(pauses) > 0.35


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_secret_reaches_its_own_origin_and_nothing_else(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESS_PASSWORD", SECRET)
    basic = "Basic " + base64.b64encode(f"desk:{SECRET}".encode()).decode()
    away = press.web.url("/away", "127.0.0.2")
    press.web.on(
        "/rss", only_for("authorization", basic, Answer(200, feed(press.web, ("/a", "A bridge"), ("/b", "B"))))
    )
    press.web.on("/moved", Answer(302, headers={"Location": press.web.url("/elsewhere", "127.0.0.2")}))
    press.web.on("127.0.0.2/elsewhere", Answer(200, feed(press.web, ("/a", "A bridge"))))
    press.web.on("/a", Answer(302, headers={"Location": away}))
    press.web.on("127.0.0.2/away", Answer(200, page("A bridge")))
    press.web.on("/b", only_for("x-key", SECRET, Answer(200, page("B was built"))))
    press.lists("/rss", "/moved")
    press.settings(
        '[feed."http://127.0.0.1:PORT/*"]\ncredentials = { user = "desk", password_env = "PRESS_PASSWORD" }\n'
        '[host."127.0.0.1:PORT"]\nplain_http = true\n'
        'credentials = { header = "X-Key", value_env = "PRESS_PASSWORD" }\n'
    )
    summary = press.run("--verbose")
    assert counts(summary, "polls.ok", "fetches.page") == (2, 2)
    shown = {(one.host, one.path): one.headers for one in press.web.log}
    assert "authorization" in shown["127.0.0.1", "/rss"]
    assert "authorization" in shown["127.0.0.1", "/moved"]
    assert "x-key" in shown["127.0.0.1", "/a"]
    for place, headers in shown.items():
        if place[0] == "127.0.0.2" or place[1] == "/robots.txt":
            assert not headers.keys() & {"authorization", "x-key", "cookie"}, place
    told = every_byte(press.folder / "lake") + press.said.encode()
    told += newsbeam("report", "--output", str(press.folder / "lake"), "--json").stdout.encode()
    checked = newsbeam("config", "check", str(press.folder / "newsbeam.toml"), "--for", press.web.url("/rss"))
    assert "password from PRESS_PASSWORD (set here)" in checked.stdout
    told += checked.stdout.encode()
    for secret in (SECRET, basic, basic.removeprefix("Basic ")):
        assert secret.encode() not in told
    assert b"PRESS_PASSWORD" not in every_byte(press.folder / "lake" / "runs")


def test_credentials_of_a_host_do_not_go_over_plain_http_unasked(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESS_KEY", SECRET)
    press.web.on("/rss", Answer(200, feed(press.web)))
    press.lists("/rss")
    press.settings('[host."127.0.0.1:PORT"]\ncredentials = { header = "X-Key", value_env = "PRESS_KEY" }\n')
    press.run()
    assert all("x-key" not in one.headers for one in press.web.log)


def test_a_secret_that_is_not_set_is_told_before_any_request(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESS_PASSWORD", raising=False)
    press.lists("/rss")
    press.settings(
        '[feed."*/rss"]\npause = false\n[feed."http://127.0.0.1:PORT/*"]\n'
        'credentials = { user = "desk", password_env = "PRESS_PASSWORD" }\n'
    )
    done = newsbeam("ingest", "--feeds", str(press.folder / "feeds.txt"), "--output", str(press.folder / "lake"))
    assert done.returncode == 2
    assert "environment variable PRESS_PASSWORD" in done.stderr
    assert done.stderr.count("\n") == 1
    assert press.web.log == []


def test_pages_of_a_host_come_through_its_proxy_whose_address_is_not_kept(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROXY_PASSWORD", SECRET)
    site = "http://127.0.0.1:1"  # where nobody listens: only the proxy, our server, answers for it
    item = f"<item><link>{site}/a</link></item></channel>".encode()
    press.web.on("/rss", Answer(200, feed(press.web).replace(b"</channel>", item)))
    press.web.on(f"{site}/a", Answer(200, page("A bridge")))
    press.web.on(f"{site}/robots.txt", Answer(404))
    press.lists("/rss")
    press.settings(
        '[host."127.0.0.1:1"]\nproxy = "http://127.0.0.1:PORT"\n'
        'proxy_credentials = { user = "desk", password_env = "PROXY_PASSWORD" }\n'
    )
    assert counts(press.run(), "fetches.page") == (1,)
    (stored,) = press.rows("pages")
    assert stored["ip_address"] is None
    proxied = [one for one in press.web.log if one.path.startswith("http")]
    assert {one.path for one in proxied} == {f"{site}/a", f"{site}/robots.txt"}
    assert all(one.headers["proxy-authorization"].startswith(b"Basic ") for one in proxied)
    assert all("proxy-authorization" not in one.headers for one in press.web.log if one not in proxied)
    assert SECRET.encode() not in every_byte(press.folder / "lake")


def test_the_command_line_beats_the_environment_which_beats_the_file(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.web.on("/rss", Answer(200, feed(press.web)))
    press.lists("/rss")
    press.settings("copies_horizon_days = 3\npoll_interval = 3\nkeep_links = true\nflush_seconds = 3\nforce = true\n")
    monkeypatch.setenv("NEWSBEAM_COPIES_HORIZON_DAYS", "5")
    monkeypatch.setenv("NEWSBEAM_POLL_INTERVAL", "5")
    monkeypatch.setenv("NEWSBEAM_KEEP_LINKS", "false")
    settings = press.run("--poll_interval", "7")["settings"]
    assert (settings["copies_horizon_days"], settings["poll_interval"]) == (5, 7)
    assert settings["keep_links"] is False
    assert settings["config"] == str(press.folder / "newsbeam.toml")
    settings = press.run("--config", "none", minute=30)["settings"]
    assert (settings["copies_horizon_days"], "config" in settings) == (5, False)


def test_feeds_check_shows_a_feeds_credentials_too(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESS_KEY", SECRET)
    press.web.on("/rss", only_for("x-key", SECRET, Answer(200, feed(press.web, ("/a", "A bridge")))))
    press.lists("/rss")
    press.settings('[feed."http://127.0.0.1:PORT/*"]\ncredentials = { header = "X-Key", value_env = "PRESS_KEY" }\n')
    words = ["feeds", "check", str(press.folder / "feeds.txt"), "--allow_networks", "127.0.0.0/8", "--host_delay", "0"]
    assert newsbeam(*words).returncode == 1
    done = newsbeam(*words, "--config", str(press.folder / "newsbeam.toml"))
    assert (done.returncode, SECRET in done.stdout + done.stderr) == (0, False)


def test_feeds_add_shows_a_feeds_credentials_to_its_own_origin_alone(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESS_KEY", SECRET)
    press.web.on("/members", only_for("x-key", SECRET, Answer(200, feed(press.web, ("/a", "A bridge")))))
    press.web.on("localhost/other", Answer(200, feed(press.web, ("/b", "A bridge"))))
    press.settings(
        '[feed."http://127.0.0.1:PORT/members"]\ncredentials = { header = "X-Key", value_env = "PRESS_KEY" }\n'
    )
    listed = press.folder / "feeds.txt"
    urls = press.web.url("/members"), press.web.url("/other", "localhost")
    words = ("--allow_networks", "127.0.0.0/8,::1/128", "--host_delay", "0")
    done = newsbeam("feeds", "add", "--feeds", str(listed), *words, *urls)
    assert (done.returncode, SECRET in done.stdout + done.stderr) == (0, False), done.stderr
    assert listed.read_text().split() == [*urls]
    assert {one.path for one in press.web.log if "x-key" in one.headers} == {"/members"}


def test_the_function_takes_the_files_tables_of_feeds_and_hosts(press: Press) -> None:
    import newsbeam as library

    press.web.on("/rss", Answer(200, feed(press.web, ("/sport/b", "A match"))))
    press.settings('host_delay = 9\n[feed."*"]\ndrop_urls = ["/sport/"]\n')
    done = library.ingest(
        [press.web.url("/rss")],
        press.folder / "lake",
        allow_networks=["127.0.0.0/8"],
        host_delay=0,
        config=press.folder / "newsbeam.toml",
    )
    assert counts({"counts": done.counts}, "entries.dropped", "entries.fetch") == (1, 0)
    press.settings("host_delai = 9\n")
    with pytest.raises(library.UsageError, match="did you mean host_delay"):
        library.ingest([press.web.url("/rss")], press.folder / "lake", config=press.folder / "newsbeam.toml")


def test_a_stream_follows_a_file_that_changes(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(_: object) -> Answer:
        press.settings('[feed."*"]\npause = true\n')
        return Answer(200, feed(press.web))

    press.web.on("/rss", changed)
    press.lists("/rss")
    press.settings('poll_interval = 0\n[feed."*"]\npause = false\n')
    done = newsbeam(
        "stream", "--feeds", str(press.folder / "feeds.txt"), "--output", str(press.folder / "lake"), "--tick", "0.1s",
        "--allow_networks", "127.0.0.0/8", "--host_delay", "0", "--max_ticks", "2", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert (counts(first, "polls.ok"), counts(second, "polls.ok", "polls.paused")) == ((1,), (0, 1))


def test_what_travels_to_the_workers_of_a_stream_is_read_there(press: Press) -> None:
    press.settings(
        '[feed."*"]\ntext = "feed"\ndrop_words = ["x"]\n'
        '[host."127.0.0.1:PORT"]\ncredentials = { value_env = "PRESS_KEY" }\nproxy = "http://127.0.0.1:1"\n'
    )
    given, _ = parsed(["ingest", "--feeds", str(press.folder / "feeds.txt"), "--output", str(press.folder / "lake")])
    feeds, hosts = choices_of(given)
    assert feeds.of("http://127.0.0.1/rss").text == "feed"
    settings = IngestSettings(feeds=feeds, http=HttpSettings(hosts=hosts))
    assert _unpickled(pickle.dumps(settings)) == settings
