"""Texts as they are landed: their language told, made plain, de-identified; each distinct text once, in their order.

Other cores help with long files: they take the texts from the front while this process reads on. Once it needs some, it
cleans from their end what none of them has begun, and then from the end of all others instead of waiting. What a
process does not finish, because it was killed or cannot be started, is cleaned here.
"""

import gc
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import cached_property, partial
from io import BufferedReader
from typing import NamedTuple

from wordround import worker_processes
from wordround.connectors import MEGABYTE
from wordround.deidentify import Deidentified, Deidentifier, Span, deidentifier
from wordround.plain_text import plain
from wordround.registers.services import exempt_names
from wordround.understand.language import language_of

log = logging.getLogger(__name__)

# New texts of a batch from which other processes are worth their start, and how many each takes at a time.
_WORTH_A_PROCESS, _PIECE = 5_000, 250
# Of those that are begun before they are asked for: to hand a piece over costs this process as much as ten looks.
_PIECE_AHEAD = 500
# Texts of earlier chunks that are remembered (about 30 MB), and characters of the longest: long ones come once.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 80
# Characters of the longest text that is begun before it is asked for: it may be refused for its length.
_LONGEST_AHEAD = 2_000
# Each holds the vocabulary of de-identification: about 250 MB.
_MOST_PROCESSES = 3
# Needs every list and the tagger, so that a process is warm before it is given work.
_WARMING = "Dr Zqorl saw my freind at 12 Zqorl Street, near work, on 01/02/2026"


# Bytes of a file that is worth another process before its texts are counted.
_SURELY_LONG = MEGABYTE


class Cleaned(NamedTuple):
    """A text without identifiers, and the language (ISO 639-1) in which it was written."""

    deidentified: Deidentified
    language: str


# As a process gives it back: of a text that stays as it is, as nearly all do, its language says it all.
_Sent = str | tuple[str, tuple[Span, ...], bool, str]


class _Piece:
    """Some different texts that are cleaned together, here or by another process; `cleaned` once they are."""

    def __init__(self, texts: list[str], future: "Future[list[_Sent]] | None", is_ahead: bool) -> None:
        self.texts, self.future, self.is_ahead = texts, future, is_ahead
        self.cleaned: list[Cleaned] | None = None

    def is_to_begin(self) -> bool:
        """Whether nobody has begun it; after it no other process does."""
        return self.cleaned is None and (self.future is None or self.future.cancel())


class Begun:
    """Texts that are being cleaned, by other processes where there are any."""

    def __init__(self, pieces: Sequence[_Piece], finish: Callable[[], list[Cleaned | None]]) -> None:
        self._pieces, self._finish = pieces, finish

    @property
    def is_cleaned(self) -> bool:
        """Whether others have cleaned all of them, so that this process has nothing left to do."""
        return all(piece.cleaned is not None or (piece.future and piece.future.done()) for piece in self._pieces)

    def cleaned(self) -> list[Cleaned | None]:
        """Return each text cleaned, None for None; what is not yet is cleaned here."""
        return self._finish()


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
        # Pieces that other processes were given, those that they may not have begun at the end.
        self._given_away: deque[_Piece] = deque()
        # Texts that will be asked for: not given away yet, and the pieces of the others.
        self._coming: dict[str, None] = {}
        self._ahead: dict[str, _Piece] = {}

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
        return self.begin(texts).cleaned()

    def expect(self, texts: Iterable[str]) -> None:
        """Let other processes, where there are any, begin with texts that will be asked for."""
        if self._pool is None:
            return
        for text in texts:
            if len(text) <= _LONGEST_AHEAD and text not in self._ahead:
                self._coming[text] = None
        if len(self._coming) >= _PIECE_AHEAD:
            coming, self._coming = list(self._coming), {}
            piece = self._begun(coming, is_ahead=True)
            self._ahead |= dict.fromkeys(coming, piece)

    def begin(self, texts: Sequence[str | None]) -> Begun:
        """Let other processes begin with these texts."""
        distinct = list({text: None for text in texts if text is not None and text not in self._known})
        self._count += len(distinct)
        if self._count >= _WORTH_A_PROCESS:
            self.start_others()
        pieces = list({id(piece): piece for piece in map(self._ahead.get, distinct) if piece}.values())
        distinct = [text for text in distinct if text not in self._ahead]
        pieces += [self._begun(distinct[start : start + _PIECE]) for start in range(0, len(distinct), _PIECE)]
        return Begun(pieces, partial(self._finish, texts, pieces))

    def _begun(self, texts: list[str], is_ahead: bool = False) -> _Piece:
        piece = _Piece(texts, self._begun_elsewhere(texts), is_ahead)
        if piece.future:
            self._given_away.append(piece)
        return piece

    def _begun_elsewhere(self, texts: list[str]) -> "Future[list[_Sent]] | None":
        if self._pool is not None:
            # A process that was killed has ended the pool (BrokenProcessPool).
            with suppress(RuntimeError):
                return self._pool.submit(_clean, texts)
        return None

    def _finish(self, texts: Sequence[str | None], pieces: list[_Piece]) -> list[Cleaned | None]:
        # From the end, because the others begin at the front.
        for piece in reversed(pieces):
            if piece.is_to_begin():
                piece.cleaned = self._here(piece.texts)
        cleaned: dict[str, Cleaned] = {}
        for piece in pieces:
            found = zip(piece.texts, self._of(piece), strict=True)
            if piece.is_ahead:
                self._know(piece, found)
            else:
                cleaned.update(found)
        # Where the others are ahead nothing is taken from the end.
        while self._given_away and self._given_away[0].cleaned is not None:
            self._given_away.popleft()
        all_cleaned = [None if text is None else cleaned.get(text) or self._known[text] for text in texts]
        if len(self._known) < _MOST_REMEMBERED:
            self._known |= {text: one for text, one in cleaned.items() if len(text) <= _LONGEST_REMEMBERED}
        return all_cleaned

    def _know(self, piece: _Piece, found: "Iterable[tuple[str, Cleaned]]") -> None:
        """Remember a piece that was begun ahead: other chunks need its texts."""
        if self._ahead.get(piece.texts[0]) is piece:
            self._known.update(found)
            for text in piece.texts:
                del self._ahead[text]

    def _of(self, piece: _Piece) -> list[Cleaned]:
        while piece.cleaned is None and piece.future and not piece.future.done():
            if (other := self._last_to_begin()) is None:
                break
            other.cleaned = self._here(other.texts)
        if piece.cleaned is None:
            try:
                assert piece.future  # noqa: S101 - for the type checker
                piece.cleaned = list(map(_received, piece.texts, piece.future.result()))
            except Exception:  # noqa: BLE001 - whatever became of the process, its texts are cleaned here
                piece.cleaned = self._here(piece.texts)
        return piece.cleaned

    def _last_to_begin(self) -> _Piece | None:
        while self._given_away:
            if (piece := self._given_away.pop()).is_to_begin():
                return piece
        return None

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


def cleaner_for(file: BufferedReader) -> Cleaner:
    """Return a cleaner of the texts of an open file. For a long one the other processes start at once: they read the
    vocabulary while this one reads it and looks at the dates.
    """
    cleaner = Cleaner(exempt_names())
    if os.fstat(file.fileno()).st_size >= _SURELY_LONG:
        cleaner.start_others()
    return cleaner


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
