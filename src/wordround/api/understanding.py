"""`POST /understand`: comments in, annotations out, as `wordround annotate` gives them.

Requests that come at the same time are read together, which costs a fraction of reading them one by one. Nothing of
them is stored or logged.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Scope

from wordround import __version__
from wordround.comments import QuestionType
from wordround.understand.annotating import Annotating, Annotation
from wordround.web.bodies import Bounded, Why

LONGEST_TEXT, MOST_COMMENTS = 100_000, 1_000
# A thousand comments of usual length are 200 KB.
MOST_BYTES = 20_000_000
_TOGETHER = 2_000
# Names that an answer may repeat: those of the form itself.
_PARTS = ("body", "comments", "id", "text", "question_type")
_WAIT_SECONDS = 0.005


class Comment(BaseModel):
    """A comment. `question_type`: what it answers; `unknown`, or left out, where nobody asked."""

    model_config = ConfigDict(extra="forbid")

    id: str | int
    text: str = Field(max_length=LONGEST_TEXT)
    question_type: Literal[QuestionType, "unknown"] | None = None


class Comments(BaseModel):
    """The body of a request."""

    model_config = ConfigDict(extra="forbid")

    comments: list[Comment] = Field(max_length=MOST_COMMENTS)


class Unread(Exception):
    """A request could not be read. It carries the name of an error, never its message, which may quote a text."""


def _refusal(_: Scope, why: Why) -> JSONResponse:
    problem = "too_large" if why.status == 413 else "too_slow"
    return JSONResponse({"refused": [{"where": ["body"], "problem": problem}]}, why.status)


class _Waiting:
    """Requests that wait to be read, and the task that reads them: some at once, one batch after the other."""

    def __init__(self, annotating: Annotating) -> None:
        self._annotating = annotating
        self._queue: asyncio.Queue[tuple[list[Comment], asyncio.Future[list[Annotation]]]] = asyncio.Queue()

    async def annotate(self, comments: list[Comment]) -> list[Annotation]:
        """Return the annotations of one request, in order."""
        future: asyncio.Future[list[Annotation]] = asyncio.get_running_loop().create_future()
        await self._queue.put((comments, future))
        return await future

    async def read(self) -> None:
        """Read what waits, until it is cancelled."""
        while True:
            requests = [await self._queue.get()]
            await asyncio.sleep(_WAIT_SECONDS)
            while not self._queue.empty() and sum(len(comments) for comments, _ in requests) < _TOGETHER:
                requests.append(self._queue.get_nowait())
            try:
                await self._answer(requests)
            except Exception:  # noqa: BLE001 - one of them cannot be read: each by itself, so that it costs its own alone
                for request in requests:
                    try:
                        await self._answer([request])
                    except Exception as error:  # noqa: BLE001 - its caller gets it; the service goes on
                        if not request[1].done():
                            request[1].set_exception(Unread(type(error).__name__))

    async def _answer(self, requests: list[tuple[list[Comment], asyncio.Future[list[Annotation]]]]) -> None:
        together = [comment for comments, _ in requests for comment in comments]
        texts, questions = [comment.text for comment in together], [comment.question_type for comment in together]
        found = iter(await asyncio.to_thread(self._annotating.annotate, texts, questions))
        for comments, future in requests:
            own = [next(found) for _ in comments]
            if not future.done():
                future.set_result(own)


def application(annotating: Annotating) -> FastAPI:
    """Return the service."""
    waiting = _Waiting(annotating)

    @asynccontextmanager
    async def while_it_runs(_: FastAPI) -> AsyncIterator[None]:
        reading = asyncio.create_task(waiting.read())
        yield
        reading.cancel()

    # No pages of documentation: they would load scripts from elsewhere.
    service = FastAPI(title="Wordround", version=__version__, lifespan=while_it_runs, docs_url=None, redoc_url=None)

    service.add_middleware(Bounded, most_bytes=MOST_BYTES, refusal=_refusal)

    @service.exception_handler(RequestValidationError)
    async def refused(_: Request, error: RequestValidationError) -> JSONResponse:
        # Where and why, never what was sent: a proxy may keep answers.
        problems = [
            {
                "where": [part if part in _PARTS or isinstance(part, int) else "?" for part in one["loc"]],
                "problem": one["type"],
            }
            for one in error.errors()
        ]
        return JSONResponse({"refused": problems}, status_code=422)

    @service.exception_handler(Unread)
    async def unread(_: Request, error: Unread) -> JSONResponse:
        return JSONResponse({"unread": str(error)}, status_code=500)

    @service.post("/understand")
    async def understand(body: Comments) -> dict[str, Any]:
        """Annotate comments, in order. De-identify them before: a text is annotated as it comes."""
        found = await waiting.annotate(body.comments)
        return {
            "comments": [
                {"id": comment.id, **annotation.as_json()}
                for comment, annotation in zip(body.comments, found, strict=True)
            ]
        }

    return service
