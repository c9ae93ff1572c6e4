"""Whole runs with the extra ``stories``: the model comes from an environment of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from schemas.story import STORIES
from tests.committed_rows import committed_rows as rows
from tests.conftest import COMMAND
from tests.readers.conftest import TOOLS, with_packages
from tests.warc_files import answer, record, write
from transforms.lake.committed import committed
from transforms.lake.files.parts import PartReader
from transforms.lake.files.storage import Storage

pytestmark = pytest.mark.readers

NEEDED = Path(__file__).parent / "across_packages.txt"

FERRY = {
    "en": (
        "Fire on ferry between Patras and Ancona, 412 rescued",
        "All 412 people aboard the Greek ferry Kalliope were taken off after fire broke out on a car deck in the "
        "Adriatic overnight. Two lorry drivers are still missing, the coast guard said.",
        "The ship had left the port late in the evening and was thirty miles from the coast when the alarm was raised.",
    ),
    "de": (
        "Brennende Fähre in der Adria geräumt",
        "Auf der griechischen Autofähre Kalliope ist auf dem Weg von Patras nach Ancona Feuer ausgebrochen. Die "
        "Küstenwache brachte 412 Menschen in Sicherheit, nach zwei Lastwagenfahrern wird noch gesucht.",
        "Das Schiff hatte den Hafen am späten Abend verlassen und war dreißig Meilen vor der Küste, als Alarm gegeben "
        "wurde.",
    ),
    "it": (
        "In fiamme il traghetto Patrasso-Ancona: salvi in 412, due dispersi",
        "Notte di paura nell'Adriatico: un incendio è divampato nel garage del traghetto greco Kalliope. La Guardia "
        "costiera ha messo in salvo le 412 persone a bordo; mancano all'appello due camionisti.",
        "La nave aveva lasciato il porto in tarda serata e si trovava a trenta miglia dalla costa.",
    ),
}
ELSEWHERE = (
    "Ferry catches fire off Cebu, 120 saved",
    "Philippine coast guard boats picked up 120 passengers and crew after a passenger ferry caught fire off the island "
    "of Cebu on Wednesday. Three people are missing.",
    "The vessel was on its way from Manila, and the weather was calm, a spokesman for the owner said in the evening.",
)


def page(language: str, text: Sequence[str], hour: int = 6) -> bytes:
    headline, *paragraphs = text
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    day = f'<meta property="article:published_time" content="2026-03-02T{hour:02}:00:00Z">'
    head = f"<title>{headline}</title>{day}"
    html = (
        f'<html lang="{language}"><head>{head}</head><body><article><h1>{headline}</h1>{body}</article></body></html>'
    )
    return answer(html.encode())


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """The variables of a process that finds the model."""
    return with_packages(NEEDED, TOOLS / "across")


def run(environment: dict[str, str], command: str, lake: Path, *more: str) -> dict[str, Any]:
    arguments = [*COMMAND, command, "--output", str(lake), "--json", "--extract_workers=1", *more]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def stories(lake: Path) -> dict[str, str]:
    """The address at which the story of each article begins, by the article's."""
    found = {row["article_id"]: row for row in rows(lake, "articles")}
    return {row["url"].rpartition("/")[2]: found[row["story_id"]]["url"].rpartition("/")[2] for row in found.values()}


def vectors(lake: Path) -> set[int | None]:
    storage = Storage(str(lake))
    told = (row for path in committed(storage).parts(STORIES) for row in PartReader(storage).rows(STORIES, path))
    return {None if row.vector is None else len(row.vector) for row in told}


def test_reports_in_several_languages_are_one_story_in_one_run_and_over_runs(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    def archive(name: str, pages: dict[str, bytes]) -> Path:
        records = [record(uri=f"https://{one[:2]}.example/{one}", block=block) for one, block in pages.items()]
        return write(tmp_path / name, records)

    first = archive("first.warc", {"en": page("en", FERRY["en"]), "de": page("de", FERRY["de"])})
    second = archive("second.warc", {"it": page("it", FERRY["it"], 9), "en-cebu": page("en", ELSEWHERE)})
    across, apart = tmp_path / "across", tmp_path / "apart"
    for warc, now in ((first, "2026-03-03T12:00:00Z"), (second, "2026-03-03T18:00:00Z")):
        for lake, option in ((across, ["--stories_across_languages"]), (apart, [])):
            run(environment, "backfill", lake, "--store_pages", "--warc", str(warc), "--now", now, *option)
    told = stories(across)
    assert told["en"] == told["de"] == told["it"] != told["en-cebu"] == "en-cebu"
    assert stories(apart) == {one: one for one in told}
    assert (vectors(across), vectors(apart)) == ({384}, {None})

    def others(lake: Path) -> list[dict[str, Any]]:
        left_out = ("story_id", "run_id", "ingested_at")
        mine = ({name: row[name] for name in row if name not in left_out} for row in rows(lake, "articles"))
        return sorted(mine, key=lambda row: str(row["article_id"]))

    assert others(across) == others(apart)

    assert run(environment, "rebuild", across, "--stories_across_languages")["counts"]["changed"] == 0
    run(environment, "rebuild", apart, "--stories_across_languages")
    assert stories(apart) == told
    run(environment, "rebuild", across)
    assert (set(stories(across).items()), vectors(across)) == ({(one, one) for one in told}, {None})
