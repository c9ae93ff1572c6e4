"""Whole runs with the extra ``entities``: spaCy and its models come from an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.committed_rows import committed_rows as rows
from tests.conftest import COMMAND
from tests.readers.conftest import TOOLS, with_packages
from tests.warc_files import answer, record, write

pytestmark = [pytest.mark.readers, pytest.mark.timeout(400)]  # four runs on a busy machine

NEEDED = Path(__file__).parent / "entities_packages.txt"
ROOT = Path(__file__).resolve().parents[2]
AUTHOR = {"@type": "Organization", "name": "Harbour Safety Board"}
PAGES = {
    "en": (
        "Old bridge to close",
        "Finance minister John Quillfeather said on Monday that the old bridge in Rotterdam would close.",
        "The Harbour Safety Board had found cracks in two pillars, Quillfeather told reporters in Rotterdam.",
        "Sarah Lindqvarn of the University of Delft said that repairs would take a year, and Quillfeather agreed.",
    ),
    "fr": (
        "Le vieux pont ferme",
        "Le ministre Jean Quillefort a annoncé lundi à Rouen la fermeture du vieux pont.",
        "L'Agence du port de Rouen avait trouvé des fissures dans deux piliers, a déclaré Jean Quillefort.",
        "Marie Brannerie, ingénieure à Lyon, estime que les travaux dureront un an et que le pont sera rouvert.",
    ),
    "de": (
        "Alte Brücke gesperrt",
        "Die Bürgermeisterin Petra Wiesenkötter hat am Montag in Hamburg die alte Brücke gesperrt.",
        "Der Ingenieur Tomas Brannhuber von der Brannhuber GmbH rechnet mit einem Jahr, sagte Wiesenkötter.",
        "„Wir können nicht warten“, sagte Wiesenkötter in Hamburg, und die Reparatur kostet viel Geld.",
    ),
}


def page(language: str) -> bytes:
    headline, *paragraphs = PAGES[language]
    stated = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline, "about": AUTHOR}
    data = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    head = f'<title>{headline}</title><meta property="article:published_time" content="2026-03-02T06:00:00Z">{data}'
    html = (
        f'<html lang="{language}"><head>{head}</head><body><article><h1>{headline}</h1>{body}</article></body></html>'
    )
    return html.encode()


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """The variables of a process that finds spaCy and its models."""
    return with_packages(NEEDED, TOOLS / "entities")


def run(environment: dict[str, str], command: str, lake: Path, *more: str) -> dict[str, Any]:
    arguments = [*COMMAND, command, "--output", str(lake), "--json", "--extract_workers=1", *more]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def names(row: dict[str, Any]) -> set[tuple[str, str, int]]:
    return {(one["name"], one["kind"], one["count"]) for one in row["entities"]}


def told(lake: Path) -> dict[str, tuple[list[Any], str]]:
    """The entities of each article by its language, and what told them."""
    return {
        row["in_language"]: (row["entities"], dict(row["facts_sources"])["entities"]) for row in rows(lake, "articles")
    }


def test_names_of_languages_with_a_model_are_spacys_and_all_else_stays(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    records = [record(uri=f"https://{one}.example/{one}", block=answer(page(one))) for one in PAGES]
    archive = write(tmp_path / "pages.warc", records)
    spacy, own = tmp_path / "spacy", tmp_path / "own"
    for lake, option in ((spacy, ["--entities", "spacy"]), (own, [])):
        given = ["--store_pages", "--warc", str(archive), "--now", "2026-03-03T12:00:00Z", *option]
        run(environment, "backfill", lake, *given)
        [manifest] = (lake / "runs").glob("*.json")
        assert json.loads(manifest.read_bytes())["settings"]["entities"] == lake.name
    by_spacy, by_us = told(spacy), told(own)
    assert {one: source for one, (_, source) in by_spacy.items()} == {
        "en": "spacy, structured", "fr": "spacy", "de": "text",
    }  # fmt: skip
    assert {one: source for one, (_, source) in by_us.items()} == {"en": "both", "fr": "text", "de": "text"}
    assert by_spacy["de"] == by_us["de"]
    found = {one["name"]: (one["kind"], one["count"]) for one in by_spacy["en"][0]}
    assert found["John Quillfeather"] == ("person", 3)
    assert found["Harbour Safety Board"] == ("organization", 1)
    assert found["University of Delft"] == ("organization", 1)
    found = {one["name"]: (one["kind"], one["count"]) for one in by_spacy["fr"][0]}
    assert found["Jean Quillefort"] == ("person", 2)
    assert found["Agence du port de Rouen"] == ("organization", 1)
    assert "Agence du port de Rouen" not in {one["name"] for one in by_us["fr"][0]}

    def others(lake: Path) -> list[dict[str, Any]]:
        left_out = ("entities", "facts_sources", "run_id", "ingested_at")
        mine = ({name: row[name] for name in row if name not in left_out} for row in rows(lake, "articles"))
        return sorted(mine, key=lambda row: str(row["article_id"]))

    assert others(spacy) == others(own)

    assert run(environment, "rebuild", spacy, "--entities", "spacy")["counts"]["changed"] == 0
    run(environment, "rebuild", own, "--entities", "spacy")
    assert told(own) == by_spacy
    run(environment, "rebuild", own)
    assert told(own) == by_us


def test_one_page_from_the_command_line_and_from_python(tmp_path: Path, environment: dict[str, str]) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page("fr"))
    arguments = [*COMMAND, "extract", str(path), "--url", "https://fr.example/fr", "--entities", "spacy"]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    article = json.loads(done.stdout)
    assert ("Agence du port de Rouen", "organization", 1) in names(article)
    code = (
        "import json, sys, newsbeam\n"
        "html = open(sys.argv[1], 'rb').read()\n"
        "found = newsbeam.extract(html, 'https://fr.example/fr', entities='spacy').entities\n"
        "print(json.dumps([dict(name=one.name, kind=one.kind, count=one.count) for one in found]))"
    )
    assert json.loads(python(environment, code, str(path))) == article["entities"]


def test_what_the_fork_server_loads_are_all_models_and_long_runs_of_signs_cost_little(
    environment: dict[str, str],
) -> None:
    code = (
        "import time\n"
        "from transforms.enrich.entities.by_spacy import preload\n"
        "from transforms.enrich.entities.by_spacy.models import languages, load_model, spans_of\n"
        "assert sorted(languages()) == ['en', 'fr'], languages()\n"
        "assert load_model.cache_info().currsize == 2\n"
        "words = len(load_model('en').vocab.strings)\n"
        "for sign in '\"(_\\U0001F600':\n"
        "    started = time.process_time()\n"
        "    assert spans_of(sign * 8000, 'en') == []\n"
        "    print(time.process_time() - started)\n"
        "[one] = spans_of('x' * 300 + ' said John Smith in his blog.', 'en')\n"
        "assert one == (306, 316, 'person'), one\n"
        "spans_of('Quvexely wrumbled zindlefy.', 'en')\n"
        "assert len(load_model('en').vocab.strings) == words\n"
    )
    seconds = [float(line) for line in python(environment, code).splitlines()]
    assert len(seconds) == 4
    assert max(seconds) < 2  # without the care some take six seconds and more


def python(environment: dict[str, str], code: str, *arguments: str) -> str:
    """What a script prints that finds this repository and spaCy."""
    path = f"{ROOT}:{environment['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
