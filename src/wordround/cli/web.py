"""The verbs of `wordround web`: keys by which programs read figures."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from wordround.cli.output import err, errors_for_people, out
from wordround.errors import KeyRefused

if TYPE_CHECKING:
    from wordround.settings import Settings

app = typer.Typer(name="web", no_args_is_help=True, help="Keys by which programs read the web page's figures.")


class KeyRole(StrEnum):
    """What a key gives."""

    reader = "reader"
    lead = "lead"
    analyst = "analyst"


Name = Annotated[str, typer.Argument(help="What reads with it, such as power-bi. No name of a person.")]


@app.command("key")
def make(
    name: Name,
    role: Annotated[KeyRole, typer.Option(help="reader: labels; lead: counts of --service too; analyst: all counts.")],
    service: Annotated[list[str] | None, typer.Option(help="The id of a service that a lead's key counts.")] = None,
) -> None:
    """Make a key and print it, this once."""
    from wordround.records import api_keys
    from wordround.settings import load_settings

    with errors_for_people():
        settings = load_settings()
        services = _published(settings, service or [])
        key = api_keys.make(settings, name, role.value, services)
    err.print("Keep it now: it is stored as a hash and cannot be shown again.", highlight=False)
    out.print(key, markup=False, highlight=False, soft_wrap=True)


@app.command("keys")
def list_keys() -> None:
    """List the keys, without what opens."""
    from wordround.published import wording
    from wordround.records import api_keys
    from wordround.settings import load_settings

    with errors_for_people():
        found = api_keys.all_keys(load_settings())
    for key in found:
        state = f"withdrawn on {wording.day(key.withdrawn_at)}" if key.withdrawn_at else "in force"
        about = f"{key.role}{f' of {wording.listed(list(key.services))}' if key.services else ''}"
        out.print(f"{key.name}: {about}, made on {wording.day(key.made_at)}, {state}", markup=False, highlight=False)
    if not found:
        out.print("No key has been made yet.")


@app.command()
def withdraw(name: Name) -> None:
    """Withdraw a key: from now on it opens nothing."""
    from wordround.records import api_keys
    from wordround.settings import load_settings

    with errors_for_people():
        api_keys.withdraw(load_settings(), name)
    out.print("Withdrawn.")


def _published(settings: "Settings", services: list[str]) -> list[str]:
    """The same ids, all of which are published. Raises KeyRefused, NothingPublished."""
    from wordround.published.reading import read_episodes

    known = {each.service_id for each in read_episodes(settings).services} if services else set()
    if unknown := [each for each in services if each not in known]:
        raise KeyRefused(f"--service: {len(unknown)} of the ids are none of a published service.")
    return services
