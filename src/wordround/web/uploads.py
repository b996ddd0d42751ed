"""Files that analysts have sent, in memory alone until they are taken in: nothing of one is written before it went
through the door.

A file waits as an anonymous file of the kernel's memory, which the verb that reads it is handed; it goes when it was
taken, is taken back, or has waited for a quarter of an hour. What became of one that was taken is known for a day.
"""

import os
import secrets
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wordround.errors import WordroundError
from wordround.web import verbs

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
_MOST_TOGETHER = 4 * LARGEST
_SECONDS, _SECONDS_OF_TAKEN = 15 * 60, 24 * 60 * 60


# What a verb makes of a file, once it has.
Reading = Future[Mapping[str, Any]]


class UploadRefused(WordroundError):
    """A file is too large, or too many wait. Nothing of it was kept."""


@dataclass
class Upload:
    """A file that waits: who sent it, what it is called, and what would become of it, or is becoming of it."""

    token: str
    by: str
    source: str
    name: str
    size: int
    descriptor: int
    at: float = field(default_factory=time.monotonic)
    # What somebody said of its columns: letters with what they are, and options of the verb that say the same.
    said: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    # The sheet of a workbook that somebody has chosen, as an option of the verb.
    sheet: tuple[str, ...] = ()
    columns: "Reading | None" = None
    account: "Reading | None" = None
    taking: "Reading | None" = None
    taken_at: datetime | None = None
    has_content: bool = True

    @property
    def readings(self) -> list["Reading"]:
        """What is being made of it, or was."""
        return [each for each in (self.columns, self.account, self.taking) if each]


class Uploads:
    """The files that wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, Upload] = {}
        self._lock = threading.Lock()
        # One at a time: the warehouse has one writer, and a preview takes as long as a run.
        self._runner = ThreadPoolExecutor(1, "upload")

    def add(self, by: str, source: str, name: str, content: bytes) -> Upload:
        """Keep a file, and begin to look at it. Raises UploadRefused."""
        self._let_go_of_old()
        if len(content) > LARGEST:
            raise UploadRefused(f"The file is larger than {LARGEST // MEGABYTE} MB. Put it into the drop folder.")
        with self._lock:
            if sum(each.size for each in self._waiting.values()) + len(content) > _MOST_TOGETHER:
                raise UploadRefused("Too many files wait. Take one of them in or back, or come again in a while.")
            descriptor = os.memfd_create("upload")
            with os.fdopen(os.dup(descriptor), "wb") as file:
                file.write(content)
            upload = Upload(secrets.token_urlsafe(16), by, source, name, len(content), descriptor)
            self._waiting[upload.token] = upload
            upload.columns = self._begin(upload, "--columns")
            upload.account = self._begin(upload, "--dry-run")
        return upload

    def read_otherwise(self, upload: Upload, said: Mapping[str, str], options: tuple[str, ...]) -> None:
        """Look at a file again by another column map, unless it is being taken in or was let go of."""
        with self._lock:
            if self._is_waiting(upload):
                _cancel(upload.account)
                upload.said, upload.options = said, options
                upload.account = self._begin(upload, "--dry-run", *upload.sheet, *options)

    def read_sheet(self, upload: Upload, number: int) -> None:
        """Look at another sheet of a workbook; what was said of the columns of the former one goes."""
        with self._lock:
            if self._is_waiting(upload):
                _cancel(upload.columns, upload.account)
                upload.said, upload.options, upload.sheet = {}, (), ("--sheet", str(number))
                upload.columns = self._begin(upload, "--columns", *upload.sheet)
                upload.account = self._begin(upload, "--dry-run", *upload.sheet)

    def of(self, token: str, by: str) -> Upload | None:
        """A file by its token, of the person who sent it alone; None where there is none any more."""
        self._let_go_of_old()
        with self._lock:
            found = self._waiting.get(token)
        return found if found and found.by == by else None

    def taken_by(self, by: str) -> list[Upload]:
        """The files that somebody has taken in within a day, the latest first."""
        self._let_go_of_old()
        with self._lock:
            return [each for each in reversed(self._waiting.values()) if each.by == by and each.taking]

    def take(self, upload: Upload) -> None:
        """Take a file in, once, unless it was let go of meanwhile: another may have its descriptor by now."""
        with self._lock:
            if self._is_waiting(upload):
                upload.taken_at = datetime.now(UTC)
                upload.taking = self._begin(upload, *upload.sheet, *upload.options)

    def take_back(self, upload: Upload) -> None:
        """Let go of a file that is not taken in."""
        with self._lock:
            if self._is_waiting(upload):
                self._let_go(upload)

    def close(self) -> None:
        """Let go of all."""
        self._runner.shutdown(wait=False, cancel_futures=True)

    def _is_waiting(self, upload: Upload) -> bool:
        return upload.taking is None and upload.token in self._waiting

    def _begin(self, upload: Upload, *options: str) -> Reading:
        """Let a verb read a file in its turn. Whoever calls this holds the lock."""
        return self._runner.submit(self._read, upload, *options)

    def _read(self, upload: Upload, *options: str) -> Mapping[str, Any]:
        with self._lock:
            if upload.token not in self._waiting:
                raise UploadRefused("The file was let go of.")
            # Its own, so that it stays this file's however long the verb takes to begin.
            descriptor = os.dup(upload.descriptor)
        try:
            file = f"/proc/self/fd/{descriptor}"
            return verbs.run(
                "ingest", upload.source, "--file", file, "--called", upload.name, *options, descriptors=[descriptor]
            )
        finally:
            os.close(descriptor)

    def _let_go(self, upload: Upload) -> None:
        """Forget a file. Whoever calls this holds the lock."""
        del self._waiting[upload.token]
        _cancel(*upload.readings)
        self._empty(upload)

    def _empty(self, upload: Upload) -> None:
        """Let go of the content of a file, once: its descriptor may be another's then. Whoever calls holds the lock."""
        if upload.has_content:
            os.close(upload.descriptor)
            upload.has_content, upload.size = False, 0

    def _let_go_of_old(self) -> None:
        now = time.monotonic()
        with self._lock:
            for each in list(self._waiting.values()):
                age, has_ended = now - each.at, all(reading.done() for reading in each.readings)
                if has_ended and age > (_SECONDS_OF_TAKEN if each.taking else _SECONDS):
                    self._let_go(each)
                elif has_ended and each.taking:
                    self._empty(each)


def _cancel(*readings: Reading | None) -> None:
    """Stop what has not begun; what has begun ends by itself."""
    for each in readings:
        if each:
            each.cancel()
