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


@app.command()
def public(
    month: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="A month, such as 2026-10.")] = None,
    quarter: Annotated[int | None, typer.Option(min=1, max=4, help="A quarter, 1 to 4, of --year.")] = None,
    year: Annotated[int | None, typer.Option(min=2013, help="The year of --quarter.")] = None,
    quarterly: Annotated[bool, typer.Option(help="The latest quarter that is whole, instead of a month.")] = False,
    as_json: Json = False,
) -> None:
    """Write the report for the public, of the latest closed month without options: small numbers hidden, no quotes."""
    if (quarter is None) != (year is None) or (month and (quarter or quarterly)):
        raise typer.BadParameter("give --month, or --quarter with --year, or --quarterly, or none of them")
    period = f"{year}-Q{quarter}" if quarter else f"{month:%Y-%m}" if month else None
    step(
        lambda settings: pipeline.public_report(settings, period, is_quarter=quarterly or quarter is not None),
        as_json,
        show_plainly,
    )
