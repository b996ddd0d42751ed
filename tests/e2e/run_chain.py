"""Runs the DAGs on the files in a data home, gives commands as people do, and prints all that comes of it.

Arguments: a folder for copies of the data home, in which a gate is made to fail, and the folder of builds that are
replayed (tests/fixtures/replayed.py). On stdin, as JSON, what no argument may hold (dbt writes its caller's command
line into its results): `secret`, a text for the row that stops the gates; `posts` of people with accounts, as [native
id, author id, text]; `naming`, a rewrite of one that names somebody; `author` whose posts are erased; `lines` for
`wordround deidentify`. What is logged goes to stderr at the lowest level, from every library.
"""

import json
import logging
import os
import shutil
import sys
import threading
import traceback
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tests.dags.run_dags import answer, run
from tests.fixtures.forum import land, post
from tests.fixtures.replayed import replayed
from wordround import pipeline
from wordround.comments import Comment
from wordround.erasing import key_rotation as rotating
from wordround.errors import WordroundError
from wordround.local_airflow.launch import prepare_database
from wordround.settings import PROJECT, Settings, load_settings

GOOD_REWRITE = "A visitor was pleased about how somebody was looked after."


def main() -> None:
    (copies, builds), given = map(Path, sys.argv[1:]), json.load(sys.stdin)
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    prepare_database()
    from airflow.dag_processing.dagbag import DagBag

    dags = DagBag(str(PROJECT / "dags")).dags
    add_posts(given["posts"])
    tell("ingest_daily", run(dags["ingest_daily"], logical_date=None))
    # What dbt itself leaves behind is looked for where the chain went all the way.
    with replayed(builds):
        stop_at(load_settings(), copies / "loaded", "raw.comments", "text", given["secret"], dags["build_marts"])
    tell("build_marts", run(dags["build_marts"], logical_date=None))
    stop_at(load_settings(), copies / "publishable", "marts.fct_comments", "comment_text", given["secret"])
    tell("watch_trends", run(dags["watch_trends"], logical_date=None))
    put_into_other_words(given["secret"], given["naming"])
    threading.Thread(target=answer, args=("Approve",), daemon=True).start()
    tell("report_weekly", run(dags["report_weekly"], logical_date=None))
    call("deidentify", typed=given["lines"])
    copy(load_settings(), copies / "before_erasing")
    call("erase", "--author", "-", "--source", "fft", "--yes", "--json", typed=given["author"])
    # The nightly run builds and publishes for both.
    tell("rotate", rotating.rotate(load_settings()).model_dump())
    tell("honour_deletions_daily", run(dags["honour_deletions_daily"], logical_date=None))


def add_posts(posts: list[tuple[str, str, str]]) -> None:
    """Let the source bring posts with authors too, under the terms of a social one; its model knows no other source."""
    collect = pipeline.collect

    def collect_posts_first(at: Settings, source: str, logical_date: date) -> dict:
        land(at, as_comments(posts), on=logical_date, source=source)
        return collect(at, source, logical_date)

    pipeline.collect = collect_posts_first


def as_comments(posts: list[tuple[str, str, str]]) -> list[Comment]:
    """Posts about a ward, of last week."""
    last_week = date.today() - timedelta(days=date.today().weekday() + 4)
    return [
        post(number, author, last_week, text)._replace(
            native_id=native_id, locations=("Fernvale Hospital", "Kestrel Ward")
        )
        for number, (native_id, author, text) in enumerate(posts)
    ]


def put_into_other_words(*refused: str) -> None:
    """Try rewrites that may not be shown, then one that may."""
    found = json.loads(call("quotes", "list", "--json"))["candidates"]
    for rewrite in (*refused, GOOD_REWRITE):
        call("quotes", "rewrite", found[0]["comment_id"], "--by", "AB", typed=rewrite)
    call("quotes", "approve", found[0]["comment_id"], "--by", "CD")


def call(*arguments: str, typed: str = "") -> str:
    """Give a command as a person would; print what it says and return it."""
    from typer.testing import CliRunner

    from wordround.cli import app

    result = CliRunner().invoke(app, list(arguments), input=typed)
    print("command", *arguments[:2], "ended with", result.exit_code)
    print(result.stdout, result.stderr)
    if result.exception and not isinstance(result.exception, SystemExit):
        traceback.print_exception(*result.exc_info)
    return result.stdout


def tell(name: str, outcome: dict) -> None:
    print(name, json.dumps(outcome, default=str))


def copy(of: Settings, to: Path) -> Settings:
    shutil.copytree(of.home, to, symlinks=True, ignore=shutil.ignore_patterns("inbox"))
    return of.model_copy(update={"environment": of.environment.model_copy(update={"home": to})})


def stop_at(of: Settings, to: Path, table: str, column: str, secret: str, dag=None) -> None:
    """Break a row of a copy of the home behind the door's back, and print what the gate says about it.

    dag: runs on the copy too.
    """
    of_copy = copy(of, to)
    with duckdb.connect(str(of_copy.warehouse_file)) as warehouse:
        broken = warehouse.execute(f"select min(comment_id) from {table} where {column} is not null").fetchone()[0]
        values = f"{column} = ?" + ("" if table == "raw.comments" else ", is_withheld = true, updated_at = now()")
        warehouse.execute(f"update {table} set {values} where comment_id = ?", [secret, broken])
    if dag:
        os.environ["WORDROUND_HOME"] = str(to)
        tell(f"{dag.dag_id} on a broken copy", run(dag, logical_date=None))
        os.environ["WORDROUND_HOME"] = str(of.home)
    try:
        pipeline.gate(of_copy, to.name)
    except WordroundError as error:
        print("stopped", to.name, json.dumps({"row": broken, "said": str(error)}))
        traceback.print_exc()


if __name__ == "__main__":
    main()
