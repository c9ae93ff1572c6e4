"""The recipe for vectors of meaning in docs/recipes.md, with the model in an environment of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.own_environment import own_environment
from tests.readers.conftest import TOOLS
from tests.readers.lakes import ROOT
from tests.readers.test_stories_across_languages import ELSEWHERE, FERRY, NEEDED
from tests.test_export_articles import add_run
from tests.test_recipes import article

PAGE = (ROOT / "docs/recipes.md").read_text()
[CODE] = re.findall(r"^<!-- recipe vectors -->\n```python\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.mark.readers
@pytest.mark.timeout(300)
def test_a_report_in_another_language_is_nearest(tmp_path: Path) -> None:
    try:
        programs = own_environment(NEEDED, TOOLS / "across")
    except subprocess.CalledProcessError:
        pytest.skip(f"the packages of {NEEDED.name} cannot be had here")
    [packages] = programs.parent.glob("lib/python3*/site-packages")
    stories = [*FERRY.items(), ("en", ELSEWHERE), ("en", ("Quay closes for a week", "The council said so.", "It may."))]
    articles = [
        article(number, 9 - number, in_language=language, headline=headline, article_body="\n".join(body))
        for number, (language, (headline, *body)) in enumerate(stories)
    ]
    add_run(tmp_path / "lake", 0, articles)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{packages}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    printed = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert (printed[0][0], printed[0][2]) == ("1.0", FERRY["en"][0])
    assert printed[1][2] == FERRY["it"][0], "the same event in another language is nearer than the like in one's own"
    assert printed[-1][2] == "Quay closes for a week"
    table = pq.read_table(tmp_path / "vectors.parquet")
    assert table.column("article_id").to_pylist() == [one.article_id for one in articles]
    lengths = np.linalg.norm(np.array(table.column("vector").to_pylist()), axis=1)
    assert np.allclose(lengths, 1)
