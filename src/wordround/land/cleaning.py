"""Texts as they are landed: their language told, made plain, de-identified; each distinct text once, in their order.

Other cores help with long files: they take a chunk from its front while this process reads on and, once it needs the
chunk, cleans from its end what none of them has begun. What a process does not finish, because it was killed or cannot
be started, is cleaned here.
"""

import gc
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import cached_property, partial
from typing import NamedTuple

from wordround import worker_processes
from wordround.deidentify import Deidentified, Deidentifier, Span, deidentifier
from wordround.plain_text import plain
from wordround.understand.language import language_of

log = logging.getLogger(__name__)

# New texts of a batch from which other processes are worth their start, and how many each takes at a time.
_WORTH_A_PROCESS, _PIECE = 5_000, 250
# Texts of earlier chunks that are remembered (about 30 MB), and characters of the longest: long ones come once.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 80
# Each holds the vocabulary of de-identification: about 250 MB.
_MOST_PROCESSES = 3
# Needs every list and the tagger, so that a process is warm before it is given work.
_WARMING = "Dr Zqorl saw my freind at 12 Zqorl Street, near work, on 01/02/2026"


class Cleaned(NamedTuple):
    """A text without identifiers, and the language (ISO 639-1) in which it was written."""

    deidentified: Deidentified
    language: str


# As a process gives it back: of a text that stays as it is, as nearly all do, its language says it all.
_Sent = str | tuple[str, tuple[Span, ...], bool, str]


class Cleaner:
    """Cleans the texts of one batch; `close` it, so that its processes end."""

    def __init__(self, kept: Iterable[str], deidentify: Deidentifier | None = None) -> None:
        """`kept`: names that may stay; `deidentify`: what is made of them already."""
        self._kept = tuple(kept)
        self._given = deidentify
        self._known: dict[str, Cleaned] = {}
        self._count = 0
        self._pool: Executor | None = None
        self._is_alone = False

    @cached_property
    def _deidentify(self) -> Deidentifier:
        return self._given or deidentifier(self._kept)

    def close(self) -> None:
        """End the other processes, if any were started."""
        if self._pool is not None:
            worker_processes.stop(self._pool)
            self._pool, self._is_alone = None, True

    def clean(self, texts: Sequence[str | None]) -> list[Cleaned | None]:
        """Return each text cleaned; None for None."""
        return self.begin(texts)()

    def begin(self, texts: Sequence[str | None]) -> Callable[[], list[Cleaned | None]]:
        """Let other processes begin with these texts; return what returns each cleaned, None for None."""
        distinct = list({text: None for text in texts if text is not None and text not in self._known})
        self._count += len(distinct)
        if self._count >= _WORTH_A_PROCESS:
            self.start_others()
        pieces = [distinct[start : start + _PIECE] for start in range(0, len(distinct), _PIECE)]
        return partial(self._finish, texts, [(piece, self._begun_elsewhere(piece)) for piece in pieces])

    def _finish(
        self, texts: Sequence[str | None], pieces: "list[tuple[list[str], Future[list[_Sent]] | None]]"
    ) -> list[Cleaned | None]:
        cleaned: dict[str, Cleaned] = {}
        # From the end, because the others begin at the front.
        for piece, future in reversed(pieces):
            is_elsewhere = future is not None and not future.cancel()
            found = self._of(future, piece) if future is not None and is_elsewhere else self._here(piece)
            cleaned.update(zip(piece, found, strict=True))
        all_cleaned = [None if text is None else cleaned.get(text) or self._known[text] for text in texts]
        if len(self._known) < _MOST_REMEMBERED:
            self._known |= {text: one for text, one in cleaned.items() if len(text) <= _LONGEST_REMEMBERED}
        return all_cleaned

    def _begun_elsewhere(self, piece: list[str]) -> "Future[list[_Sent]] | None":
        if self._pool is not None:
            # A process that was killed has ended the pool (BrokenProcessPool).
            with suppress(RuntimeError):
                return self._pool.submit(_clean, piece)
        return None

    def _of(self, future: "Future[list[_Sent]]", piece: list[str]) -> list[Cleaned]:
        try:
            return list(map(_received, piece, future.result()))
        except Exception:  # noqa: BLE001 - whatever became of the process, its texts are cleaned here
            return self._here(piece)

    def _here(self, texts: Iterable[str]) -> list[Cleaned]:
        return [Cleaned(self._deidentify(plain(text)), language_of(text)) for text in texts]

    def start_others(self) -> None:
        """Start the other processes where there are none yet and some are to be had."""
        count = min(_MOST_PROCESSES, len(os.sched_getaffinity(0)) - 1 if hasattr(os, "sched_getaffinity") else 1)
        if self._pool is not None or self._is_alone or count < 1 or not worker_processes.may_start():
            return
        try:
            self._pool = worker_processes.pool(count, _start, self._kept)
            # Processes start with their first work.
            self._pool.submit(_warm)
        except (OSError, ImportError, NotImplementedError) as error:
            # No process, memory or semaphore (no /dev/shm) is to be had: everything is cleaned here.
            log.warning("No further process helps to clean texts (%s).", type(error).__name__)
            self._pool, self._is_alone = None, True


_of_this_process: Deidentifier


def _start(kept: tuple[str, ...]) -> None:
    global _of_this_process
    # A text leaves no garbage that refers to itself, and this process ends with its batch.
    gc.disable()
    _of_this_process = deidentifier(kept)


def _warm() -> int:
    return len(_clean([_WARMING]))


def _clean(texts: list[str]) -> list[_Sent]:
    return [_sent(text, _of_this_process(plain(text)), language_of(text)) for text in texts]


def _sent(text: str, found: Deidentified, language: str) -> _Sent:
    # What is passed on between processes costs as much as a look at it: nearly no text has changed.
    return language if found.text == text and not found.found and not found.withheld else (*found, language)


def _received(text: str, sent: _Sent) -> Cleaned:
    if isinstance(sent, str):
        return Cleaned(Deidentified(text), sent)
    written, found, is_withheld, language = sent
    return Cleaned(Deidentified(written, found, is_withheld), language)
