"""The recipes of docs/reading.md, and how a test asks their variables what they found."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.readers.lakes import ROOT, Found

PAGE = (ROOT / "docs/reading.md").read_text()
ID = "0123456789abcdef0123456789abcdef"
RECIPES = dict(re.findall(r"^<!-- read with (\w+) -->\n```python\n(.*?)^```$", PAGE, re.M | re.S))

_RELATION = """
report(
    duckdb.sql("select count(*) from articles").fetchall()[0][0], latest.select("article_id, headline").fetchall(),
    [row[0] for row in one.select("headline").fetchall()], a_day.fetchall(),
    duckdb.sql("select count(*) from articles where page_kind is null").fetchall()[0][0],
)
"""
_ARROW = """
one = one.sort_by("fetched_at").column("headline").to_pylist()
latest = latest if isinstance(latest, pa.Table) else latest.to_table(["article_id", "headline"])
latest = zip(latest.column("article_id").to_pylist(), latest.column("headline").to_pylist(), strict=True)
days = zip(a_day.column("published_date").to_pylist(), a_day.column("count_all").to_pylist(), strict=True)
report(articles.count_rows(), latest, one, days, articles.count_rows(filter=ds.field("page_kind").is_null()))
"""
_ASKED = {
    "duckdb": _RELATION,
    "duckdb_iceberg": _RELATION,
    "newsbeam": _ARROW,
    "pyarrow": _ARROW,
    "pandas": """
pairs = latest[["article_id", "headline"]].itertuples(index=False)
report(
    len(articles), pairs, one.sort_values("fetched_at")["headline"].to_list(), a_day.to_dict().items(),
    int(articles["page_kind"].isna().sum()),
)
""",
    "polars": """
report(
    articles.select(pl.len()).collect().item(), latest.select("article_id", "headline").collect().rows(),
    one.collect()["headline"].to_list(), a_day.collect().rows(),
    articles.filter(pl.col("page_kind").is_null()).select(pl.len()).collect().item(),
)
""",
    "pyspark": """
report(
    articles.count(), latest.select("article_id", "headline").collect(),
    [row.headline for row in one.collect()], a_day.collect(),
    articles.where("page_kind is null").count(),
)
spark.stop()
""",
    "datasets": """
pairs = zip(latest["article_id"], latest["headline"], strict=True)
report(articles.num_rows, pairs, one["headline"], a_day.items(), articles["page_kind"][:].count(None))
""",
    "pyiceberg": """
without_kind = articles.scan(row_filter="page_kind is null").to_arrow().num_rows
report(articles.scan().count(), [], one.sort_by("fetched_at").column("headline").to_pylist(), [], without_kind)
""",
}
_REPORT = """
import json
import pyarrow as pa

def report(rows, latest, one, a_day, without_kind):
    days = {str(day): count for day, count in a_day}
    found = {"rows": rows, "latest": dict(map(tuple, latest)), "one": list(one), "a_day": days}
    print(json.dumps(found | {"without_kind": without_kind}))
"""


def follow(python: Path | str, reader: str, folder: Path, article_id: str, variables: Mapping[str, str]) -> Found:
    """What a reader finds in ``folder/lake``, by its recipe in an interpreter that has it."""
    code = RECIPES[reader]
    if "_iceberg" in reader:
        code = code.replace("import duckdb\n", _EXTENSIONS, 1)
    done = subprocess.run(
        [python, "-c", code.replace(ID, article_id) + _REPORT + _ASKED[reader]],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Found(article_id=article_id, **json.loads(done.stdout.splitlines()[-1]))


_EXTENSIONS = """import duckdb
from importlib.resources import files as _files

for _name in ("avro", "iceberg"):  # which the package registry has; the page installs them from DuckDB's server
    _file = f"extensions/v{duckdb.__version__}/{_name}.duckdb_extension"
    duckdb.load_extension(str(_files(f"duckdb_extension_{_name}") / _file))
"""
