"""What the guide for analysts tells them to run, on the demo's figures: every query, every script, the notebook."""

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from wordround.folders import PROJECT

GUIDE = (PROJECT / "docs" / "analysts.md").read_text(encoding="utf-8")
QUERIES, SCRIPTS = (re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL) for kind in ("sql", "python"))


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_every_query_finds_something(demo, number):
    _, home, _ = demo
    with duckdb.connect(str(home / "published" / "wordround.duckdb"), read_only=True) as connection:
        found = connection.sql(QUERIES[number])
        assert found.fetchall(), found.columns


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_every_script_runs_beside_the_published_files(demo, number):
    _, home, _ = demo
    done = subprocess.run(
        [sys.executable, "-c", SCRIPTS[number]], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Kestrel Ward" in done.stdout


def test_the_notebook_runs_and_shows_no_comment(demo, tmp_path: Path):
    _, home, _ = demo
    page = tmp_path / "notebook.html"
    environment = {**os.environ, "WORDROUND_HOME": str(home), "HOME": str(tmp_path)}
    marimo = [str(Path(sys.executable).with_name("marimo")), "-q", "export", "html"]
    done = subprocess.run(
        [*marimo, str(PROJECT / "docs" / "notebook.py"), "-o", str(page)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    shown = page.read_text(encoding="utf-8")
    assert "Kestrel Ward" in shown and "Themes of the last quarter" in shown
    with duckdb.connect(str(home / "published" / "wordround.duckdb"), read_only=True) as connection:
        long = "select comment_text from marts.fct_comments where length(comment_text) > 40"
        texts = [text for (text,) in connection.sql(long).fetchall()]
    assert texts and not [text for text in texts if text in shown]
