"""For Airflow's own Python: what it reads in a folder of DAGs, and how two runs of the DAG end, as one line of JSON.

python airflow_runs.py FOLDER            what is in the folder
python airflow_runs.py FOLDER FILE       also runs the DAG, damages FILE of the lake, and runs it again
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.dag_processing.dagbag import DagBag


def found(bag: Any) -> dict[str, Any]:
    dag = bag.dags["newsbeam"]
    return {
        "errors": bag.import_errors,
        "dags": sorted(bag.dags),
        "schedule": dag.schedule,
        "most_runs": dag.max_active_runs,
        "catches_up": dag.catchup,
        "after": {one.task_id: sorted(one.downstream_task_ids) for one in dag.tasks},
        "retries": {one.task_id: one.retries for one in dag.tasks},
        "wait_s": {one.task_id: one.retry_delay.total_seconds() for one in dag.tasks},
    }


def states(dag: Any) -> dict[str, str]:
    """How each task of a run ended."""
    return {one.task_id: str(one.state) for one in dag.test().get_task_instances()}


def tries(dag: Any) -> dict[str, tuple[str, int]]:
    """The same, and after how many tries, which do not wait for one another."""
    for one in dag.tasks:
        one.retry_delay = timedelta(0)
    return {one.task_id: (str(one.state), one.try_number) for one in dag.test().get_task_instances()}


def main(folder: str, damaged: str = "") -> dict[str, Any]:
    bag = DagBag(folder)
    told = found(bag)
    if damaged:
        told["first"] = states(bag.dags["newsbeam"])
        (path,) = Path().glob(damaged)
        path.write_bytes(b"garbage")
        told["second"] = states(bag.dags["newsbeam"])
    return told


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
