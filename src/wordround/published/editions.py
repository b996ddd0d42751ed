"""The editions of the public product that were made: what each says of itself, and whether it is as it was made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypedDict

from wordround.settings import Settings
from wordround.storage import sha256

DATABASE = "wordround_public.duckdb"


class EditionManifest(TypedDict):
    """What an edition says of itself, as far as anybody here reads it.

    `months`: by trust, which it shows; `sha256`: of its database; `published_at`: an ISO time.
    """

    published_at: str
    months: Mapping[str, list[str]]
    sha256: Mapping[str, str]


class Edition(NamedTuple):
    """One edition that was made: its number, from 1 without a gap, and its folder."""

    number: int
    folder: Path

    @property
    def manifest(self) -> EditionManifest:
        """What the edition says of itself."""
        read: EditionManifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return read

    @property
    def is_as_made(self) -> bool:
        """Whether nobody has written to its database since."""
        return bool(self.manifest["sha256"] == {DATABASE: sha256(self.folder / DATABASE)})


def all_editions(settings: Settings) -> list[Edition]:
    """Return every edition, oldest first."""
    folders = sorted((settings.published / "public" / "editions").glob("[0-9]*-*"))
    return [Edition(int(folder.name.split("-")[0]), folder) for folder in folders]


def latest_edition(settings: Settings) -> Edition | None:
    """Return the edition that the public reads; None before there is one."""
    made = all_editions(settings)
    return made[-1] if made else None
