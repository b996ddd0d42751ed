"""`wordround chart`: control charts, funnels and decisions on any series of anybody."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from wordround.cli.output import Json, err, errors_for_people, out

if TYPE_CHECKING:
    from wordround.spc.charting import Charted

app = typer.Typer()

_DECIMALS = 4


@app.command()
def chart(
    series: Annotated[Path, typer.Argument(help="A table: facet, date, value (or numerator and denominator).")],
    options: Annotated[Path | None, typer.Option(help="A JSON file: the chart and its options.")] = None,
    png: Annotated[Path | None, typer.Option(help="Draw it into this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Draw it into this page, with the figures as a table.")] = None,
    as_json: Json = False,
) -> None:
    """Chart any series, judge its points, or decide on it by the rule of the alerts."""
    with errors_for_people(as_json):
        from wordround.spc.charting import chart as charted_of
        from wordround.spc.options import read_options

        charted = charted_of(series, read_options(options))
        if png or html:
            from wordround.reports.series_charts import write

            write(charted, series.stem, png, html)
    if as_json:
        print(json.dumps(charted.as_json(), ensure_ascii=False, allow_nan=False, default=str))  # noqa: T201
    else:
        _show(charted, [each for each in (png, html) if each])
    if charted.refused:
        # The rest was charted; what was not must not look like success.
        err.print("\n".join(charted.refused), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def _show(charted: "Charted", written: list[Path]) -> None:
    for path in written:
        out.print(f"{path} is written.", markup=False, highlight=False, soft_wrap=True)
    if written:
        return
    for rows in (charted.rows, charted.episodes):
        if rows:
            table = Table(*(name for name in rows[0]))
            for row in rows:
                table.add_row(*(_in_words(value) for value in row.values()))
            out.print(table)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:.{_DECIMALS}g}"
    return "" if value is None else str(value)
