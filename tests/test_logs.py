"""What a run says while it works: structured records with the run's name, bars on a terminal, silence in a pipe."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.logs import start_logging
from pipelines.run.ingest_runs import facts_of_failure
from schemas.failure import Failure
from tests.conftest import Desk
from transforms.web.log_fields import about


@pytest.mark.usefixtures("clean_logging")
def test_a_json_record_has_its_facts_as_fields_and_the_run_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    logs = start_logging("json", verbose=False)
    logging.getLogger("newsbeam.run").info("before")
    logs.name_run("20260302T080000.000000Z")
    logging.getLogger("newsbeam.run").info("run started", extra={"feeds": 3})
    logging.getLogger("newsbeam.run").debug("not said")
    logging.getLogger("a_library").info("not said either")
    before, started = map(json.loads, capsys.readouterr().err.splitlines())
    assert before["run"] == "-"
    assert abs(datetime.fromisoformat(before["time"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert started["run"] == "20260302T080000.000000Z"
    assert (started["message"], started["feeds"], started["level"]) == ("run started", 3, "INFO")


@pytest.mark.usefixtures("clean_logging")
@pytest.mark.parametrize(("verbose", "said"), [(False, ["warned"]), (True, ["told", "warned", "by root"])])
def test_libraries_are_heard_from_warnings_on_and_with_verbose_from_infos_on(
    capsys: pytest.CaptureFixture[str], verbose: bool, said: list[str]
) -> None:
    start_logging("json", verbose)
    logging.getLogger("a_library").info("told")
    logging.getLogger("a_library").warning("warned")
    logging.getLogger().warning("by root")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == said


@pytest.mark.usefixtures("clean_logging")
def test_a_text_record_is_one_line_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("text", verbose=False).name_run("r1")
    logging.getLogger("newsbeam.run").warning("slow %s", "host", extra={"host": "example.org"})
    line = capsys.readouterr().err
    assert line.endswith("WARNING slow host  host=example.org  run=r1\n")


@pytest.mark.usefixtures("clean_logging")
@pytest.mark.parametrize("form", ["text", "json"])
def test_foreign_text_in_a_traceback_or_a_fact_does_nothing_to_the_terminal(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    start_logging(form, verbose=False)
    foreign = "a\x1b]0;owned\x07\x9b2J\u202egpj\nINFO forged  run=r"
    try:
        raise ValueError(foreign)
    except ValueError:
        logging.getLogger("newsbeam.run").exception("bad %s", foreign, extra={"reason": foreign}, stack_info=True)
    said = capsys.readouterr().err
    assert "ValueError: a" in said
    assert not set(said) & set("\x1b\x07\x9b\u202e")
    assert not [line for line in said.splitlines() if line.startswith("INFO")]


@pytest.mark.usefixtures("clean_logging")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_library_s_record_says_what_was_at_hand(capsys: pytest.CaptureFixture[str], form: str) -> None:
    start_logging(form, verbose=False).name_run("r1")
    with about(url="https://ann:secret@example.org/7.html", feed="https://example.org/rss.xml"):
        logging.getLogger("a_library").error("odd")
        logging.getLogger("a_library").error("odder", extra={"url": "https://example.org/8.html"})
    logging.getLogger("a_library").error("elsewhere")
    said = capsys.readouterr().err.splitlines()
    if form == "text":
        assert said[0].endswith(
            "ERROR odd  url=https://example.org/7.html  host=example.org  feed=https://example.org/rss.xml  run=r1"
        )
        assert said[2].endswith("ERROR elsewhere  run=r1")
        return
    odd, odder, elsewhere = map(json.loads, said)
    feed = {"run": "r1", "feed": "https://example.org/rss.xml", "host": "example.org"}
    assert about_fields(odd) == {"url": "https://example.org/7.html", **feed}
    assert about_fields(odder) == {"url": "https://example.org/8.html", **feed}
    assert about_fields(elsewhere) == {"run": "r1"}


def about_fields(record: dict[str, str]) -> dict[str, str]:
    return {name: record[name] for name in ("run", "feed", "host", "url") if name in record}


@pytest.mark.usefixtures("clean_logging")
@pytest.mark.parametrize(("form", "verbose", "are_told"), [("text", False, 0), ("text", True, 1), ("json", False, 1)])
def test_single_failures_are_for_those_who_collect_logs(
    capsys: pytest.CaptureFixture[str], form: str, verbose: bool, are_told: int
) -> None:
    start_logging(form, verbose=verbose)
    failure = Failure("warc", "bad_record", "broken", "record", "old.warc.gz#12", 0, "r1")
    list(facts_of_failure(("r1", failure)))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == are_told
    if form == "json":
        record = json.loads(said[0])
        assert about_fields(record) == {"run": "r1"}
        assert (record["input"], record["reason"], record["what"]) == ("old.warc.gz#12", "bad_record", "broken")


@pytest.mark.slow
def test_a_run_in_a_pipe_says_when_it_starts_and_ends_and_what_failed_and_where(desk: Desk) -> None:
    done = subprocess.run(desk.arguments(), capture_output=True, text=True, timeout=110, check=True)
    said = [json.loads(line) for line in done.stderr.splitlines()]
    failures = [record for record in said if record["logger"] == "newsbeam.failures"]
    assert [record["message"] for record in said if record not in failures] == ["run started", "run committed"]
    assert len({record["run"] for record in said}) == 1
    assert len(done.stdout.splitlines()) == 1
    rows = desk.rows("failures")
    assert len(rows) > 5
    told = [(one["stage"], one["reason"], one["url"], one["host"], one["feed"], one["status"]) for one in failures]
    names = ("stage", "reason", "input", "host", "feed_url", "status")
    assert sorted(told, key=repr) == sorted((tuple(row[name] for name in names) for row in rows), key=repr)


@pytest.mark.slow
def test_a_run_on_a_terminal_shows_how_far_each_stage_is(desk: Desk) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    often = desk.arguments("lake", "--flush_seconds", "0.5")  # many page files
    run = subprocess.Popen(often, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 65536):
            shown += block
    except OSError:  # how Linux says that the other side has closed
        pass
    assert run.wait(timeout=60) == 0
    for stage in (b"feeds", b"pages", b"articles"):
        assert stage in shown
    assert b"14/14" in shown
    pages = len(desk.rows("pages"))
    _, *totals = (
        int(total) for total in re.findall(rb"articles[^/\r\n]*?\d+/(\d+)", shown)
    )  # the first is the bar's own
    assert totals == sorted(totals), "the whole grows while pages are still being fetched"
    assert totals[-1] == pages, "it is counted in pages and not in files"


@pytest.mark.usefixtures("clean_logging")
def test_foreign_text_in_a_record_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("text", verbose=False)
    logging.getLogger("newsbeam.run").warning("at %s", "a\x1b[31m\u202eb\x9bc", extra={"title": "x\ny"})
    line = capsys.readouterr().err
    assert line.endswith("WARNING at a?[31m?b?c  title=x y  run=-\n")
