"""`newsbeam check`: findings by thresholds, statuses for a monitor, messages to a command or a webhook."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.given.rules_file import key_of, read_rules
from schemas.run import iso
from tests.command import newsbeam
from tests.handmade_lakes import DROPPED, HOSTILE, SILENT, eventful_lake, failure, of_site, poll, put_run
from tests.rows import NOON_US
from tests.web_server import Answer, WebServer, running_server
from transforms.common.clock import DAY_US, HOUR_US
from transforms.health.rules import Rules
from transforms.lake.files.storage import Storage

NOW = ("--now", iso(NOON_US + HOUR_US))
KEYS = [
    ("pending", ""), ("dropped", DROPPED), ("failures", "pages/forbidden"), ("silent", SILENT),
    ("text_length", "falls.example.net"),
]  # fmt: skip
WELL = "[disk]\non = false\n"
"""The machine that runs the tests may have a full disk."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    return eventful_lake(tmp_path_factory.mktemp("check") / "lake")


@pytest.fixture
def calm(tmp_path: Path) -> str:
    """A lake of one run about which there is nothing to tell."""
    put_run(Storage(str(tmp_path / "calm")), NOON_US, [of_site("example.org", 1, NOON_US)])
    return str(tmp_path / "calm")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.toml").write_text(WELL)
    return tmp_path / "rules.toml"


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_server() as server:
        yield server


def check(lake: str, *more: str | Path) -> subprocess.CompletedProcess[str]:
    return newsbeam("check", "--output", lake, *NOW, *map(str, more))


def test_what_is_unlike_the_lakes_past_is_told_to_a_monitor_with_status_4(lake: str, rules: Path) -> None:
    done = check(lake, "--rules", rules, "--json")
    assert (done.returncode, done.stderr) == (4, "")
    said = json.loads(done.stdout)
    assert [(one["rule"], one["subject"]) for one in said["findings"]] == KEYS
    assert (said["status"], said["run_id"], said["output"]) == ("findings", "20260302T120000.000000Z", lake)
    assert said["checked_at"] == "2026-03-02T13:00:00.000000Z"
    failures = said["findings"][2]
    assert (failures["value"], failures["limit"]) == (60, 20)
    assert failures["message"] == "60 failures in 24 hours, 0 are usual"
    plain = check(lake, "--rules", rules)
    assert (plain.returncode, plain.stdout.rstrip("\n")) == (4, said["text"])
    assert plain.stdout.splitlines()[0] == f"{lake}: 5 findings at run 20260302T120000.000000Z"


def test_a_lake_that_is_as_ever_has_status_0(calm: str, rules: Path) -> None:
    done = check(calm, "--rules", rules)
    assert (done.returncode, done.stdout, done.stderr) == (
        0, f"{calm}: all is well at run 20260302T120000.000000Z\n", "",
    )  # fmt: skip


def test_every_rule_can_be_turned_off_and_every_threshold_moved(lake: str, rules: Path) -> None:
    off = "".join(f"[{name}]\non = false\n" for name, _ in KEYS)
    rules.write_text(WELL + off)
    assert check(lake, "--rules", rules).returncode == 0
    moved = "[pending]\nfactor = 200\n[dropped]\nshare = 0.05\n[failures]\nleast = 61\n[text_length]\nshare = 0.2\n"
    rules.write_text(WELL + moved + '[silent]\nleast = "7d"\n[last_run]\nage = "90m"\n')
    assert check(lake, "--rules", rules).returncode == 0
    rules.write_text(WELL + moved + '[silent]\nleast = "7d"\n[last_run]\nage = "59m"\n')
    said = json.loads(check(lake, "--rules", rules, "--json").stdout)
    assert [one["rule"] for one in said["findings"]] == ["last_run"]
    assert said["findings"][0]["message"] == "the newest run ended 1.0 hours ago, at most 1.0 are allowed"


def test_a_disk_with_little_free_is_found_and_told_with_its_figures(calm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("f_blocks", "f_bfree", "f_bavail", "f_frsize", "f_files", "f_favail")
    disk = namedtuple("disk", names)(1_000_000, 50_000, 30_000, 4_096, 100, 90)  # type: ignore[misc]
    monkeypatch.setattr("os.statvfs", lambda _: disk)
    said = json.loads(check(calm, "--json").stdout)
    assert [(one["rule"], one["message"]) for one in said["findings"]] == [
        ("disk", "0.1 GB are free on the lake's disk (3.1%)")
    ]


@pytest.mark.parametrize("outcome", [None, "offline", "not_modified", "failed"])
def test_a_feed_falls_silent_only_where_it_is_asked(tmp_path: Path, rules: Path, outcome: str | None) -> None:
    """News each 12 hours, the last 26 hours before the newest run; then it is paused, our network is down, or it is
    asked in vain."""
    feed = "https://example.org/feed"
    storage = Storage(str(tmp_path / "lake"))
    for hours in range(98, 25, -12):
        at_us = NOON_US - hours * HOUR_US
        put_run(storage, at_us, polls=[poll(feed, at_us, 3)])
    for hours in (14, 0):
        at_us = NOON_US - hours * HOUR_US
        asked = [poll(feed, at_us, outcome="ok" if outcome is None else outcome)]
        put_run(storage, at_us, polls=asked if outcome is not None or hours else [])
    done = check(str(tmp_path / "lake"), "--rules", rules)
    is_silent = outcome in ("not_modified", "failed")
    assert (done.returncode, f"silent: {feed}" in done.stdout) == ((4, True) if is_silent else (0, False))


def test_the_run_is_too_old_after_three_times_its_usual_gap(lake: str, rules: Path) -> None:
    for hours, is_old in ((35, False), (37, True)):
        done = newsbeam(
            "check", "--output", lake, "--rules", str(rules), "--json", "--now", iso(NOON_US + hours * HOUR_US)
        )
        assert ("last_run" in done.stdout) == is_old


def test_a_backfill_sets_off_no_rule_of_live_runs_and_hides_none(tmp_path: Path, rules: Path) -> None:
    """Twelve live runs a day apart, each with a failure of a kind; then archives are read in eight runs, 5 minutes
    apart, with many failures of that kind, pages built plainly, and short texts of the same site."""
    storage = Storage(str(tmp_path / "lake"))
    newest_us = NOON_US - HOUR_US
    for day in range(11, -1, -1):
        at_us = newest_us - day * DAY_US
        some = [of_site("example.org", 100 * day + n, at_us) for n in range(12)]
        put_run(storage, at_us, some, failures=[failure("extract", "no_article", f"https://example.org/{day}", at_us)])
    before = check(str(tmp_path / "lake"), "--rules", rules)
    for number in range(8):
        at_us = newest_us + (number + 1) * HOUR_US // 12
        some = [
            of_site("example.org", 9_000 + 100 * number + n, at_us, words=90, body_source="page_plain")
            for n in range(30)
        ]
        failed = [failure("extract", "no_article", f"https://example.org/{number}/{n}", at_us) for n in range(50)]
        put_run(storage, at_us, some, failures=failed, command="backfill")
    after = check(str(tmp_path / "lake"), "--rules", rules)
    assert (before.returncode, before.stdout) == (0, after.stdout) == (after.returncode, before.stdout)
    for hours, is_old in ((70, False), (72, True)):  # three days after the newest live run, not after the archives
        now = ("--now", iso(NOON_US + hours * HOUR_US))
        done = newsbeam("check", "--output", str(tmp_path / "lake"), "--rules", str(rules), *now)
        assert ("last_run: the newest run ended" in done.stdout) == is_old


def test_a_lake_of_archives_alone_is_judged_by_its_age_only(tmp_path: Path, rules: Path) -> None:
    storage = Storage(str(tmp_path / "lake"))
    for number in range(6):
        at_us = NOON_US - number * DAY_US
        many = 100 if number == 0 else 1
        failed = [failure("extract", "no_article", f"https://example.org/{number}/{n}", at_us) for n in range(many)]
        put_run(storage, at_us, failures=failed, command="backfill")
    assert check(str(tmp_path / "lake"), "--rules", rules).returncode == 0
    done = newsbeam(
        "check", "--output", str(tmp_path / "lake"), "--rules", str(rules), "--now", iso(NOON_US + 4 * DAY_US)
    )
    assert (done.returncode, len(done.stdout.splitlines())) == (4, 2)
    assert "last_run" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[silnt]\non = true", "has no rule to call 'silnt'; did you mean silent?"),
        ("[silent]\nleats = 3", "[silent] has no 'leats'; did you mean least?"),
        ("[silent]\nx = 3", "[silent] has no 'x'; there are on, least, factor, least_news"),
        ("[silent]\nleast = 3", '[silent] least is a length of time: write it like "90s"'),
        ('[silent]\nleast = "long"', "[silent] least is a length of time"),
        ("[dropped]\nshare = 40", "[dropped] share is a share: give a number from 0 to 1"),
        ('[dropped]\nleast = "20"', "[dropped] least is a number from 0 on"),
        ("[dropped]\nleast = -1", "[dropped] least is a number from 0 on"),
        ("[dropped]\nleast = nan", "[dropped] least is a number from 0 on"),
        ("[disk]\non = 1", "[disk] on is true or false"),
        ("silent = false", "silent is a table: write [silent]"),
        ("[silent", "is no TOML"),
    ],
)
def test_a_mistake_in_the_rules_is_one_line_with_what_was_meant(calm: str, rules: Path, text: str, said: str) -> None:
    rules.write_text(text)
    done = check(calm, "--rules", rules)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_every_key_and_default_stands_in_the_documents_and_is_read_back(rules: Path) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs/monitoring.md").read_text()
    (block,) = [part.partition("```")[0] for part in page.split("<!-- rules -->\n```toml\n")[1:]]
    rules.write_text(block)
    assert read_rules(str(rules)) == Rules()
    by_rule = {part.partition("]")[0]: part for part in re.split(r"^\[", block, flags=re.M)[1:]}
    assert by_rule.keys() == set(Rules.__slots__)
    for name, part in by_rule.items():
        keys = [key_of(field) for field in getattr(Rules(), name).__slots__]
        assert re.findall(r"^(?:# )?(\w+) = ", part, re.M) == keys


def reader(folder: Path, status: int = 0) -> str:
    """A command that appends what it reads to ``told.jsonl`` in a folder."""
    script = (
        f"import sys; open({str(folder / 'told.jsonl')!r}, 'ab').write(sys.stdin.buffer.read()); sys.exit({status})"
    )
    return shlex.join([sys.executable, "-c", script])


def told(folder: Path) -> list[dict[str, Any]]:
    file = folder / "told.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_command_gets_the_message_on_its_standard_input_and_no_shell_sees_the_lakes_texts(
    tmp_path: Path, rules: Path
) -> None:
    lake, feed = tmp_path / "lake", f"https://example.org/$(touch pwned)`touch pwned`;touch pwned{HOSTILE}"
    for hours in range(0, 240, 12):
        at_us = NOON_US - 10 * DAY_US + hours * HOUR_US
        put_run(Storage(str(lake)), at_us, polls=[poll(feed, at_us, 3 if hours < 100 else 0)])
    done = check(str(lake), "--rules", rules, "--json", "--notify", reader(tmp_path))
    assert done.returncode == 4
    (message,) = told(tmp_path)
    assert message == json.loads(done.stdout)
    (finding,) = message["findings"]
    assert (finding["rule"], finding["subject"]) == ("silent", feed)
    assert list(Path().glob("pwned*")) == list(tmp_path.glob("**/pwned*")) == []
    assert not set("\x1b\x00\u202e") & set(done.stdout)


def test_a_message_is_sent_at_each_check_with_findings_or_when_others_are_found_than_before(
    lake: str, calm: str, rules: Path, tmp_path: Path
) -> None:
    always = ("--rules", rules, "--notify", reader(tmp_path))
    for _ in range(2):
        assert check(lake, *always).returncode == 4
    assert check(calm, *always).returncode == 0
    assert len(told(tmp_path)) == 2
    (tmp_path / "told.jsonl").unlink()

    once = (*always, "--remember", tmp_path / "memory.json")
    assert check(calm, *once).returncode == 0
    assert told(tmp_path) == []
    for _ in range(2):
        assert check(lake, *once).returncode == 4
    (first,) = told(tmp_path)
    assert [(one["rule"], one["subject"]) for one in first["new"]] == sorted(KEYS)
    rules.write_text(WELL + "[pending]\non = false\n")
    assert check(lake, *once).returncode == 4
    assert [one["rule"] for one in told(tmp_path)[-1]["over"]] == ["pending"]
    assert check(calm, *once).returncode == 0
    last = told(tmp_path)[-1]
    assert (last["status"], len(last["over"]), last["new"]) == ("well", 4, [])
    (tmp_path / "memory.json").write_text("")
    assert check(lake, *once).returncode == 4
    assert len(told(tmp_path)) == 4
    assert sorted(path.name for path in tmp_path.glob("memory*")) == ["memory.json"]


@pytest.mark.parametrize("text", ["[silent]\non = true\n", "{}", '{"told": 3}', '{"told": ["silent"]}', "[" * 100_000])
def test_what_is_remembered_overwrites_no_file_of_another_kind(lake: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "mine").write_text(text)
    done = check(lake, "--notify", reader(tmp_path), "--remember", tmp_path / "mine")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "mine was not written by --remember" in done.stderr
    assert ((tmp_path / "mine").read_text(), told(tmp_path)) == (text, [])


def test_a_message_that_could_not_be_delivered_is_status_5_and_sent_again(
    lake: str, rules: Path, tmp_path: Path
) -> None:
    memory = tmp_path / "memory.json"
    bad = check(lake, "--rules", rules, "--notify", reader(tmp_path, status=7), "--remember", memory)
    assert bad.returncode == 5
    assert bad.stdout.startswith(f"{lake}: 5 findings")
    assert bad.stderr == f"newsbeam check: --notify: {sys.executable} ended with status 7\n"
    assert not memory.exists()
    assert check(lake, "--rules", rules, "--notify", reader(tmp_path), "--remember", memory).returncode == 4
    assert len(told(tmp_path)) == 2


def test_a_webhook_is_posted_the_message_also_on_loopback(
    lake: str, rules: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.on("/hook/secret", Answer(204))
    monkeypatch.setenv("HOOK", web.url("/hook/secret"))
    for address in (web.url("/hook/secret"), "env:HOOK"):
        done = check(lake, "--rules", rules, "--json", "--webhook", address)
        assert (done.returncode, done.stderr) == (4, "")
        asked = web.log[-1]
        assert asked.headers["content-type"] == b"application/json"
        assert asked.body == done.stdout.encode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500), "answered with status 500"),
        (Answer(302, headers={"Location": "/elsewhere"}), "answered with status 302"),
        (Answer(close=True, raw=b""), "connection lost before an answer"),
    ],
)
def test_a_webhook_that_does_not_take_the_message_is_status_5_and_its_address_stays_secret(
    lake: str, rules: Path, web: WebServer, answer: Answer, said: str
) -> None:
    web.on("/hook/secret", answer)
    done = check(lake, "--rules", rules, "--webhook", web.url("/hook/secret"))
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert said in done.stderr
    assert "secret" not in done.stderr
    assert [asked.path for asked in web.log] == ["/hook/secret"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--notify", "no-such-program-here"], "--notify: there is no program 'no-such-program-here'"),
        (["--notify", "'"], "--notify is no command line"),
        (["--notify", ""], "--notify: there is no program"),
        (["--webhook", "secret words"], "--webhook is no address: write it like https://example.org/hook, or env:NAME"),
        (["--webhook", "env:NO_SUCH_VARIABLE"], "--webhook: the variable NO_SUCH_VARIABLE is not set"),
        (["--remember", "m.json"], "--remember is for messages: give --notify or --webhook too"),
        (["--notify", "true", "--remember", "no/such/m.json"], "cannot write no/such/m.json"),
        (["--rules", "no-such.toml"], "cannot read the rules file no-such.toml"),
    ],
)
def test_a_mistake_in_the_options_is_one_line_and_status_2(calm: str, more: list[str], said: str) -> None:
    done = check(calm, *more)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert "secret" not in done.stderr


def test_no_lake_is_status_2_and_a_damaged_one_status_1(calm: str, tmp_path: Path) -> None:
    assert check(str(tmp_path / "nowhere")).returncode == 2
    (part,) = Path(calm).glob("articles/*/*.parquet")
    part.write_bytes(b"PAR1")
    done = check(calm)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
