"""`wordround ingest`: one verb a source, made from the connectors there are once one of them is asked for."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from wordround.cli.output import Json, errors_for_people, out, show_plainly, show_rows, step
from wordround.connectors.files.pointed import ROLES, parse


class OfSources(TyperGroup):
    """The verbs of all sources. What a source is takes as long to import as all of the command line besides."""

    @property
    def commands(self) -> dict[str, Any]:
        """The verb of each source, by its name."""
        return dict(_verbs())

    @commands.setter
    def commands(self, _: Mapping[str, Any]) -> None:
        """None are known before one is asked for."""


app = typer.Typer(
    name="ingest",
    no_args_is_help=True,
    help="Read, de-identify, land and load comments from one source.",
    cls=OfSources,
)

On = Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day the run stands for.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day to ask about, whatever was answered before.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day to ask about; without it, the day of the run.")
]


_ROLES = ", ".join(ROLES)


def _files(verbs: typer.Typer, source: str, about: str) -> None:
    @verbs.command(source, help=f"Take in {about} and account for every row.")
    def ingest(
        file: Annotated[Path | None, typer.Option(help="One file; without it, the drop folder.")] = None,
        older: Annotated[
            bool, typer.Option("--older", help="Take the file also where a later one has corrected its rows.")
        ] = False,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only say what would become of the file; nothing of it is kept.")
        ] = False,
        called: Annotated[
            str | None, typer.Option(help="What the file is called, where its path does not say so.")
        ] = None,
        columns: Annotated[
            bool,
            typer.Option("--columns", help="Only say what stands in each column, in kinds and counts."),
        ] = False,
        column: Annotated[
            list[str] | None, typer.Option(help=f"What a column is, by its letter, such as date=C: {_ROLES}.")
        ] = None,
        best: Annotated[int | None, typer.Option(help="With --column: the number that is the best score.")] = None,
        layout: Annotated[str | None, typer.Option(help="With --column: what this column map is called.")] = None,
        sheet: Annotated[
            int | None,
            typer.Option(min=1, help="Which sheet of a workbook, counted from 1, in place of the one that fits."),
        ] = None,
        on: On = None,
        as_json: Json = False,
    ) -> None:
        from wordround import pipeline

        if file is None and (older or dry_run or called or columns or column or best is not None or layout or sheet):
            raise typer.BadParameter("--older, --dry-run, --called, --columns, --column and --sheet need --file")
        if columns and (older or dry_run or column or best is not None or layout or on):
            raise typer.BadParameter(
                "--columns only says what stands in each column: it goes with --file, --called and --sheet, and with "
                "no other option"
            )
        if columns and file is not None:
            step(lambda settings: pipeline.columns(settings, source, file, called, sheet), as_json, _show_columns)
            return
        with errors_for_people(as_json):
            pointed = parse(column or (), best, layout)
        if dry_run and file is not None:
            step(
                lambda settings: pipeline.look(settings, source, _day(on), file, called, pointed, sheet),
                as_json,
                show_plainly,
            )
            return
        step(
            lambda settings: pipeline.ingest(
                settings, source, _day(on), file, older=older, called=called, pointed=pointed, sheet=sheet
            ),
            as_json,
            show_rows,
        )


def _asked(verbs: typer.Typer, source: str, about: str) -> None:
    @verbs.command(source, help=f"Ask for {about}.")
    def ingest(
        since: Since = None,
        until: Until = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only say what would be asked and what it could cost.")
        ] = False,
        on: On = None,
        as_json: Json = False,
    ) -> None:
        from wordround import pipeline

        day = _day(on)
        if until and not since:
            raise typer.BadParameter("--until needs --since")
        days = (since.date(), until.date() if until else day) if since else None
        if days and days[0] > days[1]:
            raise typer.BadParameter("--since is later than --until")
        if dry_run:
            step(lambda settings: pipeline.plan(settings, source, day, days), as_json, _show_plan)
        else:
            step(lambda settings: pipeline.ingest(settings, source, day, days=days), as_json, _show_asked)


def _show_columns(outcome: dict[str, Any]) -> None:
    of_sheet = f", sheet {outcome['sheet']}" if outcome["sheet"] else ""
    title = f"What stands in {outcome['rows_looked_at']:,} rows of {outcome['file']}{of_sheet}"
    table = Table(title=title, title_justify="left")
    for name in ("column", "name", "holds", "filled", "read as"):
        table.add_column(name, overflow="fold")
    for each in outcome["columns"]:
        table.add_row(
            each["column"], each["name"] or "", each["holds"], f"{each['filled']:,}", each["read_as"] or "nothing"
        )
    out.print(table)
    if others := [str(each["number"]) for each in outcome["sheets"] if each["number"] != outcome["sheet"]]:
        out.print(f"Other sheets hold something too: {', '.join(others)}. Look at one with --sheet.")


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


@cache
def _verbs() -> Mapping[str, Any]:
    from wordround.connectors import registry

    verbs = typer.Typer()
    for name, terms in registry.terms().items():
        (_asked if registry.is_asked(name) else _files)(verbs, name, terms.reads)
    made = typer.main.get_command(verbs)
    assert isinstance(made, TyperGroup)  # noqa: S101 - for the type checker
    return made.commands


def _show_plan(outcome: dict[str, Any]) -> None:
    table = Table(title=f"What {outcome['source']} would be asked", title_justify="left")
    for column in ("query", "asks for", "from", "until (UTC)", "first requests"):
        table.add_column(column, overflow="fold")
    for query in outcome["queries"]:
        for number, window in enumerate(query["windows"]):
            first = "" if number else "\n".join(query["first_requests"])
            about = ("", "") if number else (query["query_id"], query["asks"])
            table.add_row(*about, window["since"][:16], window["until"][:16], first)
    out.print(table)
    cost = outcome["cost"]
    if cost == "free":
        out.print("It costs nothing but the source's own limits.")
    else:
        price = " and ".join(
            f"{cost[name]:g} {cost['unit']} {name.replace('_', ' ')}"
            for name in ("per_item", "per_request")
            if cost[name]
        )
        out.print(
            f"It costs {price}. Spent today: {outcome['spent_today']:g}. At most today: {outcome['at_most_today']:g}."
        )
    for problem in (*outcome["credentials"], *outcome["governance"]):
        out.print(f"before it can be asked: {problem}", markup=False, highlight=False, soft_wrap=True)


def _show_asked(outcome: dict[str, Any]) -> None:
    notes = outcome.pop("notes", [])
    show_rows(outcome)
    table = Table(title="What was asked", title_justify="left")
    for column in ("query", "listing", "from", "until (UTC)", "whole from", "why not whole"):
        table.add_column(column, overflow="fold")
    for column in ("rows", "requests", "waited"):
        table.add_column(column)
    for query_id, account in outcome["queries"].items():
        # Rows and requests are those of the whole query: they stand once.
        numbers = [f"{account['rows']:,}", f"{account['requests']:,}", f"{account['waited_seconds']:.0f} s"]
        for number, reach in enumerate(account["windows"]):
            moments = (reach[name] and reach[name][:16] for name in ("asked_from", "asked_until", "answered_from"))
            why = reach["error"] or reach["cut"] or ""
            table.add_row(
                "" if number else query_id,
                reach["listing"],
                *(one or "-" for one in moments),
                why,
                *([] if number else numbers),
            )
    out.print(table)
    for query_id, account in outcome["queries"].items():
        for reason, count in account["refused"].items():
            out.print(f"{query_id}: not kept, {reason.replace('_', ' ')}: {count:,}", highlight=False)
    for note in notes:
        out.print(note, markup=False, highlight=False, soft_wrap=True)
