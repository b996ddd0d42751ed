"""The verbs of `wordround alerts`: who is told of trends, and what people do about them.

Without a verb it is the step `watch`. What is typed is read as a comment is: names are taken out before it is kept.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from wordround.cli.output import Json, out, show_plainly, step

if TYPE_CHECKING:
    from wordround.alerts.actions import Acted
    from wordround.alerts.listing import Listed, Shown
    from wordround.settings import Settings

AlertId = Annotated[str, typer.Argument(help="The id of an alert, or its first letters.", metavar="ALERT")]
By = Annotated[
    str | None, typer.Option("--by", help="Your role or initials, no name; without it your login on this machine.")
]
Expect = Annotated[
    int | None, typer.Option("--expect", min=0, help="The version that you saw; refused where somebody acted since.")
]

app = typer.Typer(name="alerts", help="Trend alerts: who is told of them, and what people do about them.")


class ChangeMade(StrEnum):
    """What came of looking into an alert."""

    no_change = "no_change"
    planned = "planned"
    made = "made"


@app.callback(invoke_without_command=True)
def alerts(context: typer.Context, as_json: Json = False) -> None:
    """Do the step `watch`, where no verb is given."""
    if context.invoked_subcommand is None:
        watch(as_json)


@app.command()
def watch(as_json: Json = False) -> None:
    """Tell the quality leads which trends have changed since they were last told."""
    from wordround import pipeline

    step(pipeline.watch_trends, as_json, show_plainly)


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over and dealt with.")] = False,
    as_json: Json = False,
) -> None:
    """List alerts, how far each is dealt with, and who could not be told."""
    from wordround.alerts import listing

    step(lambda settings: listing.listed(settings, every), as_json, _show_list)


@app.command()
def show(alert_id: AlertId, as_json: Json = False) -> None:
    """Show one alert: its figures, what was done about it, and what became of that."""
    from wordround.alerts import listing

    step(lambda settings: listing.shown(settings, alert_id), as_json, _show_one)


@app.command()
def ack(alert_id: AlertId, by: By = None, expect: Expect = None, as_json: Json = False) -> None:
    """Say that an alert was seen."""
    from wordround.alerts import actions

    _act(lambda settings: actions.acknowledge(settings, alert_id, actions.somebody(by), expect), as_json)


@app.command()
def assign(
    alert_id: AlertId,
    to: Annotated[str, typer.Option("--to", help="Who is to look into it: a role or initials, no name.")],
    by: By = None,
    expect: Expect = None,
    as_json: Json = False,
) -> None:
    """Give an alert to somebody."""
    from wordround.alerts import actions

    _act(lambda settings: actions.assign(settings, alert_id, actions.somebody(by), to, expect), as_json)


@app.command()
def note(
    alert_id: AlertId,
    words: Annotated[str, typer.Argument(help="The note; names are taken out of it.")],
    by: By = None,
    expect: Expect = None,
    as_json: Json = False,
) -> None:
    """Add a note to an alert."""
    from wordround.alerts import actions

    _act(lambda settings: actions.note(settings, alert_id, actions.somebody(by), words, expect), as_json)


@app.command()
def close(
    alert_id: AlertId,
    did: Annotated[str, typer.Option("--did", help="What was done, in words; names are taken out of them.")],
    outcome: Annotated[ChangeMade, typer.Option(help="Whether something was changed, will be, or not.")],
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of the change; without it today.")
    ] = None,
    by: By = None,
    expect: Expect = None,
    as_json: Json = False,
) -> None:
    """Say what was done about an alert; twelve weeks later the figures say what became of it."""
    from wordround.alerts import actions

    day = None if on is None else on.date()
    _act(
        lambda settings: actions.close(settings, alert_id, actions.somebody(by), did, outcome.value, day, expect),
        as_json,
    )


@app.command()
def rebase(
    alert_id: AlertId,
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="A day of the first week of the new usual.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in words; names are taken out of them.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take that back.")] = False,
    by: By = None,
    expect: Expect = None,
    as_json: Json = False,
) -> None:
    """Say that the chart of an alert starts anew in a week, and why."""
    from wordround.alerts import actions

    _act(
        lambda settings: actions.rebase(
            settings, alert_id, actions.somebody(by), first.date(), reason, withdraw, expect
        ),
        as_json,
    )


@app.command()
def redact(
    alert_id: AlertId,
    version: Annotated[int, typer.Option(min=1, help="The version whose words go, as `show` gives it.")],
    as_json: Json = False,
) -> None:
    """Delete what was typed with an action, where it names somebody after all; who acted and when stays."""
    from wordround.alerts import actions

    step(lambda settings: {"deleted": actions.redact(settings, alert_id, version)}, as_json, show_plainly)


def _act(act: "Callable[[Settings], Acted]", as_json: bool) -> None:
    step(act, as_json, _show_acted)


def _show_acted(outcome: "Acted") -> None:
    out.print(f"{outcome.done}, by {outcome.by}; version {outcome.version} of {outcome.alert_id}", markup=False)
    if outcome.taken_out:
        kinds = ", ".join(f"{count} {kind}" for kind, count in outcome.taken_out.items())
        out.print(f"Taken out of what you typed, before it was kept: {kinds}.", markup=False, highlight=False)


def _show_list(outcome: "Listed") -> None:
    table = Table()
    for column in ("alert", "opened", "what", "rule", "people", "assigned to", "what was done, and what came of it"):
        table.add_column(column, overflow="fold")
    for one in outcome.alerts:
        rule = f"{one.tier}, {one.status}"
        cells = (one.alert_id[:8], one.opened, one.what, rule, one.state, one.assigned_to or "", one.answer or "")
        table.add_row(*(cell.replace("[", "\\[") for cell in cells))
    out.print(table if outcome.alerts else "No alert is open or waits for somebody.")
    for line in outcome.untold:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _show_one(outcome: "Shown") -> None:
    for line in (
        outcome.alert.what,
        outcome.figures,
        f"By the rule: {outcome.alert.tier}, {outcome.alert.status}",
        *outcome.history,
    ):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if outcome.alert.answer:
        out.print(f"What came of it: {outcome.alert.answer}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Version {outcome.version} of {outcome.alert.alert_id}", markup=False, highlight=False)
