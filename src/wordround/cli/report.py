"""`wordround report`: the weekly report, and the monthly return of the Friends and Family Test."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wordround import pipeline
from wordround.cli.output import Json, show_plainly, step

app = typer.Typer(name="report", invoke_without_command=True, help="Write the weekly report, or another one.")


@app.callback()
def report(
    context: typer.Context,
    send: Annotated[bool, typer.Option(help="Send it too; a person should have read it.")] = False,
    as_json: Json = False,
) -> None:
    """Write the weekly report from the published warehouse."""
    if context.invoked_subcommand is None:
        step(lambda settings: pipeline.report(settings, send=send), as_json, show_plainly)


@app.command("fft-return")
def fft_return(
    month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="The month, such as 2026-10.")],
    eligible: Annotated[
        Path | None, typer.Option(help="A CSV file that says how many were eligible: site, service, eligible.")
    ] = None,
    for_submission: Annotated[bool, typer.Option(help="Hide nothing: to be submitted, not published.")] = False,
    as_json: Json = False,
) -> None:
    """Write the monthly return of the Friends and Family Test: a workbook, and a page that says how it adds up."""
    step(
        lambda settings: pipeline.fft_return(settings, month.date(), eligible, is_exact=for_submission),
        as_json,
        show_plainly,
    )
