"""newsbeam every hour by Airflow 3: a run, fewer files, a report in the log, and a failed task if someone should look.

Goes into the folder of DAGs, for workers that have newsbeam in an environment of its own, apart from Airflow's
(deploy/README.md, "Installing on a machine"). Yours to set are Airflow's Variables: `newsbeam_contact`, which has no
default, and where the defaults below do not fit, `newsbeam_program`, `newsbeam_feeds`, `newsbeam_lake` and
`newsbeam_options` (more options of `ingest`, split at spaces). The lake is a folder that all workers of the DAG see, or
in an object store (docs/object_stores.md).

Checked: by tests/deploy/test_airflow.py, in which Airflow 3.3.2 imports it and runs it.
Not checked: a scheduler and executors other than that of `airflow dags test`; Airflow 2, whose imports differ.
"""

import json
from datetime import timedelta
from typing import Any

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task
from airflow.sdk.exceptions import AirflowFailException

GIVEN = {
    "NEWSBEAM": "{{ var.value.get('newsbeam_program', '/opt/newsbeam/bin/newsbeam') }}",
    "NEWSBEAM_FEEDS": "{{ var.value.get('newsbeam_feeds', '/etc/newsbeam/feeds.opml') }}",
    "NEWSBEAM_LAKE": "{{ var.value.get('newsbeam_lake', '/var/lib/newsbeam/lake') }}",
    "NEWSBEAM_CONTACT": "{{ var.value.get('newsbeam_contact', '') }}",
    "NEWSBEAM_OPTIONS": "{{ var.value.get('newsbeam_options', '--max_run_minutes=40') }}",
}
MISTAKE = "mistake"
OR_ELSE = f""" || case $? in
    2) echo {MISTAKE} ;;  # what no other try mends: see `unless_mistaken`
    3) ;;  # committed, but someone should look: not a failure of this task, and nothing to repeat
    *) exit $? ;;
esac
"""
# The log goes to standard error as it comes. The last line of standard output is the run's summary, an XCom for `look`.
INGEST = f"""
set -o pipefail
[ -n "$NEWSBEAM_CONTACT" ] || {{ echo "Airflow's Variable newsbeam_contact is missing" >&2; exec echo {MISTAKE}; }}
"$NEWSBEAM" ingest --feeds "$NEWSBEAM_FEEDS" --output "$NEWSBEAM_LAKE" --contact "$NEWSBEAM_CONTACT" \
    --compact off --log_format json --json $NEWSBEAM_OPTIONS | tail -n 1{OR_ELSE}"""
COMPACT = f'"$NEWSBEAM" compact --output "$NEWSBEAM_LAKE"{OR_ELSE}'
REPORT = f'"$NEWSBEAM" report --output "$NEWSBEAM_LAKE"{OR_ELSE}'


def unless_mistaken(last_line: str) -> str:
    """The last line that a command printed. Raises AirflowFailException, which is not tried again, after a mistake."""
    if last_line == MISTAKE:
        raise AirflowFailException("a mistake in options, Variables, feed list or settings: the log above says which")
    return last_line


def summary_of(last_line: str) -> dict[str, Any]:
    """The summary of a run that was committed."""
    return dict(json.loads(unless_mistaken(last_line)))


@task(retries=0)
def look(summary: dict[str, Any]) -> None:
    """Fail, and so alert, if the committed run says that someone should look; nothing is to be repeated."""
    signs = {name: count for name, count in summary["counts"].items() if name.startswith("attention.")}
    if any(signs.values()):
        raise AirflowFailException(f"run {summary['run_id']} is committed, but look at {signs}, told by `report`")


with DAG(
    dag_id="newsbeam",
    description="News feeds into the lake, one run",
    # Not on the hour, when everybody polls: choose a minute of your own.
    schedule="17 * * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    # Hours that were missed are over: feeds show what they have now.
    catchup=False,
    # The lake has one writer; a second run would end with status 75.
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=100),
    default_args={
        "retries": 2,
        # Nobody remembers what a run that was not committed has asked. So the next try waits as long as --poll_interval
        # would. By then the lock of a run that died on another host has run out, too.
        "retry_delay": timedelta(minutes=15),
    },
    tags=["newsbeam"],
):
    ingest = BashOperator(
        task_id="ingest",
        bash_command=INGEST,
        env=GIVEN,
        append_env=True,
        output_processor=summary_of,
        # SIGTERM is safe at any moment: the next run takes over the pages that were stored.
        execution_timeout=timedelta(minutes=55),
    )
    compact = BashOperator(
        task_id="compact", bash_command=COMPACT, env=GIVEN, append_env=True, output_processor=unless_mistaken
    )
    report = BashOperator(
        task_id="report", bash_command=REPORT, env=GIVEN, append_env=True, output_processor=unless_mistaken
    )
    ingest >> compact >> report >> look(ingest.output)
