"""Processes that share work with this one: none of them runs the caller's program, and all end with this process.

Those of `multiprocessing` that are not forked begin by running the main module again: a script that calls Wordround
without a main guard would do all its work once more in each of them. loky's import only what they are given.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor
from multiprocessing import current_process
from threading import Thread
from typing import Any, TypeVar

from loky import ProcessPoolExecutor

from wordround import trusts

_Outcome = TypeVar("_Outcome")


def may_start() -> bool:
    """Whether this process may start others: one that its parent would kill at its end may not."""
    return not current_process().daemon


def pool(count: int, prepare: Callable[..., None] | None = None, *arguments: Any) -> Executor:
    """Return an executor of so many processes. prepare: is called in each before it is given work."""
    # Not forked: threads of Arrow, Airflow and DuckDB hold locks that a fork would never see opened.
    executor: Executor = ProcessPoolExecutor(count, initializer=_begin, initargs=(os.getpid(), prepare, arguments))
    return executor


def of_trust(name: str, work: Callable[..., _Outcome], *arguments: Any) -> _Outcome:
    """Do work in a process that is told what one of several trusts is told, and nothing of another's.

    Raises what the work raises, and TrustUnusable.
    """
    trusts.check(name)
    # Not the pool that other callers share: its processes may be another trust's.
    executor = ProcessPoolExecutor(1, initializer=_begin, initargs=(os.getpid(), trusts.enter, (name,)))
    try:
        outcome: _Outcome = executor.submit(work, *arguments).result()
        return outcome
    finally:
        stop(executor)


def stop(executor: Executor) -> None:
    """End the processes of a pool at once, whatever they are at."""
    executor.shutdown(wait=False, kill_workers=True)  # type: ignore[call-arg] # loky's own


def _begin(parent: int, prepare: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    # A parent that is killed tells nobody.
    Thread(target=follow, daemon=True).start()
    if prepare is not None:
        prepare(*arguments)
