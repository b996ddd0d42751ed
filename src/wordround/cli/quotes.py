"""The verbs of `wordround quotes`: social media posts in other words, written by one person and approved by another.

A post's text is shown on a terminal alone, never in a pipe, a file, a log or a JSON object.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import click
import typer

from wordround.cli.output import Json, show_plainly, step
from wordround.errors import CommentNotForQuoting, RewriteUnusable

if TYPE_CHECKING:
    from wordround.quotes.rewriting import Candidates
    from wordround.settings import Settings

CommentId = Annotated[str, typer.Argument(help="The id of a comment, as `wordround quotes list` gives it.")]
By = Annotated[str, typer.Option("--by", help="Your role or initials, no name or address.")]


app = typer.Typer(name="quotes", no_args_is_help=True, help="Social media posts in other words, for the weekly report.")


@app.command("list")
def list_(
    text: Annotated[bool, typer.Option("--text", help="Show post and rewrite too, on a terminal only.")] = False,
    as_json: Json = False,
) -> None:
    """List the posts of the report's week that may be put into other words, and where to look each up."""
    step(lambda settings: _list(settings, text, as_json), as_json, _show_list)


@app.command()
def rewrite(comment_id: CommentId, by: By, as_json: Json = False) -> None:
    """Check and store a rewrite, from standard input or an editor."""
    from wordround.outcomes import stored
    from wordround.quotes import rewriting

    step(lambda settings: stored(rewriting.write(settings, comment_id, _typed(), by)), as_json, show_plainly)


@app.command()
def approve(comment_id: CommentId, by: By, as_json: Json = False) -> None:
    """Approve a rewrite that somebody else wrote."""
    from wordround.outcomes import stored
    from wordround.quotes import rewriting

    step(lambda settings: stored(rewriting.approve(settings, comment_id, by)), as_json, show_plainly)


@app.command()
def withdraw(comment_id: CommentId, as_json: Json = False) -> None:
    """Remove a rewrite, approved or not."""
    from wordround.outcomes import stored
    from wordround.quotes import rewriting

    step(lambda settings: stored(rewriting.withdraw(settings, comment_id)), as_json, show_plainly)


def _list(settings: "Settings", with_text: bool, as_json: bool) -> "Candidates":
    from wordround.quotes import rewriting

    if with_text and (as_json or not sys.stdout.isatty()):
        raise CommentNotForQuoting("--text: posts are shown on a terminal only, never in a file, a pipe or JSON.")
    outcome = rewriting.candidates(settings)
    if with_text:
        for comment_id, (post, reworded) in rewriting.texts(settings).items():
            click.echo(f"{comment_id}\n  post:    {post}\n  rewrite: {reworded or 'none yet'}\n")
    return outcome


def _show_list(outcome: "Candidates") -> None:
    if not outcome.candidates:
        click.echo(f"No post of week {outcome.week} may be put into other words.")
        return
    for candidate in outcome.candidates:
        click.echo("  ".join((candidate.comment_id, candidate.source_code, candidate.service_id, candidate.state)))
    click.echo(f"Look a post up in {outcome.where}, or here with --text.")


def _typed() -> str:
    """The rewrite: what comes through a pipe, or what was written in the person's editor."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    written = click.edit("", extension=".txt")
    if written is None:
        raise RewriteUnusable("The editor was closed without saving, so nothing was stored.")
    return written
