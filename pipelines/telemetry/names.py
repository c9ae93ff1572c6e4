"""The metrics of newsbeam: their names, labels and meaning, and how each follows from the manifest of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from schemas.article import PageKind
from schemas.failure import Reason, Stage
from schemas.run import ATTENTION, FilePart, RunManifest, Step, started_us
from transforms.lake.accounts import SUMS

LAKE: Final = "lake"
"""The label that every metric has besides its own: the lake, by the name under which `--output` gives it."""

Sample = tuple[tuple[str, ...], float]
"""The values of a metric's labels, and its value."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. A counter's name is as it is exposed, with ``_total``.

    `of_run` gives what a committed run adds to a counter, or what it sets a gauge to (nothing leaves it as it is);
    without it the command itself knows the value. `zeros` are the values of labels that a counter shows from the start,
    so that its first increase is seen. `source` says, for people, where the value comes from.
    """

    name: str
    kind: Literal["counter", "gauge"]
    meaning: str
    source: str
    labels: tuple[str, ...] = ()
    of_run: Callable[[RunManifest], Iterable[Sample]] | None = None
    zeros: tuple[tuple[str, ...], ...] = ()
    is_live: bool = False
    """Only at the endpoint of a stream, since it changes between manifests."""


def _terms(prefix: str) -> tuple[str, ...]:
    """What follows `prefix` in the names of the sums' terms, in their order."""
    names = dict.fromkeys(term for _, came, ended in SUMS for term in (*came, *ended))
    return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def _one(name: str) -> Callable[[RunManifest], Iterator[Sample]]:
    """The count of this name, 0 if the manifest has none."""

    def of_run(manifest: RunManifest) -> Iterator[Sample]:
        yield (), manifest.counts.get(name, 0)

    return of_run


def _if_counted(name: str) -> Callable[[RunManifest], Iterator[Sample]]:
    """The count of this name, if the manifest has it: a backfill has no feeds, and leaves pending entries alone."""

    def of_run(manifest: RunManifest) -> Iterator[Sample]:
        if name in manifest.counts:
            yield (), manifest.counts[name]

    return of_run


def _below(prefix: str, but: Sequence[str] = ()) -> Callable[[RunManifest], Iterator[Sample]]:
    """The counts whose name begins with `prefix`, by the rest of it; without those of `but`."""

    def of_run(manifest: RunManifest) -> Iterator[Sample]:
        for name, n in manifest.counts.items():
            if name.startswith(prefix) and (rest := name.removeprefix(prefix)) not in but:
                yield (rest,), n

    return of_run


def _named(names: Mapping[str, str]) -> Callable[[RunManifest], Iterator[Sample]]:
    """These counts, each under the label value given for it."""

    def of_run(manifest: RunManifest) -> Iterator[Sample]:
        for name, label in names.items():
            yield (label,), manifest.counts.get(name, 0)

    return of_run


def _records(manifest: RunManifest) -> Iterator[Sample]:
    for outcome in _RECORDS:
        yield (outcome,), manifest.counts.get(f"records.{outcome}", 0)
    for why in _FILTERED:
        yield (f"filtered_{why}",), manifest.counts.get(f"filtered.{why}", 0)


def _failures(manifest: RunManifest) -> Iterator[Sample]:
    for name, n in manifest.reasons.items():
        stage, _, reason = name.partition("/")
        yield (stage, reason), n


def _files(value: Callable[[FilePart], int]) -> Callable[[RunManifest], Iterator[Sample]]:
    def of_run(manifest: RunManifest) -> Iterator[Sample]:
        for part in manifest.files:
            yield (part.table,), value(part)

    return of_run


def _committed(manifest: RunManifest) -> Iterator[Sample]:
    yield ("attention" if manifest.attention else "committed",), 1


def _seconds(manifest: RunManifest) -> float:
    taken = datetime.fromisoformat(manifest.finished_at) - datetime.fromisoformat(manifest.started_at)
    return max(0.0, taken.total_seconds())


def _step_seconds(manifest: RunManifest) -> Iterator[Sample]:
    for time in manifest.steps:
        yield (time.step,), time.seconds


_RECORDS: Final = tuple(name for name in _terms("records.") if name != "response")
_FILTERED: Final = _terms("filtered.")
_RELATIONS: Final = ("original", "exact", "near", "abridged", "revision")
_ENTRY_ORIGINS: Final = ("listed", "pending")
RUN_STATUSES: Final = ("committed", "attention", "failed", "mistake", "locked", "interrupted")
"""How a run, or a try at one, ended: the exit statuses 0, 3, 1, 2, 75, and 130 or 143."""
COMMITTED: Final = ("committed", "attention")
"""The statuses that manifests tell of; the others only the command knows."""
PUSH_OUTCOMES: Final = ("poll", "merged", "refused")
"""What becomes of pushes for subscriptions that are known."""


def _each(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((value,) for value in values)


METRICS: Final = (
    Metric(
        "newsbeam_runs_total", "counter", "Runs, and tries at one, by how they ended",
        "committed ones by their manifests, others by the exit status of the command",
        ("status",), _committed, _each(RUN_STATUSES),
    ),
    Metric(
        "newsbeam_run_seconds_total", "counter", "Time that committed runs took, from start to commit",
        "`started_at`, `finished_at`", of_run=lambda manifest: [((), _seconds(manifest))], zeros=((),),
    ),
    Metric(
        "newsbeam_step_seconds_total", "counter",
        "Time that each step of committed runs took, from its first beginning to its last end; steps overlap",
        "`steps`", ("step",), _step_seconds, _each(Step),
    ),
    Metric(
        "newsbeam_polls_total", "counter", "Feeds of the list, by what became of them in a run", "`counts`: `polls.…`",
        ("outcome",), _below("polls.", ("asked",)), _each(name for name in _terms("polls.") if name != "asked"),
    ),
    Metric(
        "newsbeam_entries_total", "counter", "Entries to decide on: listed by feeds, or left over by earlier runs",
        "`counts`: `entries.listed`, `entries.pending`", ("origin",),
        _named({f"entries.{origin}": origin for origin in _ENTRY_ORIGINS}), _each(_ENTRY_ORIGINS),
    ),
    Metric(
        "newsbeam_entry_outcomes_total", "counter", "Entries, by what was decided: `fetch` are the new and edited ones",
        "`counts`: `entries.…`", ("outcome",), _below("entries.", _ENTRY_ORIGINS),
        _each(name for name in _terms("entries.") if name not in _ENTRY_ORIGINS),
    ),
    Metric(
        "newsbeam_fetches_total", "counter", "Entries to fetch, by what became of them", "`counts`: `fetches.…`",
        ("outcome",), _below("fetches."), _each(_terms("fetches.")),
    ),
    Metric(
        "newsbeam_revisits_total", "counter",
        "Pages of known articles that were due to be asked for again, by what they are now",
        "`counts`: `revisits.…`", ("outcome",), _below("revisits.", ("due",)),
        _each(name for name in _terms("revisits.") if name != "due"),
    ),
    Metric(
        "newsbeam_withdrawals_total", "counter", "Articles found withdrawn, by whether a row says so",
        "`counts`: `withdrawn.…`", ("outcome",), _below("withdrawn."), _each(_terms("withdrawn.")),
    ),
    Metric(
        "newsbeam_page_bytes_total", "counter",
        "Bytes of the bodies of pages, as decoded: fetched, or found in archives",
        "`counts`: `bytes.pages`; on a cluster without those of a worker that died", of_run=_one("bytes.pages"),
        zeros=((),),
    ),
    Metric(
        "newsbeam_archives_total", "counter", "Archives of a backfill, by what became of them",
        "`counts`: `archives.…`", ("outcome",), _below("archives.", ("given",)),
        _each(name for name in _terms("archives.") if name != "given"),
    ),
    Metric(
        "newsbeam_records_total", "counter", "Response records of archives, by what became of them",
        "`counts`: `records.…`, `filtered.…`", ("outcome",), _records,
        _each((*_RECORDS, *(f"filtered_{why}" for why in _FILTERED))),
    ),
    Metric(
        "newsbeam_adopted_pages_total", "counter", "Pages taken over from runs that died", "`counts`: `pages.adopted`",
        of_run=_one("pages.adopted"), zeros=((),),
    ),
    Metric(
        "newsbeam_builds_total", "counter", "Pages to build an article from, by whether that went well",
        "`counts`: `pages.extracted`, `failures.extract`", ("outcome",),
        _named({"pages.extracted": "extracted", "failures.extract": "failed"}), _each(("extracted", "failed")),
    ),
    Metric(
        "newsbeam_decisions_total", "counter",
        "Extracted articles, by what was decided: a new row, nothing new, or the same article twice in a run",
        "`counts`: `articles.…`", ("outcome",), _below("articles."), _each(_terms("articles.")),
    ),
    Metric(
        "newsbeam_articles_total", "counter",
        "Rows of `articles`: originals, copies (`exact`, `near`, `abridged`) and revisions",
        "`counts`: `relation.…`", ("relation",), _below("relation."), _each(_RELATIONS),
    ),
    Metric(
        "newsbeam_incomplete_articles_total", "counter", "Articles whose text seems not to be whole",
        "`counts`: `articles_incomplete`", of_run=_one("articles_incomplete"), zeros=((),),
    ),
    Metric(
        "newsbeam_other_kinds_total", "counter", "Rows of `articles` of pages of another kind than an article",
        "`counts`: `kind.…`", ("kind",), _below("kind."), _each(kind for kind in PageKind if kind != PageKind.ARTICLE),
    ),
    Metric(
        "newsbeam_failures_total", "counter", "Rows of `failures`", "`reasons`", ("stage", "reason"), _failures,
        tuple((str(stage), str(reason)) for stage in Stage for reason in Reason),
    ),
    Metric(
        "newsbeam_rows_written_total", "counter", "Rows written, by table", "`files`", ("table",),
        _files(lambda part: part.rows),
    ),
    Metric(
        "newsbeam_bytes_written_total", "counter", "Bytes of the files written, by table", "`files`", ("table",),
        _files(lambda part: part.size_bytes),
    ),
    Metric(
        "newsbeam_attention_total", "counter", "What someone should look at, by its name in the report",
        "`counts`: `attention.…`", ("what",), _below("attention."),
        _each(name.removeprefix("attention.") for name in ATTENTION),
    ),
    Metric(
        "newsbeam_last_run_start_timestamp_seconds", "gauge", "When the newest committed run began", "`run_id`",
        of_run=lambda manifest: [((), started_us(manifest.run_id) / 1e6)],
    ),
    Metric(
        "newsbeam_last_run_timestamp_seconds", "gauge", "When the newest committed run was committed", "`finished_at`",
        of_run=lambda manifest: [((), datetime.fromisoformat(manifest.finished_at).timestamp())],
    ),
    Metric(
        "newsbeam_last_run_seconds", "gauge", "How long the newest committed run took", "`started_at`, `finished_at`",
        of_run=lambda manifest: [((), _seconds(manifest))],
    ),
    Metric(
        "newsbeam_last_run_step_seconds", "gauge", "The same of its steps", "`steps`", ("step",), _step_seconds,
    ),
    Metric(
        "newsbeam_feeds", "gauge", "Feeds in the list of the newest committed run that had one", "`counts`: `feeds`",
        of_run=_if_counted("feeds"),
    ),
    Metric(
        "newsbeam_pending_entries", "gauge", "Entries that were left for later runs",
        "`counts`: `rows.pending`", of_run=_if_counted("rows.pending"),
    ),
    Metric(
        "newsbeam_last_try_timestamp_seconds", "gauge", "When the newest try at a run ended, committed or not",
        "the command",
    ),
    Metric(
        "newsbeam_last_try_success", "gauge", "1 if that try was committed, else 0", "the command",
    ),
    Metric(
        "newsbeam_process_cpu_seconds", "gauge",
        "Processor time since the start of the command: its own, and that of the processes that it has started",
        "the operating system", ("process",),
    ),
    Metric(
        "newsbeam_process_peak_memory_bytes", "gauge",
        "The most memory that the command had in use at once, without the processes that it has started",
        "the operating system",
    ),
    Metric(
        "newsbeam_build_info", "gauge", "1; the versions are in the labels", "the command",
        ("version", "beam", "python"),
    ),
    Metric(
        "newsbeam_progress_done", "gauge", "Feeds, pages or articles that the run under way has done",
        "the steps, as they go", ("stage",), is_live=True,
    ),
    Metric(
        "newsbeam_progress_expected", "gauge", "Feeds, pages or articles that the run under way has found so far",
        "the steps, as they go", ("stage",), is_live=True,
    ),
    Metric(
        "newsbeam_subscriptions", "gauge",
        "Subscriptions to feeds at their hubs: asked for, active, or being ended (`leaving`)",
        "the stream's callbacks, with `--websub`", ("state",), is_live=True,
    ),
    Metric(
        "newsbeam_pushes_total", "counter",
        "Pushes of hubs: a poll at once, merged with one that waits, or refused: not rightly signed, or too large",
        "the stream's callbacks, with `--websub`", ("outcome",), is_live=True,
    ),
)  # fmt: skip
"""All metrics, in the order in which docs/metrics.md lists them."""

BY_NAME: Final = {metric.name: metric for metric in METRICS}
