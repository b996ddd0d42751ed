"""Texts as they are landed: made plain, then de-identified, each distinct text once, in the order in which they came.

One process cleans a few ten thousand texts in less time than another takes to start. From the second full chunk of a
file on, other cores help: they begin at the front of a chunk and this process at its end, so that neither waits. What a
process does not finish, because it was killed or cannot be started, is cleaned here.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future

from wordround import worker_processes
from wordround.deidentify import Deidentified, Deidentifier
from wordround.plain_text import plain

log = logging.getLogger(__name__)

# Distinct texts of a chunk from which other processes are worth their start, and how many each takes at a time.
_WORTH_A_PROCESS, _PIECE = 10_000, 500
# Texts of earlier chunks that are remembered (about 30 MB), and characters of the longest: long ones come once.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 80
# Each holds the vocabulary of de-identification: about 250 MB.
_MOST_PROCESSES = 3
# Needs every list and the tagger, so that a process is warm before it is given work.
_WARMING = "Dr Zqorl saw my freind at 12 Zqorl Street, near work, on 01/02/2026"


class Cleaner:
    """Cleans the texts of one batch; `close` it, so that its processes end."""

    def __init__(self, kept: Iterable[str], deidentify: Deidentifier | None = None) -> None:
        """`kept`: names that may stay; `deidentify`: what is made of them already."""
        self._kept = tuple(kept)
        self._deidentify = deidentify or Deidentifier(self._kept)
        self._known: dict[str, Deidentified] = {}
        self._pool: Executor | None = None
        self._warm: list[Future[int]] = []
        self._is_alone = False

    def close(self) -> None:
        """End the other processes, if any were started."""
        if self._pool is not None:
            worker_processes.stop(self._pool)

    def clean(self, texts: Sequence[str | None]) -> list[Deidentified | None]:
        """Return each text cleaned; None for None."""
        distinct = list({text: None for text in texts if text is not None and text not in self._known})
        cleaned = dict(zip(distinct, self._each(distinct), strict=True))
        found = [None if text is None else self._known.get(text) or cleaned[text] for text in texts]
        if len(self._known) < _MOST_REMEMBERED:
            self._known |= {text: one for text, one in cleaned.items() if len(text) <= _LONGEST_REMEMBERED}
        return found

    def _each(self, texts: list[str]) -> list[Deidentified]:
        if len(texts) < _WORTH_A_PROCESS or not self._is_warm() or self._pool is None:
            return self._here(texts)
        pieces = [texts[start : start + _PIECE] for start in range(0, len(texts), _PIECE)]
        elsewhere: list[Future[list[Deidentified]]] = []
        here: list[list[Deidentified]] = []
        while len(elsewhere) + len(here) < len(pieces):
            # Few wait at a time, so that none has to be called back.
            if sum(not future.done() for future in elsewhere) < 2 * len(self._warm):
                try:
                    elsewhere.append(self._pool.submit(_clean, pieces[len(elsewhere)]))
                    continue
                except RuntimeError:
                    # A process was killed, which ends the pool (BrokenProcessPool).
                    self._warm[0] = Future()
                    self._warm[0].cancel()
            here.append(self._here(pieces[-1 - len(here)]))
        cleaned = [self._of(future, piece) for future, piece in zip(elsewhere, pieces, strict=False)]
        return [one for piece in (*cleaned, *reversed(here)) for one in piece]

    def _of(self, future: "Future[list[Deidentified]]", piece: list[str]) -> list[Deidentified]:
        try:
            return future.result()
        except Exception:  # noqa: BLE001 - whatever became of the process, its texts are cleaned here
            return self._here(piece)

    def _here(self, texts: Iterable[str]) -> list[Deidentified]:
        return [self._deidentify(plain(text)) for text in texts]

    def _is_warm(self) -> bool:
        """Start the other processes where there are none yet; say whether they are ready."""
        count = min(_MOST_PROCESSES, len(os.sched_getaffinity(0)) - 1 if hasattr(os, "sched_getaffinity") else 1)
        if self._pool is None:
            if self._is_alone or count < 1 or not worker_processes.may_start():
                return False
            try:
                self._pool = worker_processes.pool(count, _start, self._kept)
                self._warm = [self._pool.submit(_warm) for _ in range(count)]
            except (OSError, ImportError, NotImplementedError) as error:
                # No process, memory or semaphore (no /dev/shm) is to be had: everything is cleaned here.
                log.warning("No further process helps to clean texts (%s).", type(error).__name__)
                self._is_alone = True
                return False
        return all(future.done() and not future.cancelled() and future.exception() is None for future in self._warm)


_of_this_process: Deidentifier


def _start(kept: tuple[str, ...]) -> None:
    global _of_this_process
    _of_this_process = Deidentifier(kept)


def _warm() -> int:
    return len(_clean([_WARMING]))


def _clean(texts: list[str]) -> list[Deidentified]:
    return [_of_this_process(plain(text)) for text in texts]
