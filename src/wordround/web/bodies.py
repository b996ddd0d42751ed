"""A limit to what a request may carry and to how long it may take to arrive, before anything reads it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 60


class Why(NamedTuple):
    """Why a request is refused: a status (413 too large, 408 did not arrive), and a sentence where it says more."""

    status: int
    says: str = ""


# Answers a request that is refused.
Refusal = Callable[[Scope, Why], Response]


@dataclass(frozen=True)
class Larger:
    """A limit of its own. `refused`: why it refuses whoever may not send so much, or None."""

    most_bytes: int
    refused: Callable[[Scope], Why | None] = lambda _: None


class _Refused(Exception):
    """More came than a request may hold, or it did not come in time."""


class Bounded:
    """Refuses a request of more than `most_bytes` before it is read whole.

    `elsewhere` has other limits, by the path that addresses begin with: an upload is larger than a form. A body is read
    before a handler asks who sends it, so that only those may send more who are known to.
    """

    def __init__(
        self, app: ASGIApp, *, most_bytes: int, refusal: Refusal, elsewhere: Mapping[str, Larger] | None = None,
        seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self._app, self._most_bytes, self._refusal, self._seconds = app, most_bytes, refusal, seconds
        self._elsewhere = dict(elsewhere or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(receive, send, *self._limit(scope), self._seconds)
        stated = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > request.most_bytes:
            request.refused = request.refused_for_more
        else:
            with suppress(_Refused):
                await self._app(scope, request.receive, request.send)
        if request.refused and not request.has_answer:
            await self._refusal(scope, request.refused)(scope, receive, send)

    def _limit(self, scope: Scope) -> tuple[int, Why]:
        """How much may come, and why no more."""
        path, too_large = scope["path"], Why(413)
        larger = next((each for begins, each in self._elsewhere.items() if path.startswith(begins)), None)
        refused = larger.refused(scope) if larger else None
        return (larger.most_bytes, too_large) if larger and not refused else (self._most_bytes, refused or too_large)


class _Request:
    """One request as it arrives. `refused`: why it is, or None."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int, refused_for_more: Why, seconds: float) -> None:
        self._receive, self._send, self._seconds = receive, send, seconds
        self.most_bytes, self.refused_for_more, self.has_answer = most_bytes, refused_for_more, False
        self.refused: Why | None = None
        self._came, self._is_whole, self._until = 0, False, 0.0

    async def receive(self) -> Message:
        """The next part. Raises _Refused."""
        if self._is_whole:
            return await self._receive()  # whoever waits now waits for the end of the connection
        now = asyncio.get_running_loop().time()
        self._until = self._until or now + self._seconds
        try:
            message = await asyncio.wait_for(self._receive(), self._until - now)
        except TimeoutError:
            self.refused = Why(408)
            raise _Refused from None
        self._came += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._came > self.most_bytes:
            self.refused = self.refused_for_more
            raise _Refused
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on, unless the request is refused: what is made of half a request is no answer."""
        if not self.refused:
            self.has_answer = True
            await self._send(message)
