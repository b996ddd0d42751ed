"""Whether others may read what holds text, keys or ids, or replace anything.

Findings are counts by folder and never name a file: the name of what lies in the drop folder can be a person's. Closing
takes rights away and gives none, but for the published files that a setting opens to a group.
"""

import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from wordround.access import open_to_readers
from wordround.connectors.files.settings import sources_of_tables
from wordround.doctor.finding import Finding, attention, missing, ok
from wordround.settings import Settings

_OWNER, _GROUP_TOO, _GROUP_PASSES = 0o700, 0o770, 0o710
_CLOSE = "wordround doctor --fix-modes"


def modes(settings: Settings) -> Iterator[Finding]:
    """Look at everything below the data home, at the way to it, and at the settings file."""
    yield from _way(settings)
    homes = _homes(settings)
    if not homes:
        yield ok("modes", str(settings.home), "there is no data yet")
        return
    opened: dict[str, list[int]] = defaultdict(list)
    count = 0
    for path, mode in chain.from_iterable(map(_walk, homes)):
        count += 1
        if excess := mode & 0o777 & ~_allowed(settings, path):
            opened[_folder(settings, path)].append(excess)
    is_closed = not any(stat.S_IMODE(home.stat().st_mode) & 0o007 for home in homes)
    for folder, excesses in sorted(opened.items()):
        yield _of_folder(folder, excesses, is_closed and folder in map(str, _inboxes(settings)))
    if not opened:
        yield ok("modes", str(settings.home), f"{count:,} files and folders are closed to others")


def close(settings: Settings) -> int:
    """Take away the rights that others have too many; return of how many files and folders."""
    changed = 0
    for path, mode in chain.from_iterable(map(_walk, _homes(settings))):
        allowed = _allowed(settings, path)
        if mode & 0o777 & ~allowed and _is_ours(path):
            path.chmod(mode & (allowed | stat.S_ISGID | stat.S_ISVTX))
            changed += 1
    if settings.published.is_dir():
        changed += open_to_readers(settings, settings.published)
    return changed


def _homes(settings: Settings) -> list[Path]:
    """Return the data home and the folder that it shares with others, where there is one; those that are there."""
    return [home for home in dict.fromkeys((settings.home, settings.shared)) if home.is_dir()]


def _way(settings: Settings) -> Iterator[Finding]:
    for folder in dict.fromkeys((*settings.home.parents, *settings.shared.parents)):
        mode = folder.stat().st_mode if folder.is_dir() else 0
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            says = "everybody may write here, and so put another folder in the place of the data home"
            yield missing("modes", str(folder), says, f"chmod o-w {folder}, or move WORDROUND_HOME")
    config = settings.environment.config
    if config.stat().st_mode & stat.S_IWOTH:
        says = "everybody may change the settings, the governance among them"
        yield missing("modes", config.name, says, f"chmod o-w {config}")


def _walk(home: Path) -> Iterator[tuple[Path, int]]:
    """Every file and folder with its mode, the home first; links are left out, and what vanishes meanwhile."""
    yield home, stat.S_IMODE(home.stat().st_mode)
    for folder, _, files in os.walk(home):
        for path in (Path(folder) if Path(folder) != home else None, *(Path(folder) / name for name in files)):
            try:
                state = path.lstat() if path else None
            except FileNotFoundError:
                continue
            if path and state and not stat.S_ISLNK(state.st_mode):
                yield path, stat.S_IMODE(state.st_mode)


def _allowed(settings: Settings, path: Path) -> int:
    is_shared = settings.access.published == "group"
    if path == settings.home:
        return _GROUP_PASSES if is_shared else _OWNER
    if path.is_relative_to(settings.published):
        return 0o750 if is_shared else _OWNER
    # Whoever exports the files puts them there: a group of the trust's choice.
    return _GROUP_TOO if any(path.is_relative_to(inbox) for inbox in _inboxes(settings)) else _OWNER


def _inboxes(settings: Settings) -> set[Path]:
    """The folders right below the home that drop folders belong to."""
    blocks = sources_of_tables(settings.sources).values()
    return {settings.shared / block.drop_folder.parts[0] for block in blocks}


def _folder(settings: Settings, path: Path) -> str:
    """The folder right below the home that a path belongs to; a file right below it stands for itself."""
    home = settings.home if path.is_relative_to(settings.home) else settings.shared
    return str(home / path.relative_to(home).parts[0]) if path != home else str(path)


def _of_folder(folder: str, excesses: list[int], is_shielded: bool) -> Finding:
    number = f"{len(excesses):,} here" if len(excesses) > 1 else "it"
    who = "others" if any(excess & 0o007 for excess in excesses) else "the group"
    what = "write" if any(excess & 0o022 for excess in excesses) else "read"
    says = f"{who} may {what}: {number}"
    if is_shielded:
        says += ", as soon as the data home is opened, moved or restored elsewhere"
        return attention("modes", folder, says, _CLOSE)
    return missing("modes", folder, says, _CLOSE)


def _is_ours(path: Path) -> bool:
    return os.geteuid() in (0, path.lstat().st_uid)
