"""The verbs around an installation: the demo, a local Airflow, and what the doctor finds."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from wordround.cli.output import Json, done, errors_for_people, out, show_plainly, step

app = typer.Typer()


class Queue(StrEnum):
    """Whose tasks a worker does."""

    default = "default"
    warehouse = "warehouse"


@app.command()
def demo(as_json: Json = False) -> None:
    """Run the main job on synthetic comments through a real Airflow, from files to the report."""
    from wordround.demo import choose_surroundings, run, tell

    choose_surroundings()
    step(run, as_json, lambda outcome: out.print(tell(outcome), markup=False, soft_wrap=True))


@app.command()
def up(as_json: Json = False) -> None:
    """Start Airflow on this machine, on loopback only; of several trusts, one for all."""
    from wordround.local_airflow import bundles, stack
    from wordround.settings import load_settings

    done(lambda: stack.up(bundles.several() or load_settings()), as_json, show_plainly)


@app.command()
def down(as_json: Json = False) -> None:
    """Stop Airflow and everything that it started."""
    from wordround.local_airflow import bundles, stack
    from wordround.settings import load_settings

    done(lambda: stack.down(bundles.several() or load_settings()), as_json, show_plainly)


@app.command()
def worker(
    queue: Annotated[Queue, typer.Option(help="The queue whose tasks it does.")] = Queue.default,
    at_once: Annotated[int | None, typer.Option(min=1, help="How many tasks it does at once.")] = None,
    as_json: Json = False,
) -> None:
    """Do tasks of an Airflow that runs elsewhere, where [engine] executor is "celery", until told to end."""
    from wordround.local_airflow import workers
    from wordround.settings import load_settings

    done(lambda: workers.become(load_settings(), queue.value, at_once), as_json, show_plainly)


@app.command()
def doctor(
    fix_modes: Annotated[bool, typer.Option(help="Close what is open to others, first.")] = False,
    as_json: Json = False,
) -> None:
    """Examine this installation: modes, keys, settings, governance, freshness, disk, versions. Exit code 1: missing."""
    from wordround.doctor import as_table, examine

    with errors_for_people(as_json):
        outcome = examine(fix_modes=fix_modes)
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False))  # noqa: T201
    else:
        out.print(as_table(outcome))
        out.print(f"{outcome['missing']} missing, {outcome['attention']} need attention, {outcome['ok']} ok.")
    if outcome["missing"]:
        raise typer.Exit(1)
