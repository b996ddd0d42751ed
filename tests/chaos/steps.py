"""The steps in which faults happen: each in a process of its own, forked from a warm one that has imported everything.

So a fault costs as long as the step itself takes, which is a tenth of what `wordround` with its imports takes, and it
happens in the work and not in the imports. What runs is what the verbs of the command line and the tasks of Airflow
call. A process leads a group, so that whoever kills the group kills the processes that share its work too.
"""

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

# Up to which day the stand-in's posts are asked for in a round, and in the history before it.
ASKED, ASKED_BEFORE = date(2026, 10, 25), date(2026, 10, 11)
CONVERSATION, CONVERSATION_DAYS = "fernvale_week", (date(2026, 11, 2), date(2026, 11, 8))

# In the order of a day. `score` is part of understand, the decisions on alerts of build; `decisions` tells of them.
IN_ORDER = (
    "collect", "ask", "conversation", "load", "understand", "gate_loaded", "build", "gate_publishable", "publish",
    "decisions", "edition", "report", "backup", "erase", "restore",
)  # fmt: skip

COUNTED = (
    "comments", "comments_twice", "batches_twice", "rows_in", "rows_loaded", "rows_updated",
)  # fmt: skip

_WARM = (
    "dbt.adapters.duckdb.impl", "dbt.cli.main", "great_expectations", "sklearn.linear_model", "wordround.backup.saving",
    "wordround.collect.files", "wordround.collect.queries", "wordround.erasing", "wordround.gates.check",
    "wordround.pipeline", "wordround.publish.editions", "wordround.reports", "wordround.score.rescoring",
    "wordround.warehouse.lake",
)  # fmt: skip
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.chaos.steps", *_WARM])


class Ended(NamedTuple):
    """How a step ended: its exit code, negative where a signal ended it, what it said, and its seconds."""

    code: int
    said: str
    seconds: float

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def last(self) -> str:
        """The last lines that it said."""
        lines = [line for line in self.said.splitlines() if line.strip()]
        return " / ".join(lines[-2:])[:400] if lines else f"exit code {self.code}"


class Step:
    """A step that was started. `limit`: no file may grow beyond so many bytes."""

    def __init__(
        self, name: str, environment: Mapping[str, str], log: Path, argument: str = "", limit: int = 0
    ) -> None:
        self.home = Path(environment["WORDROUND_HOME"])
        self._log, self._begun = log, time.monotonic()
        self._process = _context.Process(target=perform, args=(name, dict(environment), str(log), argument, limit))
        self._process.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end, so long at most; return whether it has ended."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def kill(self) -> None:
        """End it and all that it has started, as a power cut does."""
        assert self._process.pid is not None
        # It may not lead its group yet, or have ended just now.
        for end in (os.killpg, os.kill):
            with suppress(ProcessLookupError):
                end(self._process.pid, signal.SIGKILL)

    def ended(self) -> Ended:
        """Wait for its end, and say how it ended."""
        self._process.join()
        seconds = time.monotonic() - self._begun
        code = self._process.exitcode
        assert code is not None
        said = self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""
        return Ended(code, said, seconds)


def perform(name: str, environment: Mapping[str, str], log: str, argument: str = "", limit: int = 0) -> None:
    """Do a step in this process, write into `log` what it says, and end the process."""
    if os.getpid() != os.getpgrp():
        os.setsid()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.environ.update(environment)
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    import typer

    from wordround.cli.output import done

    try:
        done(lambda: _WORK[name](_settings(), argument), True, lambda _: None)
    except typer.Exit as end:
        sys.exit(end.exit_code)


def _settings():
    from wordround.settings import load_settings

    return load_settings()


def _pipeline():
    from wordround import pipeline

    return pipeline


def _today() -> date:
    return _pipeline().logical_day(datetime.now(UTC))


def _erase(settings, comment_id: str):
    from wordround import erasing

    return _pipeline().erase(settings, erasing.Request("comment", None, (comment_id,)), lambda _: True)


def _counted(settings, _: str) -> dict[str, int]:
    """Count the rows of the warehouse, those that stand there twice, and what became of those that were landed."""
    from wordround.warehouse import engine

    with engine.connect(settings) as connection:
        (counts,) = connection.execute(
            """select
                   (select count(*) from raw.comments) as comments,
                   (select count(*) - count(distinct comment_id) from raw.comments) as comments_twice,
                   (select count(*) - count(distinct batch_id) from ops.batches) as batches_twice,
                   (select sum(rows_in) from ops.batches) as rows_in,
                   (select sum(rows_loaded) from ops.batches) as rows_loaded,
                   (select sum(rows_updated) from ops.batches) as rows_updated"""
        ).fetchall()
        return dict(zip(COUNTED, map(int, counts), strict=True))


def _day(settings, _: str) -> dict[str, object]:
    """Do what is new to a home in one go; what one source refuses keeps no other out."""
    from wordround.errors import Incomplete

    done, refused = {}, []
    for name in ("collect", "ask", "conversation", "load", *_CHAIN):
        try:
            done[name] = _WORK[name](settings, "")
        except Incomplete as error:
            refused.append(str(error))
        else:
            found = done[name] if isinstance(done[name], dict) else {}
            refused += found.get("refused", ())
    return {**done, "refused": list(dict.fromkeys(refused))}


_CHAIN = ("understand", "gate_loaded", "build", "gate_publishable", "publish", "decisions")
_WORK: Mapping[str, Callable[..., object]] = {
    "collect": lambda settings, _: _pipeline().collect(settings, "fft", _today()),
    "ask": lambda settings, _: _pipeline().ingest(settings, "bluesky", ASKED),
    "ask before": lambda settings, _: _pipeline().ingest(settings, "bluesky", ASKED_BEFORE),
    "conversation": lambda settings, _: _pipeline().collect_conversation(settings, CONVERSATION, *CONVERSATION_DAYS),
    "load": lambda settings, _: _pipeline().load(settings),
    "understand": lambda settings, _: _pipeline().understand(settings),
    "gate_loaded": lambda settings, _: _pipeline().gate(settings, "loaded"),
    "build": lambda settings, _: _pipeline().build(settings),
    "gate_publishable": lambda settings, _: _pipeline().gate(settings, "publishable"),
    "publish": lambda settings, _: _pipeline().publish(settings),
    "decisions": lambda settings, _: _pipeline().watch_trends(settings),
    "edition": lambda settings, _: _pipeline().edition(settings),
    "report": lambda settings, _: _pipeline().report(settings),
    "backup": lambda settings, place: _pipeline().back_up(settings, Path(place)),
    "erase": _erase,
    "resume": lambda settings, _: _pipeline().resume_erasure(settings),
    "restore": lambda settings, backup: _pipeline().restore(settings, Path(backup)),
    "claim": lambda settings, _: _pipeline().claim_lake(settings),
    "day": _day,
    "count": _counted,
}
