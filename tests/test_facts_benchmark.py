"""The benchmark of facts scores labelled pages, built as in a run or with their gold texts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.facts import main
from benchmarks.facts_scores import is_same_name, score_lines

LABEL: dict[str, Any] = {
    "set": "news", "language": "en", "wire_sources": [], "wire_quoted": [], "dateline": None, "dateline_country": None,
    "countries": [], "countries_mentioned": [], "people": [], "organizations": [], "places": [], "topic": "society",
    "topic2": None,
}  # fmt: skip
STORY = (
    "Ferries between the mainland and the island of Senn will run all winter for the first time, the harbour office "
    "said on Monday. The council pays for four crossings a day.\n"
    "“We have waited for twenty years,” the mayor said. The first boat leaves at six in the morning."
)
PAGE = (
    '<html lang="en"><head><title>Ferry to run all winter</title></head><body><article><h1>Ferry to run all winter</h1>'
    "{paragraphs}</article></body></html>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two labelled pages. The second one's page has no dateline, which its gold text has; the third is no article."""
    texts = {"1": f"OSLO (Reuters) - {STORY}", "2": STORY}
    pages = {name: PAGE.format(paragraphs="".join(f"<p>{p}</p>" for p in t.split("\n"))) for name, t in texts.items()}
    pages["3"] = "<html><body></body></html>"
    (tmp_path / "html").mkdir()
    for name, page in pages.items():
        (tmp_path / "html" / f"{name}.html.gz").write_bytes(gzip.compress(page.encode()))
    gold = {"1": texts["1"], "2": f"PARIS (AFP) - {STORY}", "3": STORY}
    rows = {name: {"articleBody": text, "url": f"https://example.org/{name}.html"} for name, text in gold.items()}
    (tmp_path / "ground-truth.json").write_text(json.dumps(rows), "utf-8")
    labels = [
        {**LABEL, "id": "1", "wire_sources": ["reuters"], "dateline": "Oslo", "dateline_country": "NO"},
        {**LABEL, "id": "2", "wire_sources": ["AFP"], "dateline": "PARIS", "dateline_country": "FR"},
        {**LABEL, "id": "3"},
    ]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels), "utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str) -> list[str]:
    arguments = [str(folder / "labels.jsonl"), "--pages", f"news={folder}", *more]
    monkeypatch.setattr("sys.argv", ["facts", *arguments])
    main()
    return capsys.readouterr().out.splitlines()


def line(said: list[str], name: str) -> str:
    [found] = [one for one in said if one.startswith(name)]
    return found


def test_gold_texts_are_scored_without_their_pages(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(capsys, monkeypatch, folder, "--gold", "--predicted", str(folder / "out.json"))
    assert "(2 right, 0 wrong, 0 missed)" in line(said, "wire_sources")
    assert "(2 right, 0 wrong, 0 missed)" in line(said, "dateline ")
    assert "ms of processor time" in said[-1]
    predicted = json.loads((folder / "out.json").read_text("utf-8"))
    assert predicted["2"]["dateline"] == "PARIS"
    assert {"entities", "topic", "dateline_country", "facts_sources"} <= set(predicted["1"])


def test_without_gold_the_pages_are_built_and_one_without_an_article_predicts_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(capsys, monkeypatch, folder, "--errors")
    assert line(said, "articles").endswith("3, without prediction 1")
    assert "(1 right, 0 wrong, 1 missed)" in line(said, "wire_sources")
    assert any(one.split()[:3] == ["2", "en", "wire_sources"] for one in said)


def test_a_set_without_a_folder_is_a_mistake_of_the_user(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["facts", str(folder / "labels.jsonl"), "--pages", f"other={folder}"])
    with pytest.raises(SystemExit):
        main()
    assert "--pages lacks the sets news" in capsys.readouterr().err


def test_scores_of_countries_names_and_topics() -> None:
    labels = [
        {
            **LABEL, "id": "1", "countries": ["NO"], "countries_mentioned": ["SE"], "wire_quoted": ["AFP"],
            "dateline_country": "NO", "people": ["Ada Lind", "Bo Berg"], "topic2": "politics",
        },
        {**LABEL, "id": "2", "countries": ["FR", "DE"]},
    ]  # fmt: skip
    predicted: dict[str, dict[str, Any]] = {
        "1": {
            "countries": ["NO", "SE", "DK"], "wire_sources": ["AFP"], "dateline_country": "SE", "topic": "politics",
            "entities": [{"name": "Lind", "kind": "person"}, {"name": "Lindmere", "kind": "person"}],
        },
        "2": {"countries": ["DE"]},
    }  # fmt: skip
    said = list(score_lines(labels, predicted))
    assert "(2 right, 2 wrong, 1 missed)" in line(said, "countries strict")
    assert "(2 right, 1 wrong, 1 missed)" in line(said, "countries lenient")
    assert line(said, "quoted").endswith("1 of 1")
    assert line(said, "dateline_country").endswith("right 0.000 of 1, wrong 1")
    assert line(said, "first country").endswith("0.500 of 2")
    assert line(said, "person").endswith("recall@10 0.500 of 2  precision@5 0.500 of 2")
    assert line(said, "topic").endswith("right 0.500, given 0.500, right of those given 1.000")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Éva Lind", "eva lind", True),
        ("Lind", "Ada Lind", True),
        ("Ada Berg", "Ada Lind Berg", False),
        ("北京", "北京市", True),
        ("Lin", "Lind", False),
        ("", "Lind", False),
    ],
)
def test_names_are_compared_by_runs_of_words(one: str, other: str, same: bool) -> None:
    assert is_same_name(one, other) is same
