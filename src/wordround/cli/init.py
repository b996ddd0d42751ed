"""`wordround init`: lays a trust's own folder, with what a trust changes and nothing else."""

import json
import os
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer

from wordround.cli.output import Json, errors_for_people, out
from wordround.errors import FolderInUse
from wordround.folders import CODE_FRAMES, OWN_CODE_FRAMES, SETTINGS_FILE

_LAID = {
    SETTINGS_FILE: SETTINGS_FILE,
    "services.csv": "services.csv",
    "organisation_accounts.csv": "organisation_accounts.csv",
    ".env.example": "env.example",
    "README.md": "README.md",
}
_GITIGNORE = "data/\n.env\n"
_NEXT = (
    "Next, in that folder: answer wordround.toml, put your services into services.csv; `wordround doctor` says what is "
    "left. README.md says the rest."
)

app = typer.Typer()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The trust's own folder; it is made where it is not there.")],
    as_json: Json = False,
) -> None:
    """Lay a trust's own folder: settings, services, code frames. Overwrites nothing."""
    with errors_for_people(as_json):
        outcome = lay(folder)
    if as_json:
        print(json.dumps(outcome))  # noqa: T201
        return
    out.print(f"Laid in {folder}: {', '.join(outcome['files'])}.", highlight=False, soft_wrap=True)
    out.print(_NEXT, markup=False, highlight=False, soft_wrap=True)


def lay(folder: Path) -> dict[str, Any]:
    """Write the files. Returns {folder, files}. Raises FolderInUse where one of them is there, with nothing written."""
    brought = resources.files("wordround.cli") / "own_folder"
    contents = {name: (brought / source).read_bytes() for name, source in _LAID.items()}
    contents |= {name: (CODE_FRAMES / name).read_bytes() for name in OWN_CODE_FRAMES}
    contents |= {".gitignore": _GITIGNORE.encode()}
    if taken := [name for name in contents if os.path.lexists(folder / name)]:
        raise FolderInUse(
            f"{folder}: {', '.join(taken)} {'is' if len(taken) == 1 else 'are'} there already. Nothing was written: "
            "name another folder, or move what is there."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with (folder / name).open("xb") as file:
                file.write(content)
    except OSError as error:
        raise FolderInUse(f"{folder}: cannot be written ({error.strerror}). Name another folder.") from error
    return {"folder": str(folder), "files": list(contents)}
