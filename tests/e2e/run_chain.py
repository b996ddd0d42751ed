"""Runs the whole chain on the files in a data home and prints all that the steps return, log and raise.

Argument: a folder for copies of the data home, in which a gate is made to fail. On stdin: what to put into the row that
stops it (not an argument: dbt writes its caller's command line into its results). What is logged goes to stderr at the
lowest level, from every library.
"""

import json
import logging
import shutil
import sys
import traceback
from datetime import date
from pathlib import Path

import duckdb

from wordround import pipeline
from wordround.errors import WordroundError
from wordround.settings import Settings, load_settings


def main() -> None:
    copies, secret = Path(sys.argv[1]), sys.stdin.read()
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    settings = load_settings()
    tell(pipeline.ingest, settings, "fft", date.today())
    tell(pipeline.understand, settings)
    stop_at(settings, copies / "loaded", "raw.comments", "text", secret)
    tell(pipeline.gate, settings, "loaded")
    tell(pipeline.build, settings)
    stop_at(settings, copies / "publishable", "marts.fct_comments", "comment_text", secret)
    tell(pipeline.gate, settings, "publishable")
    tell(pipeline.publish, settings)
    tell(pipeline.watch_trends, settings)
    rendered = tell(pipeline.render_report, settings)
    tell(pipeline.send_report, settings, Path(rendered["folder"]))


def tell(step, *arguments):
    outcome = step(*arguments)
    print(step.__name__, json.dumps(outcome, default=str))
    return outcome


def stop_at(settings: Settings, copy: Path, table: str, column: str, secret: str) -> None:
    """Break a row of a copy of the home behind the door's back, and print what the gate says about it."""
    shutil.copytree(settings.home, copy, symlinks=True)
    of_copy = settings.model_copy(update={"environment": settings.environment.model_copy(update={"home": copy})})
    with duckdb.connect(str(of_copy.warehouse_file)) as warehouse:
        broken = warehouse.execute(f"select min(comment_id) from {table} where {column} is not null").fetchone()[0]
        values = f"{column} = ?" + ("" if table == "raw.comments" else ", is_withheld = true")
        warehouse.execute(f"update {table} set {values} where comment_id = ?", [secret, broken])
    try:
        pipeline.gate(of_copy, copy.name)
    except WordroundError as error:
        print("stopped", copy.name, json.dumps({"row": broken, "said": str(error)}))
        traceback.print_exc()


if __name__ == "__main__":
    main()
