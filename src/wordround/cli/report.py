"""`wordround report`: the report of a week, a month or a quarter, and the monthly return of forms."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wordround.cli.output import Json, show_plainly, step

app = typer.Typer(name="report", invoke_without_command=True, help="Write the weekly report, or another one.")

Month = Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="A month, such as 2026-10.")]
Quarter = Annotated[int | None, typer.Option(min=1, max=4, help="A quarter, 1 to 4, of --year.")]
Year = Annotated[int | None, typer.Option(min=2013, help="The year of --quarter.")]
Quarterly = Annotated[bool, typer.Option(help="The latest quarter that is whole.")]


@app.callback()
def report(
    context: typer.Context,
    send: Annotated[bool, typer.Option(help="Send it too; a person should have read it.")] = False,
    month: Month = None,
    monthly: Annotated[bool, typer.Option(help="The latest month whose data have arrived.")] = False,
    quarter: Quarter = None,
    year: Year = None,
    quarterly: Quarterly = False,
    as_json: Json = False,
) -> None:
    """Write the weekly report from the published warehouse, or the one of a month or a quarter."""
    from wordround import pipeline

    if context.invoked_subcommand is not None:
        return
    from wordround.published.periods import Asked

    code = _code(month, quarter, year, monthly, quarterly)
    is_quarter, is_month = bool(quarter or quarterly), bool(month or monthly)
    asked = Asked("quarter" if is_quarter else "month", code) if is_quarter or is_month else None
    step(lambda settings: pipeline.report(settings, send=send, asked=asked), as_json, show_plainly)


def _code(month: datetime | None, quarter: int | None, year: int | None, *latest: bool) -> str | None:
    """The month or quarter that is named; None for the latest, or for none."""
    if (quarter is None) != (year is None) or sum((month is not None, quarter is not None, *latest)) > 1:
        raise typer.BadParameter(
            "give one of --month, --quarter with --year, or the latest (--quarterly), or none of them"
        )
    return f"{year}-Q{quarter}" if quarter else f"{month:%Y-%m}" if month else None


@app.command("list")
def list_them(as_json: Json = False) -> None:
    """Say of each report here what was decided about it, by whom and why, and whether it was sent."""
    from wordround import pipeline

    step(pipeline.list_reports, as_json, show_plainly)


@app.command("send")
def send_approved(
    period: Annotated[str | None, typer.Argument(help="Of this one alone: 2026-W46, 2026-10, 2026-Q3.")] = None,
    as_json: Json = False,
) -> None:
    """Send what was approved and was not sent yet, as it lies here; or what was approved of one period."""
    from wordround import pipeline

    step(lambda settings: pipeline.send_approved(settings, period), as_json, show_plainly)


@app.command()
def redact(
    report: Annotated[str, typer.Argument(help="The name of its folder, as `wordround report list` shows it.")],
    as_json: Json = False,
) -> None:
    """Delete what was typed as reasons about a report; who decided, and when, stays."""
    from wordround import pipeline

    step(lambda settings: pipeline.forget_reasons(settings, report), as_json, show_plainly)


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
    from wordround import pipeline

    step(
        lambda settings: pipeline.fft_return(settings, month.date(), eligible, is_exact=for_submission),
        as_json,
        show_plainly,
    )


@app.command()
def conversation(
    name: Annotated[str, typer.Argument(help="As the settings or the records name it.")],
    exact: Annotated[bool, typer.Option(help="Hide nothing: for the analyst's desk, not to be passed on.")] = False,
    put_out: Annotated[
        Path | None,
        typer.Option("--out", help="Put what was approved here, as .html or .pdf; nothing is written anew."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the summary of a conversation: one page to be passed on, small numbers hidden, nobody quoted."""
    from wordround import pipeline

    if put_out is not None and exact:
        raise typer.BadParameter("what hides nothing is not put out: give one of --exact and --out")
    if put_out is not None:
        step(lambda settings: pipeline.put_out_conversation(settings, name, put_out), as_json, show_plainly)
        return
    step(lambda settings: pipeline.sum_conversation(settings, name, is_exact=exact), as_json, show_plainly)


@app.command()
def public(
    month: Month = None,
    quarter: Quarter = None,
    year: Year = None,
    quarterly: Quarterly = False,
    as_json: Json = False,
) -> None:
    """Write the report for the public, of the latest closed month without options: small numbers hidden, no quotes."""
    from wordround import pipeline

    period = _code(month, quarter, year, quarterly)
    step(
        lambda settings: pipeline.public_report(settings, period, is_quarter=quarterly or quarter is not None),
        as_json,
        show_plainly,
    )
