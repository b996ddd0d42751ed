"""The body of an answer, unpacked and counted piece by piece, until it is whole or a limit is passed.

A few kilobytes can unpack to gigabytes, and a server can send a byte a minute for ever: neither is waited for. Only
gzip and deflate are asked for, because they can be unpacked a piece at a time.
"""

import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import httpx

from wordround.connectors import MEGABYTE
from wordround.connectors.limits import AnswerLimits
from wordround.errors import AnswerBeyondLimits, AnswerUnreadable

PACKINGS = "gzip, deflate"

_PIECE = 1 << 18
# As many as httpx keeps alive: one that is used again says nothing of itself.
_MOST_CONNECTIONS = 20
_ANY_HEADER, _NO_HEADER = zlib.MAX_WBITS | 32, -zlib.MAX_WBITS


class Clock:
    """The time that one answer may take in all; once it is over, the connection is cut. Use as a context manager."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, 0.0
        self._streams: list[Any] = []
        self._timer: threading.Timer | None = None

    def __enter__(self) -> "Clock":
        self._end = time.monotonic() + self._seconds
        self._timer = threading.Timer(self._seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def watch(self, event: str, about: dict[str, Any]) -> None:
        """Remember a connection (httpx's extension `trace`)."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams = [*self._streams[1 - _MOST_CONNECTIONS :], about["return_value"]]

    def _cut(self) -> None:
        for stream in self._streams:
            # It may be closed long ago.
            with suppress(Exception):
                # Of the socket below one with TLS, which another thread is reading.
                socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)


def read_body(name: str, response: httpx.Response, limits: AnswerLimits, clock: Clock) -> bytes:
    """Return the body of an answer, unpacked.

    Raises AnswerBeyondLimits, AnswerUnreadable for a packing that was not asked for, and httpx.DecodingError for one
    that is broken.
    """
    pieces: Iterable[bytes] = [response.content] if response.is_stream_consumed else _unpacked(name, response)
    found, length = list[bytes](), 0
    for piece in pieces:
        found.append(piece)
        length += len(piece)
        if length > limits.megabytes * MEGABYTE:
            raise AnswerBeyondLimits(
                f"{name}: an answer has more than {limits.megabytes} megabytes (limits.megabytes). It was left out; "
                "ask for less at a time, or raise the limit."
            )
        if clock.is_over:
            raise too_slow(name, limits)
    return b"".join(found)


def too_slow(name: str, limits: AnswerLimits) -> AnswerBeyondLimits:
    """Return the error of an answer that does not end."""
    return AnswerBeyondLimits(
        f"{name}: an answer took more than {limits.seconds} seconds in all (limits.seconds). It was left out; the next "
        "run asks again."
    )


def _unpacked(name: str, response: httpx.Response) -> Iterator[bytes]:
    packing = response.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if packing == "identity":
        yield from response.iter_raw(_PIECE)
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise AnswerUnreadable(f"{name}: packs its answers in a way that was not asked for. Please report this.")
    unpack, is_first = zlib.decompressobj(_ANY_HEADER), True
    try:
        for packed in response.iter_raw(_PIECE):
            while packed:
                try:
                    piece = unpack.decompress(packed, _PIECE)
                except zlib.error:
                    if not is_first or packing != "deflate":
                        raise
                    unpack = zlib.decompressobj(_NO_HEADER)
                    piece = unpack.decompress(packed, _PIECE)
                is_first = False
                yield piece
                packed = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
                if unpack.eof:
                    unpack = zlib.decompressobj(_ANY_HEADER)
        yield unpack.flush()
    except zlib.error as error:
        raise httpx.DecodingError("broken") from error
