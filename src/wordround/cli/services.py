"""The verbs of `wordround services`."""

import typer

from wordround.cli.output import Json, show_plainly, step

app = typer.Typer(name="services", no_args_is_help=True, help="The registry of services.")


@app.command("sync")
def sync(as_json: Json = False) -> None:
    """Ask the NHS directory (ODS) what became of the organisations of services.csv: trends outlive mergers."""
    from wordround import pipeline

    step(pipeline.sync_organisations, as_json, show_plainly)
