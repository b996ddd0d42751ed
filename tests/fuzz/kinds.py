"""What is read of what others made: of each kind its real files, how they are changed, and how they are read.

A kind is made once in a process, in a folder of its own, from sample data and what Wordround itself writes. `change`
returns a content by chance, the same for the same chance; `read` gives it to the public surface that reads such files
and returns in a word what came of it. A WordroundError is what it may raise.
"""

import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import ClassVar, NamedTuple

from tests.fuzz.mutating import bytewise
from wordround.settings import Settings, load_settings

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "sample_data"
# It stands where comments stand: no message may hold it.
CANARY = "zanzibarine"
_LONGEST = 3_000_000


class Content(NamedTuple):
    """The bytes of one file, and its name, whose ending says what it is."""

    name: str
    written: bytes


class Kind(ABC):
    """One kind of what others made."""

    name: ClassVar[str]
    # How long one may take to be read, beyond which it counts as a hang.
    seconds: ClassVar[float] = 10
    # What the message of a refusal may say of a content: names of columns and keys, values of the trust's own files.
    may_tell: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.environ["WORDROUND_HOME"] = str(folder / "home")
        os.environ["WORDROUND_CONFIG"] = str(PROJECT / "wordround.toml")
        self.seeds: list[Content] = self.prepare()

    @abstractmethod
    def prepare(self) -> list[Content]:
        """Return the real files."""

    def ways(self, seed: Content) -> list[Callable[[Random, bytes], bytes]]:
        """Return how a file of this kind is changed."""
        return [bytewise]

    @abstractmethod
    def read(self, content: Content) -> str:
        """Read a content as Wordround reads it; return what came of it in a word."""

    def change(self, chance: Random) -> Content:
        """Return one of the files with something changed, of a length at which ten seconds are too long."""
        seed, other = chance.choice(self.seeds), chance.choice(self.seeds)
        way = chance.choice(self.ways(seed))
        made = bytewise(chance, seed.written, other.written) if way is bytewise else way(chance, seed.written)
        return Content(seed.name, made[: max(_LONGEST, len(seed.written))])

    def settings(self) -> Settings:
        """Return the project's own settings over a home of this kind."""
        return load_settings()

    def put(self, content: Content) -> Path:
        """Write a content where it can be read as a file."""
        path = self.folder / content.name
        path.write_bytes(content.written)
        return path


def of_file(path: Path, most_lines: int | None = None) -> Content:
    """Return a file, of a text its first lines alone."""
    written = path.read_bytes()
    if most_lines:
        written = b"".join(written.splitlines(keepends=True)[:most_lines])
    return Content(path.name, written)


def as_json(value: object) -> bytes:
    """Return what a JSON file holds."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode(errors="replace")


def in_memory(write: Callable[[io.BytesIO], object]) -> bytes:
    """Return what is written to a file."""
    made = io.BytesIO()
    write(made)
    return made.getvalue()
