"""Drop folders: originals that brought an erased comment are removed there, because a drop folder is no archive.

What this cannot take away is named, every time, until a person has done it: a file outside the data home, the other end
of a link, what a share keeps of a file that was removed from it.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from wordround.collect.drop_folders import beyond, drop_folders
from wordround.collect.words import public_name
from wordround.land.manifests import landed
from wordround.settings import Settings

__all__ = ["beyond", "drop_folders", "remove_erased_originals", "remove_originals"]

_BROUGHT = "brought a comment that was erased or has expired"


def remove_erased_originals(settings: Settings) -> tuple[list[str], list[str]]:
    """Remove files in drop folders that brought an erased comment; return names, and what stays where."""
    brought = {manifest.input_sha256 for manifest in landed(settings) if manifest.rows.erased}
    return remove_originals(settings, brought)


def remove_originals(settings: Settings, sha256s: set[str]) -> tuple[list[str], list[str]]:
    """Remove files in drop folders by their SHA-256; return names, and what stays where."""
    removed: list[str] = []
    left: list[str] = []
    for folder in drop_folders(settings) if sha256s else ():
        try:
            _remove_originals_of(settings, folder, sha256s, removed, left)
        except OSError as error:
            left.append(
                f"{folder}: cannot be searched for what {_BROUGHT} ({error.strerror}). Look there, and remove it by "
                "hand."
            )
    return removed, left


def _remove_originals_of(
    settings: Settings, folder: Path, sha256s: set[str], removed: list[str], left: list[str]
) -> None:
    why = beyond(settings, folder)
    is_outside = not folder.resolve().is_relative_to(settings.shared.resolve())
    for path in _with(folder, sha256s):
        shown = f"{folder / public_name(path)}: {_BROUGHT}"
        further = why or _further_names(path)
        if is_outside:
            left.append(f"{shown}, and {why}. Remove it by hand.")
            continue
        try:
            path.unlink()
        except OSError as error:
            left.append(f"{shown} and cannot be removed ({error.strerror}). Remove it by hand.")
            continue
        removed.append(public_name(path))
        if further:
            left.append(f"{shown} and was removed, but {further}. Remove the rest by hand.")


def _with(folder: Path, sha256s: set[str]) -> Iterator[Path]:
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found in sha256s:
            yield path


def _further_names(path: Path) -> str | None:
    if path.is_symlink():
        return "was a link: what it leads to stays"
    return "has another name on the same disk (a hard link), which stays" if path.stat().st_nlink > 1 else None
