"""The steps of the daily chain that concern all sources, one verb each, and the whole chain as `run`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from wordround.cli.output import Json, show_plainly, show_rows, step

app = typer.Typer()


class GateName(StrEnum):
    """The two gates: before dbt may read, and before analysts may."""

    loaded = "loaded"
    publishable = "publishable"


@app.command()
def load(as_json: Json = False) -> None:
    """Load what was landed and is not yet loaded."""
    from wordround import pipeline

    step(pipeline.load, as_json, show_rows)


@app.command()
def understand(as_json: Json = False) -> None:
    """Score sentiment, themes, relevance, named services and copies of texts not seen before."""
    from wordround import pipeline

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
    from wordround import pipeline

    step(lambda settings: pipeline.gate(settings, name.value, accept_fewer_rows), as_json, show_plainly)


@app.command()
def build(
    full_refresh: Annotated[bool, typer.Option(help="Build the whole history again instead of what is new.")] = False,
    as_json: Json = False,
) -> None:
    """Build and test the marts with dbt."""
    from wordround import pipeline

    step(lambda settings: pipeline.build(settings, full_refresh=full_refresh), as_json, show_plainly)


@app.command()
def publish(as_json: Json = False) -> None:
    """Put a finished copy of the marts where analysts read it."""
    from wordround import pipeline

    step(pipeline.publish, as_json, show_plainly)


@app.command()
def edition(as_json: Json = False) -> None:
    """Make the next edition of the public figures, where a month has closed that the latest lacks."""
    from wordround import pipeline

    step(pipeline.edition, as_json, show_plainly)


@app.command()
def run(as_json: Json = False) -> None:
    """Run the whole daily chain without Airflow: ingest, understand, gate, build, gate, publish, alerts, edition."""
    from wordround import pipeline

    step(pipeline.run, as_json, show_plainly)


@app.command()
def backfill(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; it is collected too.")],
    source: Annotated[str | None, typer.Argument(help="One source; without it, every enabled one.")] = None,
    as_json: Json = False,
) -> None:
    """Collect days that were missed as their daily runs would have: in this home's Airflow if it runs, else here."""
    from wordround import pipeline

    days = (first.date(), last.date())
    if days[0] > days[1]:
        raise typer.BadParameter("--from is later than --to")
    if days[1] > pipeline.logical_day(datetime.now(UTC)):
        raise typer.BadParameter("--to is a day to come")
    step(lambda settings: pipeline.backfill(settings, *days, source), as_json, show_plainly)
