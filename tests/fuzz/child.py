"""The process that reads changed files of one kind, one after the other, for its parent (campaign.py).

It is given kind, seed, the number of the first file, how many seconds it goes on and a folder. The n-th file of a
seed is the same in every process. It says on standard output, a line of JSON each: that it is ready, which file it now
reads, what came of it, and a fault where one was found. The file that it reads lies in its folder `now`.
"""

import json
import logging
import os
import random
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.fuzz.every_kind import KINDS, OF_THE_TESTS
from tests.fuzz.kinds import CANARY, Content, Kind
from tests.fuzz.mutating import smaller
from wordround.errors import WordroundError

# The folder in which the file lies that is read.
NOW = "now"
# And that in which the smallest files lie that show a fault.
FOUND = "found"
_SMALL_ENOUGH_SECONDS = 20


def main() -> None:
    """Read files until the time is over."""
    name, seed, number, seconds, folder = (
        sys.argv[1],
        sys.argv[2],
        int(sys.argv[3]),
        float(sys.argv[4]),
        Path(sys.argv[5]),
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said = os.fdopen(os.dup(1), "w", buffering=1)
    _quiet()
    now = folder / NOW
    now.mkdir()
    kind = (KINDS | OF_THE_TESTS)[name](folder)
    for seed_file in kind.seeds:
        # What is made once a process, or once a machine, is made now.
        _read(kind, seed_file)
    _say(said, ready=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        chance = random.Random(f"{name} {seed} {number}")
        content = kind.change(chance)
        _put(now, content)
        _say(said, begins=number)
        begun = time.monotonic()
        came_of_it, fault, told = _read(kind, content)
        took = time.monotonic() - begun
        if fault:
            _say(said, seconds=took)
            # Of its own: the next file is read before the parent has looked.
            (folder / FOUND).mkdir(exist_ok=True)
            kept = folder / FOUND / f"{number} {content.name}"
            kept.write_bytes(_smallest(kind, content, fault))
        _say(said, outcome=came_of_it, fault=fault, told=told, name=f"{number} {content.name}", took=took)
        number += 1


def _put(now: Path, content: Content) -> None:
    for path in now.iterdir():
        path.unlink()
    (now / content.name).write_bytes(content.written)


def _read(kind: Kind, content: Content) -> tuple[str, str, str]:
    """Return what came of a content; the fault that it shows, where it does; and what was said."""
    try:
        return kind.read(content), "", ""
    except WordroundError as error:
        return type(error).__name__, _told_too_much(kind, error), str(error)[:400]
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return "crash", _place_of(error), "".join(traceback.format_exception(error))[-3_000:]
    except BaseException as error:  # noqa: BLE001 - panics of libraries are no Exception
        return "crash", _place_of(error), repr(error)[:400]


def _told_too_much(kind: Kind, error: WordroundError) -> str:
    said = str(error)
    try:
        said.encode()
    except UnicodeEncodeError:
        return f"{type(error).__name__} cannot be printed"
    if CANARY in said and not kind.may_tell:
        return f"{type(error).__name__} tells what stands in the file"
    if "\0" in said or "\x1b" in said:
        return f"{type(error).__name__} holds control characters of the file"
    return "" if said.strip() else f"{type(error).__name__} says nothing"


def _place_of(error: BaseException) -> str:
    """Return where an error comes from: its type, and the innermost line of Wordround."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/src/wordround/" in frame.filename]
    last = (own or frames)[-1]
    message = f" {error}" if isinstance(error, AssertionError) else ""
    return (
        f"{type(error).__name__}{message[:80]} at {last.filename.rpartition('/src/')[2] or last.filename}:{last.lineno}"
    )


def _smallest(kind: Kind, content: Content, fault: str) -> bytes:
    """Return as little of a content as still shows its fault."""
    until = time.monotonic() + _SMALL_ENOUGH_SECONDS

    def still(written: bytes) -> bool:
        return time.monotonic() < until and _read(kind, content._replace(written=written))[1] == fault

    return smaller(content.written, still)


def _quiet() -> None:
    """What is read may be shown to nobody here: the parent hears this process alone."""
    logging.disable(logging.CRITICAL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _say(to: Any, **said: object) -> None:
    to.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
