"""The verbs that take things away: erase, honour-deletions."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordround.cli.output import Json, show_plainly, step
from wordround.errors import ErasureRefused

if TYPE_CHECKING:
    from wordround.erasing import Request
    from wordround.outcomes import Stored
    from wordround.settings import Settings

app = typer.Typer()

_STDIN = " `-` reads ids from standard input, one a line, so that none stays in the shell's history."


@app.command()
def erase(
    comment: Annotated[
        str | None, typer.Option(help="A comment_id; with --source, the id that the source gave it." + _STDIN)
    ] = None,
    author: Annotated[str | None, typer.Option(help="A source's own id of an author; with --source." + _STDIN)] = None,
    source: Annotated[str | None, typer.Option(help="Everything of a source, or where a comment or author is.")] = None,
    file: Annotated[str | None, typer.Option(help="All that a file brought: its name, or its batch's id.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, however many comments go.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many comments would go.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Only finish an erasure that was cut short.")] = False,
    as_json: Json = False,
) -> None:
    """Erase comments everywhere, for good: rows and text, in every file and copy. They do not come back."""

    def confirm(count: int) -> bool:
        return yes or (sys.stdin.isatty() and typer.confirm(f"Erase {count:,} comments for good?"))

    def work(settings: "Settings") -> "Stored":
        from wordround import pipeline

        if resume:
            return pipeline.resume_erasure(settings)
        request = _request(comment, author, source, file)
        if dry_run:
            return pipeline.count_erasure(settings, request)
        return _said_where_nothing_went(request, pipeline.erase(settings, request, confirm))

    step(work, as_json, show_plainly)


def _said_where_nothing_went(request: "Request", outcome: dict[str, Any]) -> "Stored":
    """Add to an outcome that nothing had the id: a mistyped one must not look like an erasure.

    An author may be named before anything of theirs is here: later comments are dropped at the door.
    """
    if request.kind == "author" or outcome["comments"] or any(outcome["where"].values()):
        return outcome
    nothing = (
        "Nothing here has that id or name, so nothing was erased. Compare it with the file, capitals too. "
        "If it was erased before, that holds."
    )
    return outcome | {"refused": [*outcome.get("refused", []), nothing]}


@app.command()
def honour_deletions(as_json: Json = False) -> None:
    """Ask every source what was withdrawn, erase it, let expired text go, and publish what is left."""
    from wordround import pipeline

    step(pipeline.honour_deletions, as_json, show_plainly)


def _request(comment: str | None, author: str | None, source: str | None, file: str | None) -> "Request":
    from wordround.erasing import Request

    given = {"comment": comment, "author": author, "file": file}
    named = {kind: value for kind, value in given.items() if value is not None}
    if len(named) > 1 or not (named or source):
        raise ErasureRefused("Say one thing to erase: --comment, --author, --file, or --source alone.")
    for kind, value in named.items():
        values = tuple(line.strip() for line in sys.stdin if line.strip()) if value == "-" else (value,)
        if not all(values) or not values:
            raise ErasureRefused(f"--{kind} names nothing.")
        return Request(kind, source, values)  # type: ignore[arg-type]
    return Request("source", source)
