"""A mail server on loopback that delivers into a folder, one `.eml` file a message, while a block lasts."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from wordround.local_airflow.environment import LOOPBACK


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{time.monotonic_ns() % 10**6:06d}.eml"
        (self._folder / name).write_bytes(envelope.original_content or b"")
        return "250 Kept in the outbox"


@contextmanager
def outbox(folder: Path) -> Iterator[int]:
    """Yields the port of the server."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    controller = Controller(_Folder(folder), hostname=LOOPBACK, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
