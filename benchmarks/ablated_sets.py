"""What is measured with each rule off: copies, texts and facts of development data."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol
from zlib import crc32

from benchmarks import metadata
from benchmarks.ablated import needed_by
from benchmarks.copies import Doc, fingerprint_of_doc, read_docs
from benchmarks.pages import PageSet, address, page_f1, page_of, shingle_f1
from pipelines.run.build_page import BuildPage
from schemas.article import Article
from schemas.fingerprint import Fingerprint
from schemas.page import Page
from schemas.site import SitePage
from transforms.compare.copies.mark_copies import ListedTexts, mark_copies
from transforms.compare.copies.stored.history import ListedHistory
from transforms.compare.sites.site_blocks import learn_site, site_page, without_site_blocks
from transforms.extract import extract_article
from transforms.extract.extract_error import ExtractError
from transforms.extract.facts.page_facts import page_facts
from transforms.extract.parsing.parse import parse_page
from transforms.text.charset import decode_body

SHARES: Final = 4
"""Clusters of copies are parted into so many."""

Figures = dict[str, float]
"""What is gained by name, less than nothing where it is lost; names that begin with "_" only explain."""


class Measure(Protocol):
    """A set of data and how to score it."""

    name: str
    sample: str

    def modules(self) -> frozenset[str]:
        """The modules that decide anything here."""
        ...

    def gains(self, off: str) -> Figures:
        """What a rule that is off in a module changes. What does not depend on that module is kept in mind."""
        ...


class Copies:
    """Pairwise scores of copies by the scorer's own metric, in one run over all texts; `kinds` in detail."""

    name = "copies"

    def __init__(self, shared: Path, most: int) -> None:
        path = shared / "data/dedupe/dev.jsonl.gz"
        self._docs: list[Doc] = read_docs(path)
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            self._truth = [json.loads(line) for line in lines]
        self._score: Callable[..., dict[str, Any]] = _loaded(shared / "tools/score_dedupe.py").metrics
        if most:
            kept = [n for n, doc in enumerate(self._truth) if crc32(doc["cluster_id"].encode()) % SHARES < most]
            self._docs, self._truth = [self._docs[n] for n in kept], [self._truth[n] for n in kept]
        self._fingerprints = self._made()
        self._before = self._scores(self._fingerprints)
        self.sample = f"{len(self._docs):,} texts in one run"

    def modules(self) -> frozenset[str]:
        """See Measure."""
        return needed_by("transforms.compare.copies.mark_copies", "transforms.compare.copies.fingerprint")

    def gains(self, off: str) -> Figures:
        """See Measure."""
        is_early = off in needed_by("transforms.compare.copies.fingerprint")
        now = self._scores(self._made() if is_early else self._fingerprints)
        return {name: now[name] - before for name, before in self._before.items()}

    def _scores(self, fingerprints: list[Fingerprint]) -> Figures:
        verdicts = mark_copies(ListedTexts(fingerprints), ListedHistory([]))
        labels = {one.article_id: one.cluster_id or one.article_id for one in verdicts}
        scores = self._score(self._truth, [labels[doc.id] for doc in self._docs])
        found = {"F1": scores["f1"], "P": scores["precision"], "R": scores["recall"]}
        found |= {f"_{kind}": value for kind, value in scores["kind_recall"].items()}
        strangers = {kind: count for kind, (count, _) in scores["kind_with_strangers"].items()}
        kinds = sorted({doc["kind"] for doc in self._truth})
        return found | {f"_{kind} without strangers": -float(strangers.get(kind, 0)) for kind in kinds}

    def _made(self) -> list[Fingerprint]:
        return [fingerprint_of_doc(doc) for doc in self._docs]


_MADE_BY: Final = {
    "parse_page": "transforms.extract.parsing.parse",
    "page_facts": "transforms.extract.facts.page_facts",
    "other_stories": "transforms.extract.body.other_stories",
    "into_story_tree": "transforms.extract.page.story_tree",
    "page_blocks": "transforms.extract.page.text_blocks",
    "isolate_alone": "transforms.extract.body.alone",
    "text_by_seed": "transforms.extract.body.by_seed",
}
"""The steps of `extract_article` that are kept in mind, in their order, with the modules that make them."""

_SEEDED: Final = list(_MADE_BY).index("text_by_seed")
_USED_UP: Final = list(_MADE_BY).index("into_story_tree")
"""From here on the page's own tree is used up: steps up to this one are done again only together."""


class Texts:
    """F1 of 4-word shingles of each folder: pages built as in a run, and cleaned of what their sites repeat.

    Rules of the seed and of what stands before the models (parsing, other stories) are measured on every third page:
    they cost whole builds.
    """

    name = "text"

    def __init__(self, folders: Mapping[Path, int]) -> None:
        self._build = BuildPage()
        self._gold: dict[str, dict[str, str]] = {}
        self._pages: dict[str, dict[str, Page]] = {}
        for folder, most in folders.items():
            pages = PageSet(folder)
            chosen = _every(pages.gold, most)
            self._gold[folder.name] = {page_id: pages.gold[page_id] for page_id in chosen}
            self._pages[folder.name] = {one: page_of(address(pages, one), pages.bodies[one]) for one in chosen}
        self._kept: dict[str, dict[str, list[Any]]] = {}
        self._steps = {name: getattr(extract_article, name) for name in _MADE_BY}
        self.sample = ", ".join(f"{len(gold)} pages of {name}" for name, gold in self._gold.items())
        self._articles: dict[str, dict[str, Article | None]] = {}
        for name, pages_of in self._pages.items():
            for page_id in pages_of:
                self._articles.setdefault(name, {})[page_id] = self._built(name, page_id, None)
        self._bodies = {name: _bodies(articles) for name, articles in self._articles.items()}

    def modules(self) -> frozenset[str]:
        """See Measure."""
        return needed_by("transforms.extract.extract_article", "transforms.clean.clean_text",
            "transforms.compare.sites.site_blocks")  # fmt: skip

    def gains(self, off: str) -> Figures:
        """See Measure."""
        again = next((n for n, made in enumerate(_MADE_BY.values()) if off in needed_by(made)), len(_MADE_BY))
        again = again if again > _USED_UP else 0
        found: Figures = {}
        better = worse = 0
        for name, gold in self._gold.items():
            asked = list(gold)[:: 3 if again <= _SEEDED else 1]
            articles = self._articles[name] | {one: self._built(name, one, again) for one in asked}
            before, now = self._bodies[name], _bodies(articles)
            truth = {one: gold[one] for one in asked}
            found[f"{name} F1"] = shingle_f1(truth, now) - shingle_f1(truth, before)
            for one in gold:
                if now[one] != before[one]:
                    gain = page_f1(gold[one], now[one]) - page_f1(gold[one], before[one])
                    better, worse = better + (gain > 1e-9), worse + (gain < -1e-9)
        return found | {"_pages better": better, "_pages worse": worse}

    def _built(self, name: str, page_id: str, again: int | None) -> Article | None:
        """The article of a page, None where there is none. The steps numbered less than `again` are remembered; None:
        remember them from now on."""
        kept = self._kept.setdefault(f"{name}/{page_id}", {})
        for number, (step, function) in enumerate(self._steps.items()):
            used = function
            if again is None:
                used = partial(_remember, function, kept.setdefault(step, []))
            elif number < again:
                used = partial(_recall, function, iter(kept[step]))
            setattr(extract_article, step, used)
        try:
            return self._build.cleaned(self._pages[name][page_id]).article
        except ExtractError:
            return None


def _remember(function: Callable[..., Any], kept: list[Any], *args: Any, **kwargs: Any) -> Any:
    kept.append(function(*args, **kwargs))
    return kept[-1]


def _recall(function: Callable[..., Any], kept: Any, *args: Any, **kwargs: Any) -> Any:
    missing = object()
    found = next(kept, missing)
    return function(*args, **kwargs) if found is missing else found


def _bodies(articles: Mapping[str, Article | None]) -> dict[str, str]:
    """The texts of pages, without what their sites repeat."""
    sites: dict[str, list[SitePage]] = {}
    for page_id, article in articles.items():
        if article is not None:
            one = site_page(page_id, article)
            sites.setdefault(one.site, []).append(one)
    furniture: dict[str, frozenset[int]] = {}
    for pages in sites.values():
        furniture |= learn_site(pages, None, 0).furniture
    return {
        page_id: without_site_blocks(article, furniture.get(page_id, frozenset())).article_body if article else ""
        for page_id, article in articles.items()
    }


class Facts:
    """Titles, author sets and days that are right, and authors that are invented, as `benchmarks.metadata` counts."""

    name = "metadata"

    def __init__(self, folders: Mapping[Path, int]) -> None:
        self._pages: list[tuple[Any, str, metadata.Stated, Any]] = []
        sizes = []
        for folder, most in folders.items():
            pages = PageSet(folder)
            chosen = _every(pages.rows, most)
            sizes.append(f"{len(chosen)} pages of {folder.name}")
            for page_id in chosen:
                url = address(pages, page_id)
                tree = parse_page(decode_body(pages.bodies[page_id], None)[0])
                facts = page_facts(tree, page_of(url, b"").final_url)
                self._pages.append((tree, url, metadata.gold_of(pages.rows[page_id]), facts))
        self.sample = ", ".join(sizes)
        self._before = self._counts(is_early=False)

    def modules(self) -> frozenset[str]:
        """See Measure."""
        return needed_by("transforms.extract.facts.metadata", "transforms.extract.facts.page_facts") - needed_by(
            "transforms.extract.parsing.parse", "transforms.text.charset"
        )

    def gains(self, off: str) -> Figures:
        """See Measure."""
        now = self._counts(is_early=off in needed_by("transforms.extract.facts.page_facts"))
        return {name: now[name] - self._before[name] for name in now}

    def _counts(self, *, is_early: bool) -> dict[str, int]:
        found = {"titles": 0, "authors": 0, "days": 0, "not invented": 0}
        for tree, url, gold, kept in self._pages:
            given = metadata.ours(page_facts(tree, page_of(url, b"").final_url) if is_early else kept, url)
            found["titles"] += bool(gold.title) and given.title == gold.title
            found["authors"] += bool(gold.authors) and given.authors == gold.authors
            found["not invented"] -= not gold.authors and bool(given.authors)
            found["days"] += bool(gold.day and given.day and abs((given.day - gold.day).days) <= 1)
        return found


def _every(names: Mapping[str, object], most: int) -> Sequence[str]:
    """At most so many, spread evenly over the sorted names."""
    ordered = sorted(names)
    return ordered[:: max(1, -(-len(ordered) // most))] if most else ordered


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
