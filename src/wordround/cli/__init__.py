"""The command line: every step of a DAG is a verb, so that everything can be run and debugged without Airflow.

Results go to stdout (`--json`: one object and nothing else), progress and errors to stderr. An error that a user can
put right is one paragraph without a traceback, and exit code 1.
"""

import json
import logging
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from wordround import __version__, pipeline
from wordround.cli import deidentify as cli_deidentify
from wordround.cli import erasing as cli_erasing
from wordround.cli import ingest as cli_ingest
from wordround.cli import quotes as cli_quotes
from wordround.cli import relevance as cli_relevance
from wordround.cli.output import Json, errors_for_people, out, show_plainly, show_rows, step
from wordround.settings import Settings

app = typer.Typer(
    name="wordround",
    help="Patient comments and social posts as a routine feedback channel for an NHS trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure a model against labels given by people.")
app.add_typer(cli_ingest.app, name="ingest")
app.add_typer(evaluate_app, name="evaluate")
services_app = typer.Typer(no_args_is_help=True, help="The registry of services.")
app.add_typer(services_app, name="services")
app.add_typer(cli_erasing.keys_app, name="keys")
app.command()(cli_erasing.erase)
app.command()(cli_erasing.honour_deletions)


class GateName(StrEnum):
    """The two gates: before dbt may read, and before analysts may."""

    loaded = "loaded"
    publishable = "publishable"


class Half(StrEnum):
    """Which rows of a labelled file are measured."""

    all = "all"
    tuned = "tuned"
    held_out = "held_out"


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(__version__, highlight=False)
        raise typer.Exit


@app.callback()
def main(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more about what is happening.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Set up what every verb shares."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(message)s")
    logging.getLogger("wordround").setLevel(logging.DEBUG if verbose else logging.INFO)


@app.command()
def load(as_json: Json = False) -> None:
    """Load what was landed and is not yet loaded."""
    step(pipeline.load, as_json, show_rows)


@app.command()
def understand(as_json: Json = False) -> None:
    """Score sentiment, themes, relevance, named services and copies of texts not seen before."""
    step(pipeline.understand, as_json, show_plainly)


@app.command()
def gate(
    name: GateName,
    accept_fewer_rows: Annotated[
        bool, typer.Option(help="Let a publication pass that holds far fewer comments than the last: after an erasure.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check a gate: `loaded` (before dbt may read) or `publishable` (before analysts may)."""
    step(lambda settings: pipeline.gate(settings, name.value, accept_fewer_rows), as_json, show_plainly)


@app.command()
def build(
    full_refresh: Annotated[bool, typer.Option(help="Build the whole history again instead of what is new.")] = False,
    as_json: Json = False,
) -> None:
    """Build and test the marts with dbt."""
    step(lambda settings: pipeline.build(settings, full_refresh=full_refresh), as_json, show_plainly)


@app.command()
def publish(as_json: Json = False) -> None:
    """Put a finished copy of the marts where analysts read it."""
    step(pipeline.publish, as_json, show_plainly)


@services_app.command("sync")
def sync_services(as_json: Json = False) -> None:
    """Ask the NHS directory (ODS) what became of the organisations of services.csv: trends outlive mergers."""
    step(pipeline.sync_organisations, as_json, show_plainly)


@app.command()
def run(as_json: Json = False) -> None:
    """Run the whole daily chain without Airflow: ingest, understand, gate, build, gate, publish, alerts."""
    step(pipeline.run, as_json, show_plainly)


@app.command()
def alerts(as_json: Json = False) -> None:
    """Tell the quality leads which trends have changed since they were last told."""
    step(pipeline.watch_trends, as_json, show_plainly)


@app.command()
def report(
    send: Annotated[bool, typer.Option(help="Send it too; a person should have read it.")] = False,
    as_json: Json = False,
) -> None:
    """Write the weekly report from the published warehouse."""
    step(lambda settings: pipeline.report(settings, send=send), as_json, show_plainly)


@evaluate_app.command("themes")
def evaluate_themes(
    labels: Annotated[Path, typer.Option(help="A labelled file.")],
    half: Annotated[Half, typer.Option(help="The rows that the cues were tuned on, or those held out.")] = Half.all,
    as_json: Json = False,
) -> None:
    """Measure the theme codebook: precision, recall and F1 of each theme, with 95 % intervals."""
    _evaluate("themes", labels, as_json, half=half.value)


@evaluate_app.command("sentiment")
def evaluate_sentiment(labels: Annotated[Path, typer.Option(help="A labelled file.")], as_json: Json = False) -> None:
    """Measure the sentiment labels: precision, recall and F1 of each, and the bias of the share of negatives."""
    _evaluate("sentiment", labels, as_json)


@evaluate_app.command("copies")
def evaluate_copies(
    write: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/models/copies.md.")] = None,
    as_json: Json = False,
) -> None:
    """Measure how copied text is found, on generated comments: pairs and comments, 95 % intervals, and the gates."""
    from wordround.evaluate import copies as evaluating_copies
    from wordround.evaluate import copies_page

    def work(_: Settings) -> dict[str, Any]:
        outcome = evaluating_copies.evaluate()
        if write:
            copies_page.write(write, outcome)
        return outcome

    step(work, as_json, lambda outcome: out.print(evaluating_copies.as_table(outcome)))


def _evaluate(task: str, labels: Path, as_json: bool, **options: Any) -> None:
    from wordround.evaluate import labels as evaluating

    step(
        lambda _: evaluating.evaluate(task, labels, **options),
        as_json,
        lambda outcome: out.print(evaluating.as_table(outcome)),
    )


@app.command()
def demo(as_json: Json = False) -> None:
    """Run the main job on synthetic comments through a real Airflow, from files to the report."""
    from wordround import demo as demonstration

    step(
        demonstration.run, as_json, lambda outcome: out.print(demonstration.tell(outcome), markup=False, soft_wrap=True)
    )


@app.command()
def up(as_json: Json = False) -> None:
    """Start Airflow on this machine, on loopback only."""
    from wordround.local_airflow import up as airflow_local

    step(airflow_local.up, as_json, show_plainly)


@app.command()
def down(as_json: Json = False) -> None:
    """Stop Airflow and everything that it started."""
    from wordround.local_airflow import up as airflow_local

    step(airflow_local.down, as_json, show_plainly)


@app.command()
def doctor(
    fix_modes: Annotated[bool, typer.Option(help="Close what is open to others, first.")] = False,
    as_json: Json = False,
) -> None:
    """Examine this installation: modes, keys, settings, governance, freshness, disk, versions. Exit code 1: missing."""
    from wordround import doctor as examination

    with errors_for_people(as_json):
        outcome = examination.examine(fix_modes=fix_modes)
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False))  # noqa: T201
    else:
        out.print(examination.as_table(outcome))
        out.print(f"{outcome['missing']} missing, {outcome['attention']} need attention, {outcome['ok']} ok.")
    if outcome["missing"]:
        raise typer.Exit(1)


@app.command()
def dictionary(
    check: Annotated[bool, typer.Option(help="Fail when the pages are stale instead of writing them.")] = False,
) -> None:
    """Write docs/data_dictionary.md and docs/lineage.md from the dbt project."""
    from wordround.build import dictionary as pages

    step(lambda settings: pages.write(settings, check=check), False, show_plainly)


app.add_typer(cli_quotes.commands(step, show_plainly), name="quotes")
cli_deidentify.add_commands(app, evaluate_app)
cli_relevance.add_commands(evaluate_app)
