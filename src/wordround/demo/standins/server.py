"""A server on loopback that answers as a source does, and misbehaves on request.

A stand-in's `answer` is a plain function of a call. What goes wrong on the way (a busy server, a cut connection, half
an answer, a login page) is the same for all of them and is put in front with `misbehave`.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wordround.demo.standins.world import Post


@dataclass
class Call:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    params: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""

    def one(self, name: str, default: str = "") -> str:
        """Return the only value of a parameter. Two of one name are a mistake of the caller."""
        values = self.params.get(name, [default])
        assert len(values) == 1, f"{name} was given {len(values)} times"
        return values[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Reply:
    """An answer; a body that is no string is sent as JSON."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=utf-8"

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body or b""


class Refuse(Exception):
    """Ends an answer with an error of the source."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.reply = Reply(body, status, headers or {})


@dataclass
class Fault:
    """Something that goes wrong instead of an answer, so many times, for paths that contain `on`."""

    happens: str  # status | redirect | page | slow | cut | half
    times: int = 1
    on: str = ""
    after: int = 0  # let so many calls of that path through first
    status: int = 500
    body: Any = field(default_factory=lambda: {"error": "InternalServerError", "message": "Something broke"})
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.5


class StandIn:
    """A source on loopback. Use as a context manager; `address` is where it answers.

    `short_every`, `empty_every`: every so many pages hold half their rows, or none, and there is more all the same.
    `is_unsorted`: the rows of a page come in another order. `wall`: after so many rows a
    listing ends, though there are more.
    `repeats`: a page begins with the last row of the one before, as when something new arrives in between.
    """

    short_every = empty_every = 0
    is_unsorted = repeats = False
    wall: int | None = None

    def __init__(self, posts: list[Post] | None = None) -> None:
        self.posts = list(posts or [])
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        # Headers of every answer, such as what is left of a rate limit.
        self.limits: Callable[[], dict[str, str]] = dict
        self._seen: Counter[int] = Counter()
        self._lock = Lock()

    def answer(self, call: Call) -> Reply:
        """Return what the source answers."""
        raise NotImplementedError

    def page(self, found: Sequence[Post], cursor: str, size: int) -> tuple[list[Post], str | None]:
        """Return the rows of a page and the cursor of the next one, None at the end.

        A cursor is opaque to whoever asks: here the number of rows before it, and whether its empty page was shown.
        """
        was_empty, start = cursor.endswith("e"), int(cursor.rstrip("e") or 0)
        last = min(len(found), self.wall or len(found))
        number = start // size + 1
        if self.empty_every and number % self.empty_every == 0 and not was_empty and start < last:
            return [], f"{start}e"
        if self.short_every and number % self.short_every == 0:
            size = max(1, size // 2)
        page = list(found[max(0, start - 1) if self.repeats else start : min(start + size, last)])
        if self.is_unsorted:
            page = page[1::2] + page[::2]
        return page, str(start + size) if start + size < last else None

    def misbehave(self, happens: str, **how: Any) -> None:
        """Put something that goes wrong in front of what is answered next."""
        self.faults.append(Fault(happens, **how))

    def __enter__(self) -> "StandIn":
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def asked(self, part: str = "") -> list[Call]:
        """Return the calls whose path contains `part`."""
        return [call for call in self.calls if part in call.path]

    def fault_of(self, call: Call) -> Fault | None:
        """Return what goes wrong now, and use it up."""
        with self._lock:
            self.calls.append(call)
            for fault in self.faults:
                if fault.on in call.path and fault.times > 0:
                    self._seen[id(fault)] += 1
                    if self._seen[id(fault)] > fault.after:
                        fault.times -= 1
                        return fault
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Say nothing: connections are cut on purpose."""


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_DELETE = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            params = parse_qs(parts.query, keep_blank_values=True)
            call = Call(self.command, parts.path, params, headers, self.rfile.read(length) if length else b"")
            fault = standin.fault_of(call)
            if fault and fault.happens in ("cut", "slow"):
                time.sleep(fault.seconds if fault.happens == "slow" else 0)
                if fault.happens == "cut":
                    self.close_connection = True
                    return
            self._send(self._reply(call, fault), is_half=bool(fault and fault.happens == "half"))

        def _reply(self, call: Call, fault: Fault | None) -> Reply:
            if fault and fault.happens == "status":
                return Reply(fault.body, fault.status, fault.headers)
            if fault and fault.happens == "redirect":
                return Reply("", 302, {"Location": f"{standin.address}/account/login?from=api"}, "text/html")
            if fault and fault.happens == "page":
                return Reply("<html><title>Please sign in</title></html>", 200, {}, "text/html; charset=utf-8")
            try:
                return standin.answer(call)
            except Refuse as refused:
                return refused.reply

        def _send(self, reply: Reply, is_half: bool) -> None:
            body = reply.body
            content = reply.content if isinstance(body, str | bytes) or body is None else json.dumps(body).encode()
            if is_half:
                # Whole as far as HTTP knows, and no JSON.
                content = content[: len(content) // 2]
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **standin.limits(), **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
