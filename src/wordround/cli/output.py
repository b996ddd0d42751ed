"""What every verb of the command line shares: one result on stdout, progress and errors on stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from wordround.errors import WordroundError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from wordround.settings import Settings

Outcome = TypeVar("Outcome", bound="dict[str, Any] | BaseModel")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else.")]
# Piped output has no width of its own; tables of figures need more than 80 columns.
out, err = Console(width=None if sys.stdout.isatty() else 140), Console(stderr=True)


@contextmanager
def errors_for_people(as_json: bool = False) -> Iterator[None]:
    """Print an error that a user can put right, and exit with 1."""
    try:
        yield
    except WordroundError as error:
        if as_json:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))  # noqa: T201
        else:
            err.print(f"[bold red]{type(error).__name__}[/]", highlight=False)
            err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error


def step(work: "Callable[[Settings], Outcome]", as_json: bool, show: Callable[[Outcome], None]) -> None:
    """Do one step of a trust's own and print what came of it."""
    from wordround.settings import load_settings

    done(lambda: work(load_settings()), as_json, show)


def done(work: Callable[[], Outcome], as_json: bool, show: Callable[[Outcome], None]) -> None:
    """Do what needs no settings, and print what came of it."""
    with errors_for_people(as_json):
        outcome = work()
    parts = outcome if isinstance(outcome, dict) else outcome.model_dump(by_alias=True)
    if as_json:
        print(json.dumps(parts, ensure_ascii=False, default=str))  # noqa: T201
    else:
        show(outcome)
    if parts.get("refused"):
        # The rest was done and is said; what was not done must not look like success.
        err.print("\n".join(parts["refused"]), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def show_plainly(outcome: Mapping[str, Any], indent: str = "") -> None:
    """Print an outcome, one line a part; counts that belong together on one line, and nothing for what is empty."""
    for name, value in outcome.items():
        label = f"{indent}{name.replace('_', ' ')}:"
        if isinstance(value, Mapping) and value and not _are_counts(value):
            out.print(label, markup=False, highlight=False)
            show_plainly(value, f"{indent}  ")
        elif value not in (None, "", (), [], {}):
            out.print(label, _in_words(value), markup=False, highlight=False, soft_wrap=True)


def _are_counts(value: Mapping[str, Any]) -> bool:
    return all(isinstance(each, int) and not isinstance(each, bool) for each in value.values())


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{count:,} {name}" for name, count in value.items() if count) or "none"
    if isinstance(value, list | tuple):
        return "; ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def show_rows(outcome: dict[str, Any]) -> None:
    """Print an account of rows."""
    rows = outcome["rows"]
    for warning in outcome.get("warnings", ()):
        out.print(warning, style="bold", markup=False, highlight=False, soft_wrap=True)
    out.print("What became of every row (a row is one answer):")
    table = Table()
    table.add_column("outcome")
    table.add_column("rows", justify="right")
    for name, count in rows.items():
        if name != "in":
            table.add_row(name.replace("_", " "), f"{count:,}")
    table.add_section()
    table.add_row("in", f"{rows['in']:,}")
    out.print(table)
    parts = " + ".join(f"{count:,}" for name, count in rows.items() if name != "in")
    out.print(f"{parts} = {rows['in']:,}", highlight=False)
    for reason, count in outcome.get("quarantine", {}).items():
        out.print(f"quarantined, {reason.replace('_', ' ')}: {count:,}", highlight=False)
    if outcome.get("quarantine_file"):
        out.print(f"See, with what to do: {outcome['quarantine_file']}", highlight=False, soft_wrap=True)
    for note, count in outcome.get("notes", {}).items():
        out.print(f"note, {note.replace('_', ' ')}: {count:,}", highlight=False)
