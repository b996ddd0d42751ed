"""The verbs of `wordround conversation`: live hours, hashtags and campaigns, declared and collected."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from wordround.cli.output import Json, out, show_plainly, step

if TYPE_CHECKING:
    from wordround.conversations.listing import Listed

Name = Annotated[str, typer.Argument(help="The name of a conversation, such as maternity_hour.")]
By = Annotated[
    str | None, typer.Option("--by", help="Your role or initials, no name; without it your login on this machine.")
]

app = typer.Typer(
    name="conversation", no_args_is_help=True, help="Conversations: live hours, hashtags and campaigns as events."
)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the conversations that are declared, and what is wrong with a declaration."""
    from wordround.conversations import listing

    step(lambda settings: listing.listed(settings, datetime.now(UTC)), as_json, _show_list)


@app.command()
def declare(
    name: Name,
    tag: Annotated[list[str], typer.Option("--tag", help="A hashtag of it, written with capitals: MaternityHour.")],
    begins: Annotated[str, typer.Option(help="When it begins, in UK time: 2026-11-12T20:00, or a day.")],
    ends: Annotated[str, typer.Option(help="When it ends, in UK time; a day alone is meant whole.")],
    label: Annotated[str | None, typer.Option(help="What people call it; without it, its name in words.")] = None,
    host: Annotated[
        list[str] | None, typer.Option("--host", help="Who hosts it: an organisation_label or the id of a service.")
    ] = None,
    baseline_days: Annotated[
        int | None, typer.Option(min=7, max=56, help="Days before it, whose same hours are the usual; 14 without it.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Where it is looked for; else every social source by hashtag.")
    ] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Declare a conversation, so that it is collected and measured."""
    from wordround.alerts.people import somebody
    from wordround.conversations import declaring

    step(
        lambda settings: declaring.declare(
            settings, name, somebody(by).name, tags=tag, begins=begins, ends=ends, label=label, hosts=host or (),
            baseline_days=baseline_days, sources=source or (),
        ),
        as_json,
        _show_logged,
    )  # fmt: skip


@app.command()
def withdraw(name: Name, by: By = None, as_json: Json = False) -> None:
    """Withdraw a conversation that was declared so; what was collected stays."""
    from wordround.alerts.people import somebody
    from wordround.conversations import declaring

    step(lambda settings: declaring.withdraw(settings, name, somebody(by).name), as_json, _show_logged)


@app.command()
def dismiss(
    tag: Annotated[str, typer.Argument(help="A hashtag whose traffic rose and that is no conversation.")],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Say of a tag that was proposed that it is no conversation."""
    from wordround.alerts.people import somebody
    from wordround.conversations import declaring

    step(lambda settings: declaring.dismiss(settings, tag, somebody(by).name), as_json, _show_logged)


@app.command()
def collect(
    name: Name,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; without it, its first baseline day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; without it, the day on which it ends.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask every source that can be asked by hashtag for what it has not yet answered of a conversation."""
    from wordround import pipeline

    days = (since and since.date(), until and until.date())
    if days[0] and days[1] and days[0] > days[1]:
        raise typer.BadParameter("--since is later than --until")
    step(lambda settings: pipeline.collect_conversation(settings, name, *days), as_json, _show_collected)


def _show_logged(outcome: Any) -> None:
    out.print(f"{outcome.about}: {outcome.done}, by {outcome.by}", markup=False, highlight=False)


def _show_list(outcome: "Listed") -> None:
    table = Table()
    for column in ("name", "what", "state", "hashtags", "begins (UTC)", "ends (UTC)", "hosts", "declared"):
        table.add_column(column, overflow="fold")
    for one in outcome.conversations:
        moments = (f"{moment:%Y-%m-%d %H:%M}" for moment in (one.begins_at, one.ends_at))
        tags, hosts = " ".join(f"#{tag}" for tag in one.tags), "; ".join(one.hosts)
        where = "in the settings" if one.by is None else f"by {one.by}"
        cells = (one.conversation_id, one.label, one.state, tags, *moments, hosts, where)
        table.add_row(*(cell.replace("[", "\\[") for cell in cells))
    out.print(table if outcome.conversations else "No conversation is declared.")
    for name in outcome.overruled:
        out.print(f"{name}: people declared it too, and the settings hold.", markup=False, highlight=False)
    for rising in outcome.proposed:
        rose = f"{rising.post_count:,} posts on {rising.posted_date}, {rising.times_usual:.1f} times the usual"
        out.print(f"#{rising.tag} rose: {rose}. Declare it, or dismiss it.", markup=False, highlight=False)
    if outcome.dismissed:
        tags = " ".join(f"#{tag}" for tag in outcome.dismissed)
        out.print(f"No conversations, people say: {tags}", markup=False, highlight=False)


def _show_collected(outcome: dict[str, Any]) -> None:
    days = f"{outcome['since']} to {outcome['until']}"
    table = Table(title=f"{outcome['conversation_id']}, {days}", title_justify="left")
    for column in ("source", "posts now", "requests", "hours answered", "listings whole", "why not whole"):
        table.add_column(column, overflow="fold")
    for source, one in outcome["sources"].items():
        hours = f"{one['hours_answered']:,} of {one['hours']:,}"
        listings = f"{one['listings_whole']} of {one['listings']}"
        why = ", ".join(one["why_not_whole"])
        table.add_row(source, f"{one['rows']:,}", f"{one['requests']:,}", hours, listings, why)
    out.print(table)
    out.print(outcome["caution"], markup=False, highlight=False, soft_wrap=True)
    for source, one in outcome["sources"].items():
        out.print(f"{source} shows {one['search_shows']}.", markup=False, highlight=False, soft_wrap=True)
        for reason, count in one["not_kept"].items():
            out.print(f"{source}: not kept, {reason.replace('_', ' ')}: {count:,}", highlight=False)
    for source, why in outcome["not_asked"].items():
        out.print(f"{source} was not asked: {why}", markup=False, highlight=False, soft_wrap=True)
    for note in outcome["notes"]:
        out.print(note, markup=False, highlight=False, soft_wrap=True)
    show_plainly({"rows": outcome["rows"]})
