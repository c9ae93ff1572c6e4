"""What a run says while it works: structured records with the run's name, bars on a terminal, silence in a pipe."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess

import pytest

from pipelines.logs import start_logging
from tests.conftest import Desk


@pytest.mark.usefixtures("clean_logging")
def test_a_json_record_has_its_facts_as_fields_and_the_run_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    logs = start_logging("json", verbose=False)
    logging.getLogger("newsbeam.run").info("before")
    logs.name_run("20260302T080000.000000Z")
    logging.getLogger("newsbeam.run").info("run started", extra={"feeds": 3})
    logging.getLogger("newsbeam.run").debug("not said")
    logging.getLogger("a_library").info("not said either")
    before, started = map(json.loads, capsys.readouterr().err.splitlines())
    assert before["run_id"] == "-"
    assert started["run_id"] == "20260302T080000.000000Z"
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


def test_a_run_in_a_pipe_says_when_it_starts_and_ends_and_nothing_else(desk: Desk) -> None:
    done = subprocess.run(desk.arguments(), capture_output=True, text=True, timeout=110, check=True)
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert [record["message"] for record in said] == ["run started", "run committed"]
    assert len({record["run_id"] for record in said}) == 1
    assert len(done.stdout.splitlines()) == 1


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
