"""Files that other programs write into the data home: dbt's results and logs, DuckDB's log and spill, Airflow's, GX's.

Of several trusts on one installation the Airflow of all is searched too, which lies beside their homes.

Nothing that is erased should stand there. After an erasure every one of them is searched all the same: what its tool
writes anew is removed, anything else is named for a person to look at.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick

from wordround import trusts
from wordround.settings import Settings

# A shorter id, or a text of fewer words ("Communication", "Nothing at all"), stands in many files by chance.
SHORTEST, FEWEST_WORDS = 12, 4

# These are Wordround's own: they are rewritten, sealed or hashed, and other modules take erased comments out of them.
_OWN = (
    "landing", "quarantine", "published", "reports", "keys", "vault", "erasure", "records", "inbox", "lake",
    "warehouse.duckdb", "warehouse.duckdb.wal",
)  # fmt: skip
# What a tool writes anew by itself.
_WRITTEN_ANEW = ("dbt", "quality", "spill", "airflow/logs")
_OF_DUCKDB = ".wal"
_CHUNK = 1 << 20


def search(settings: Settings, ids: Iterable[str], texts: Iterable[str] = ()) -> tuple[int, list[str]]:
    """Remove files of tools that hold what was erased; return how many, and problems of files that stay.

    ids, texts: they stay in memory. Short ones are not sought.
    """
    sought, longest = _sought([*ids, *(text for text in texts if len(text.split()) >= FEWEST_WORDS)])
    removed, left = 0, list[str]()
    for path in _files(settings) if longest else ():
        try:
            if not _holds(path, sought, longest):
                continue
            if _is_written_anew(settings, path):
                path.unlink()
                removed += 1
                continue
            why = "is of another program, which still may write it"
        except OSError as error:
            why = f"cannot be searched or removed ({error.strerror})"
        left.append(
            f"{_shown(settings, path)}: holds what was erased, or may hold it, and {why}. Look at it, and remove it by "
            "hand."
        )
    return removed, left


def _files(settings: Settings) -> Iterator[Path]:
    """Yield the files of tools. No link is followed: what it leads to is not below the home."""
    drop_folders = {settings.shared / getattr(block, "drop_folder", "inbox") for _, block in settings.sources}
    homes = [home for home in _homes(settings) if home.is_dir()]
    own = [path for home in homes for path in sorted(home.iterdir()) if path.name not in _OWN]
    for path in [*own, *_of_all(settings)]:
        for each in sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]:
            if each.is_file() and not each.is_symlink() and drop_folders.isdisjoint(each.parents):
                yield each


def _homes(settings: Settings) -> tuple[Path, ...]:
    """Return the data home and the folder that it shares with others, where there is one."""
    return tuple(dict.fromkeys((settings.home, settings.shared)))


def _of_all(settings: Settings) -> list[Path]:
    """Return the folder of the Airflow of several trusts, where there is one."""
    return [trusts.airflow_home()] if settings.environment.trust is not None else []


def _is_written_anew(settings: Settings, path: Path) -> bool:
    places = [home / folder for home in _homes(settings) for folder in _WRITTEN_ANEW]
    places += [folder / "logs" for folder in _of_all(settings)]
    return path.suffix == _OF_DUCKDB or any(path.is_relative_to(place) for place in places)


def _holds(path: Path, sought: ahocorasick.Automaton, longest: int) -> bool:
    """Whether a file holds one of the words; a compressed one is unpacked a piece at a time."""
    rest = b""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                piece = rest + chunk
                # The automaton knows characters only: each stands for a byte.
                if next(sought.iter(piece.decode("latin-1")), None):
                    return True
                rest = piece[-longest:]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(0, "damaged") from error
    return False


def _sought(wanted: Iterable[str]) -> tuple[ahocorasick.Automaton, int]:
    """Return what finds any of the words, and the length of the longest shape; 0 where there is none."""
    sought, longest = ahocorasick.Automaton(), 0
    for shape in (shape for one in wanted if len(one) >= SHORTEST for shape in _shapes(one)):
        sought.add_word(shape.decode("latin-1"), True)
        longest = max(longest, len(shape))
    sought.make_automaton()
    return sought, longest


def _shapes(one: str) -> set[bytes]:
    """Return how a word may stand in a file: as it is, in JSON, and as Windows writes it."""
    return {one.encode("utf-8", "replace"), json.dumps(one)[1:-1].encode(), one.encode("utf-16-le", "replace")}


def _shown(settings: Settings, path: Path) -> str:
    """Return the place of a file; tools name none of theirs after a person."""
    places = (*(folder.parent for folder in _of_all(settings)), *_homes(settings))
    return next(path.relative_to(place) for place in places if path.is_relative_to(place)).as_posix()
